#!/usr/bin/env node
/**
 * Completes the SDK in dist/ for every module system, after `tsc` has written dist/sdk:
 *
 * - dist/node contains the SDK for Node.
 * - dist/esm and dist/cjs contain the entries of the package for `import` and `require`. Each entry loads dist/node with
 *   the `require` of Node itself, so that a process has one copy of the SDK, with one state and one set of classes,
 *   whichever module system, virtual machine (Jest, Vitest's `vmThreads`) or simulated DOM a test runs in.
 * - dist/sdk contains the modules for browsers.
 * - The declarations need no other package: the types that `typebox` derives from schemas are written out.
 * - dist/cjs contains a copy of the declarations, which TypeScript reads as CommonJS.
 */
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = import.meta.dirname;
const dist = path.join(root, 'dist');

/**
 * The entries, by the reason for the place in which they run:
 * - `native`: the entry exports the SDK that Node has loaded;
 * - `runner`: the entry runs in the module system of the test runner, whose `expect` it extends, and takes everything
 *   else from the SDK that Node has loaded;
 * - `page`: the entry runs in a browser, and contains everything that it needs.
 */
const ENTRIES = {
  native: [
    'index',
    'runners/playwright',
    'runners/node-test',
    'runners/mocha',
    'runners/testing',
    'runners/cypress-plugin',
  ],
  runner: ['runners/vitest', 'runners/jest'],
  page: ['runners/cypress'],
};
/** The module that the entries of runners take from the SDK that Node has loaded. */
const CORE = 'runners/core';

/**
 * Returns an expression for the module that Node has loaded. Test runners replace `require`, `import`, and even the
 * `process.getBuiltinModule` of the virtual machine in which a test runs (Jest 30): the `process` of the main context is
 * that of Node.
 */
const loading = (from, url, module) => {
  const target = path.posix.join(path.posix.relative(path.posix.dirname(from), 'node'), `${module}.js`);
  const node =
    "process.getBuiltinModule('node:vm').runInThisContext('process').getBuiltinModule('node:module')";
  return `${node}.createRequire(${url})(${JSON.stringify(target)})`;
};

/** The expression for the location of a module, by its format. */
const URLS = { esm: 'import.meta.url', cjs: '__filename' };

/**
 * Bundles the SDK for Node into dist/node, with the globals of Node itself in place of those of a simulated DOM. Returns
 * a function that returns the names that a module exports at run time.
 */
async function buildForNode() {
  const modules = [...ENTRIES.native, CORE];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: modules.map((module) => ({ in: `sdk/${module}.ts`, out: module })),
    outdir: path.join(dist, 'node'),
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    inject: ['sdk/node/natives.ts'],
    plugins: [serverApart],
    metafile: true,
    logLevel: 'warning',
  });
  return (module) =>
    Object.values(metafile.outputs)
      .find(({ entryPoint }) => entryPoint === `sdk/${module}.ts`)
      .exports.sort();
}

/** The server is a bundle of its own, which the SDK loads when it starts a sandbox. */
const serverApart = {
  name: 'server-apart',
  setup(building) {
    building.onResolve({ filter: /\/server\/sandbox\/index\.ts$/ }, () => ({
      path: '../server/sandbox/index.js',
      external: true,
    }));
  },
};

/** Returns the text of an entry that exports the given names of an object. */
const exporting = (format, object, names) =>
  format === 'esm'
    ? `const sdk = ${object};\nexport const { ${names.join(', ')} } = sdk;\n`
    : // `import` of Node finds the names of a CommonJS module in its text.
      `module.exports = ${object};\n0 && (module.exports = { ${names.join(', ')} });\n`;

/**
 * Writes the entry for browsers. Jest selects it, too, for ES modules in its environment for jsdom: there, the entry
 * exports the SDK that Node has loaded.
 */
function writeBrowser(names) {
  const file = 'esm/browser.js';
  const inBrowser = `{ ...here, startSandbox: () => Promise.reject(new Error(${JSON.stringify(
    'startSandbox() needs Node; in a browser, connect() to a running sandbox',
  )})) }`;
  const isNode = `globalThis.process?.getBuiltinModule !== undefined && ${URLS.esm}.startsWith('file:')`;
  const sdk = `${isNode}\n  ? ${loading(file, URLS.esm, 'index')}\n  : ${inBrowser}`;
  write(file, `import * as here from '../sdk/browser.js';\n${exporting('esm', sdk, names)}`);
}

function writeNative(module, names) {
  for (const format of ['esm', 'cjs']) {
    const file = `${format === 'esm' ? 'esm' : 'cjs/sdk'}/${module}.js`;
    write(file, exporting(format, loading(file, URLS[format], module), names));
  }
}

async function writeBundled(module, plugins) {
  for (const format of ['esm', 'cjs']) {
    const file = `${format === 'esm' ? 'esm' : 'cjs/sdk'}/${module}.js`;
    await build({
      absWorkingDir: root,
      entryPoints: [`sdk/${module}.ts`],
      outfile: path.join(dist, file),
      bundle: true,
      format,
      platform: 'neutral',
      target: 'es2022',
      packages: 'external',
      plugins: plugins(file, format),
      logLevel: 'warning',
    });
  }
}

/** Replaces the import of the core by the module that Node has loaded. */
const coreOfNode = (names) => (file, format) => [
  {
    name: 'core-of-node',
    setup(building) {
      building.onResolve({ filter: /\/core\.ts$/ }, () => ({ path: CORE, namespace: 'native' }));
      building.onLoad({ filter: /./, namespace: 'native' }, () => ({
        contents: exporting('esm', loading(file, URLS[format], CORE), names),
      }));
    },
  },
];

function write(file, text) {
  const target = path.join(dist, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Files below a folder of dist/, as paths below dist/ with `/`. */
const filesIn = (folder, extension) =>
  existsSync(path.join(dist, folder))
    ? readdirSync(path.join(dist, folder), { recursive: true })
        .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
        .filter((name) => name.endsWith(extension))
    : [];

/** Removes the modules in dist/sdk that the entry for browsers does not import, and declarations that no entry needs. */
function removeUnneeded() {
  const prune = (entries, extension) => {
    const needed = new Set();
    const visit = (file) => {
      if (needed.has(file)) return;
      needed.add(file);
      const text = readFileSync(path.join(dist, file), 'utf8');
      for (const [, target] of text.matchAll(/(?:from|import|import\() ?['"](\.[^'"]+)\.[jt]s['"]/g)) {
        visit(path.posix.join(path.posix.dirname(file), `${target}${extension}`));
      }
    };
    for (const entry of entries) visit(`sdk/${entry}${extension}`);
    for (const file of filesIn('sdk', extension)) if (!needed.has(file)) rmSync(path.join(dist, file));
  };
  prune(['browser'], '.js');
  prune(['browser', ...Object.values(ENTRIES).flat()], '.d.ts');
}

/**
 * Returns a function that prints a type as the source text of an equal type. An object type that equals one of the
 * named types is printed as its name, except for the type itself.
 */
function typePrinter(checker, named) {
  const keysOf = (type) =>
    type
      .getProperties()
      .map(({ name }) => name)
      .sort()
      .join();
  const isObject = (type) => (type.flags & ts.TypeFlags.Object) !== 0 && keysOf(type) !== '';
  const byKeys = new Map();
  for (const [name, type] of named.filter(([, type]) => isObject(type))) {
    byKeys.set(keysOf(type), [...(byKeys.get(keysOf(type)) ?? []), { name, type }]);
  }
  const nameOf = (type) =>
    byKeys
      .get(keysOf(type))
      ?.find(
        (other) =>
          checker.isTypeAssignableTo(type, other.type) && checker.isTypeAssignableTo(other.type, type),
      )?.name;

  const text = (type) =>
    checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias);
  const printUnion = ({ types }) => {
    const members = types.filter(
      (each) => !(each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.BooleanLiteral)),
    );
    const hasBoolean = types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    if (hasBoolean.length === 2) return [...members.map((each) => print(each)), 'boolean'].join(' | ');
    return [...members, ...hasBoolean].map((each) => print(each)).join(' | ');
  };
  const printArray = (element) => (element.includes(' | ') ? `(${element})[]` : `${element}[]`);
  const printMember = (property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return `${property.name}${isOptional ? '?' : ''}: ${print(checker.getTypeOfSymbol(property))};`;
  };
  const print = (type, isTop = false) => {
    if (type.isUnion()) return printUnion(type);
    if (checker.isArrayType(type)) return printArray(print(checker.getTypeArguments(type)[0]));
    if (!isObject(type)) return text(type);
    return (isTop ? undefined : nameOf(type)) ?? `{ ${type.getProperties().map(printMember).join(' ')} }`;
  };
  return (type) => print(type, true);
}

/**
 * Writes the types of the contract out, so that they do not need `typebox`: its declarations are those of an ES module,
 * and of a recent TypeScript. Replaces dist/contract/index.d.ts and removes the declarations of the schemas.
 */
function flattenContract() {
  const index = path.join(dist, 'contract', 'index.d.ts');
  const program = ts.createProgram([index], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const named = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)))
    .map((given) => [
      given.name,
      given.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(given) : given,
    ])
    .filter(([, symbol]) => symbol.flags & ts.SymbolFlags.Type)
    .map(([name, symbol]) => [name, checker.getDeclaredTypeOfSymbol(symbol)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const print = typePrinter(checker, named);
  const lines = named.map(([name, type]) => `export type ${name} = ${print(type)};`);
  const text = `/** The types of the REST API. */\n${lines.join('\n')}\n`;
  rmSync(path.join(dist, 'contract', 'schemas'), { recursive: true, force: true });
  writeFileSync(index, text);
}

/** `tsc` leaves the extensions of the sources in the declarations; older versions of TypeScript refuse them. */
function rewriteExtensions(file) {
  const target = path.join(dist, file);
  const text = readFileSync(target, 'utf8');
  const rewritten = text.replaceAll(/((?:from|import|import\() ?['"]\.[^'"]+)\.ts(?=['"])/g, '$1.js');
  if (rewritten !== text) writeFileSync(target, rewritten);
}

for (const folder of ['node', 'esm', 'cjs'])
  rmSync(path.join(dist, folder), { recursive: true, force: true });
const exportsOf = await buildForNode();
for (const module of ENTRIES.native) writeNative(module, exportsOf(module));
writeBrowser(exportsOf('index'));
await Promise.all([
  ...ENTRIES.runner.map((module) => writeBundled(module, coreOfNode(exportsOf(CORE)))),
  ...ENTRIES.page.map((module) => writeBundled(module, () => [])),
]);
removeUnneeded();
flattenContract();
write('cjs/package.json', '{ "type": "commonjs" }\n');
for (const file of ['sdk', 'contract', 'server'].flatMap((folder) => filesIn(folder, '.d.ts'))) {
  rewriteExtensions(file);
  cpSync(path.join(dist, file), path.join(dist, 'cjs', file));
}
