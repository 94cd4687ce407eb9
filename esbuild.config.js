/**
 * Bundles the server, so that a start reads a dozen files instead of two thousand. `tsc` writes the SDK, the part of
 * contract/ that the SDK imports, and the types. The bundle replaces the server's JavaScript: `dist/server` contains
 * the entries, the chunks (imported when they are needed) and the licences of the bundled packages.
 */
import { build, transform } from 'esbuild';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { packagesOf } from './sbom.js';

const root = import.meta.dirname;
const out = path.join(root, 'dist', 'server');
/** The folder of the base layer, which the SDK imports, too. */
const contract = path.join(root, 'dist', 'contract');

/**
 * Returns the licences of packages with their texts, which the licences require to be distributed with the bundle.
 */
function licencesOf(folders) {
  const sections = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${JSON.stringify(license)})`, ...texts].join('\n\n');
  });
  return [...sections, noticeOfTable()].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** Returns the notice of the table of mail clients, which is data and not a package. */
function noticeOfTable() {
  const source = readFileSync(path.join(root, 'server/checks/client-support/caniemail-data.ts'), 'utf8');
  const [comment] = /^\/\*\*[^]*?\*\//.exec(source);
  return `caniemail data ("MIT")\n\n${comment.replaceAll(/^(?:\/\*\*\n| \*\/| \* ?)/gm, '').trim()}`;
}

/** Removes the modules that `tsc` wrote into dist/server: the bundle replaces them. */
function removeModules(written) {
  for (const file of filesIn(out, '.js')) if (!written.has(file)) rmSync(file);
}

/** Removes the modules or type declarations in dist/server and dist/contract that the SDK does not import. */
function removeUnreachable(folders, extension) {
  const needed = new Set();
  const visit = (file) => {
    if (needed.has(file) || !existsSync(file)) return;
    needed.add(file);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import|import\() ?['"](\.[^'"]+)\.[jt]s['"]/g,
    )) {
      visit(path.join(path.dirname(file), `${target}${extension}`));
    }
  };
  filesIn(path.join(root, 'dist', 'sdk'), extension).forEach(visit);
  for (const folder of folders) {
    for (const file of filesIn(folder, extension)) if (!needed.has(file)) rmSync(file);
    removeEmptyFolders(folder);
  }
}

/** Returns the files of a folder with an extension; none if the folder does not exist. */
function filesIn(folder, extension) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(folder, name));
}

function removeEmptyFolders(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(path.join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/**
 * Packages that Fastify and its plugins import and this server never uses: `api/validation.ts` compiles the
 * schemas, folders are not listed, requests are not injected. Loading them would take a sixth of the loading time
 * at a start.
 */
const UNUSED = /^(?:@fastify\/(?:ajv-compiler|fast-json-stringify-compiler)|light-my-request|glob)$/;

/** Replaces packages by empty modules. */
const leaveOut = (filter) => ({
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
});

/**
 * Packages in separate files, which the server loads when it first needs them. Packages in the bundle also import
 * iconv-lite from its file.
 */
const APART = ['iconv-lite', 're2js'];
const iconvApart = {
  name: 'iconv-apart',
  setup(build) {
    build.onResolve({ filter: /^iconv-lite$/ }, () => ({ path: '../iconv-lite.cjs', external: true }));
  },
};

/**
 * Writes the texts of `String.raw` as plain literals. Bun escapes the letters outside of ASCII in the raw text of a
 * template, so that `String.raw` returns `\\u00F3` in place of `ó` there.
 */
const rawTexts = {
  name: 'raw-texts',
  setup(build) {
    build.onLoad({ filter: /[\\/]server[\\/].*\.ts$/ }, async ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      if (!source.includes('String.raw`')) return undefined;
      const supported = { 'template-literal': false };
      const { code } = await transform(source, {
        loader: 'ts',
        target: 'node20',
        charset: 'utf8',
        supported,
      });
      return { contents: code, loader: 'js' };
    });
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['server/main.ts', 'server/sandbox/index.ts', { in: 'server/worker.ts', out: 'job-worker' }],
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The injected file keeps Node's own globals, because a sandbox may run in a process with a simulated DOM, which
  // replaces them.
  inject: ['sdk/node/natives.ts'],
  // The entry of css-tree reads its tables from files beside it, which a bundle does not contain.
  alias: { 'css-tree': path.join(root, 'node_modules/css-tree/dist/csstree.esm.js') },
  plugins: [leaveOut(UNUSED), iconvApart, rawTexts],
  minifySyntax: true,
  minifyWhitespace: true,
  // Packages that are not ESM need `require`.
  banner: {
    js: "import{createRequire as restanteRequire}from'node:module';const require=restanteRequire(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const apart = await build({
  absWorkingDir: root,
  entryPoints: APART,
  outdir: out,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

// The MCP server offers these pages of the documentation as resources.
mkdirSync(path.join(out, 'docs'), { recursive: true });
for (const page of ['query', 'rules', 'checks', 'sdk']) {
  copyFileSync(path.join(root, 'docs', `${page}.md`), path.join(out, 'docs', `${page}.md`));
}

removeModules(new Set(Object.keys(metafile.outputs).map((file) => path.join(root, file))));
removeUnreachable([out, contract], '.d.ts');
removeUnreachable([contract], '.js');
const modules = [metafile, apart.metafile].flatMap(({ inputs }) => Object.keys(inputs));
writeFileSync(path.join(root, 'dist', '.server-modules.json'), JSON.stringify(modules));
writeFileSync(path.join(out, 'LICENSES.txt'), `${licencesOf(packagesOf(modules))}\n`);
