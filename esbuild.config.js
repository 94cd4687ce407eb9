/**
 * Bundles the server: a start reads a dozen files instead of two thousand. Types and the SDK come from `tsc`; what
 * is here replaces the server's JavaScript, which then stands in `dist/server` with its entries, its chunks (what is
 * imported when it is needed) and the licences of the packages inside.
 */
import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = import.meta.dirname;
const out = path.join(root, 'dist', 'server');

/** The folders of the packages that a bundle has pieces of. */
function packagesOf(inputs) {
  const found = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

/** What the packages' licences ask for: their text, with what is made of them. */
function licencesOf(folders) {
  return folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
      return [`${name} ${version} (${JSON.stringify(license)})`, ...texts].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** Removes what `tsc` wrote and the bundle replaces. */
function removeModules(written) {
  for (const entry of readdirSync(out, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && file.endsWith('.js') && !written.has(file)) rmSync(file);
  }
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    'server/main.ts',
    'server/sandbox.ts',
    { in: 'server/checks/worker.ts', out: 'check-worker' },
    { in: 'server/store/prepare/worker.ts', out: 'prepare-worker' },
  ],
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Its own entry reads its tables from files beside it, which a bundle has not.
  alias: { 'css-tree': path.join(root, 'node_modules/css-tree/dist/csstree.esm.js') },
  minifySyntax: true,
  minifyWhitespace: true,
  // Packages that are not ESM ask for `require`.
  banner: {
    js: "import{createRequire as restanteRequire}from'node:module';const require=restanteRequire(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

removeModules(new Set(Object.keys(metafile.outputs).map((file) => path.join(root, file))));
const packages = packagesOf(Object.keys(metafile.inputs));
writeFileSync(
  path.join(out, 'LICENSES.txt'),
  `${licencesOf(packages.filter((folder) => existsSync(folder)))}\n`,
);
