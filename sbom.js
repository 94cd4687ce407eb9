#!/usr/bin/env node
/**
 * Writes dist/sbom.cdx.json: every package whose code the builds put into dist/, and every package that an installation
 * adds, as a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/). The lists of modules come from the builds
 * themselves, because the bundled packages are development dependencies of package.json.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = import.meta.dirname;
const OUTPUT = path.join(root, 'dist', 'sbom.cdx.json');
/** Files with the paths of the bundled modules below the root, written by esbuild.config.js and ui/vite.config.ts. */
const MODULES = ['dist/.server-modules.json', 'dist/.ui-modules.json'];
/** Matches an SPDX identifier; any other licence in a manifest is an expression or free text. */
const IDENTIFIER = /^[\w.+-]+$/;

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** Packages whose published file already contains the code or the data of their dependencies. */
const BUNDLES = ['node_modules/css-tree'];

/**
 * Returns the folders of the packages that modules belong to, below the root, sorted:
 * `node_modules/a/node_modules/@b/c`.
 */
export function packagesOf(modules) {
  const found = new Set();
  for (const module of modules) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module);
    if (match && existsSync(path.join(root, match[1]))) found.add(match[1]);
  }
  for (const folder of BUNDLES.filter((each) => found.has(each))) {
    const { dependencies = {} } = readJson(`${folder}/package.json`);
    for (const name of Object.keys(dependencies)) found.add(`node_modules/${name}`);
  }
  return [...found].sort();
}

/**
 * Returns the packages that an installation of restante adds: the dependencies of package.json, and their
 * dependencies.
 */
function installedPackages(locked) {
  return Object.entries(locked)
    .filter(
      ([folder, entry]) =>
        folder !== '' && !entry.dev && !entry.devOptional && !entry.optional && !entry.peer,
    )
    .map(([folder]) => folder);
}

/** Returns the folder of the dependency `name` of the package in `folder`, as Node resolves it. */
function resolve(locked, folder, name) {
  for (let at = folder; ;) {
    const candidate = path.posix.join(at, 'node_modules', name);
    if (locked[candidate]) return candidate;
    if (at === '') return undefined;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')));
  }
}

const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function licencesOf(license) {
  if (typeof license !== 'string') return [];
  return IDENTIFIER.test(license) ? [{ license: { id: license } }] : [{ expression: license }];
}

function componentOf(folder, locked, bundled) {
  const { name, version, license, description } = readJson(`${folder}/package.json`);
  const { integrity = '', resolved } = locked[folder] ?? {};
  const [, algorithm, digest] = /^(sha512)-(.*)$/.exec(integrity) ?? [];
  const [scope, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = purlOf(name, version);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope ? { group: scope } : {}),
    name: plain,
    version,
    ...(description ? { description } : {}),
    scope: 'required',
    ...(algorithm
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
      : {}),
    licenses: licencesOf(license),
    purl,
    ...(resolved ? { externalReferences: [{ type: 'distribution', url: resolved }] } : {}),
    properties: [{ name: 'restante:delivery', value: bundled ? 'bundled' : 'installed' }],
  };
}

/** Returns the component for the table of mail clients, which is data and not a package. */
function tableOfClients() {
  const source = readFileSync(path.join(root, 'server/checks/client-support/caniemail-data.ts'), 'utf8');
  const [, version] = /DATA_UPDATED = '([^T']+)/.exec(source);
  return {
    type: 'data',
    'bom-ref': 'caniemail',
    name: 'caniemail',
    version,
    scope: 'required',
    licenses: [{ license: { id: 'MIT' } }],
    externalReferences: [{ type: 'website', url: 'https://www.caniemail.com' }],
    properties: [{ name: 'restante:delivery', value: 'bundled' }],
  };
}

/** Returns a UUID that depends only on the contents, so that equal builds have equal documents. */
function serialNumber(content) {
  const hex = createHash('sha256').update(content).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}

/** Returns the document for lists of modules below the root. */
export function sbomOf(modules) {
  const { name, version, license, description } = readJson('package.json');
  const { packages: locked } = readJson('package-lock.json');
  const bundled = packagesOf(modules);
  const installed = installedPackages(locked);
  const folders = [...new Set([...bundled, ...installed])].sort();
  const byFolder = new Map(
    folders.map((folder) => [folder, componentOf(folder, locked, bundled.includes(folder))]),
  );
  // Two folders may contain the same version of a package, which is then listed once.
  const components = new Map([...byFolder.values(), tableOfClients()].map((each) => [each['bom-ref'], each]));
  const edges = new Map([...components.keys()].map((ref) => [ref, new Set()]));
  for (const [folder, component] of byFolder) {
    for (const dependency of Object.keys(locked[folder]?.dependencies ?? {})) {
      const target = byFolder.get(resolve(locked, folder, dependency));
      if (target) edges.get(component['bom-ref']).add(target['bom-ref']);
    }
  }
  const itself = purlOf(name, version);
  const body = {
    components: [...components.values()],
    dependencies: [[itself, components.keys()], ...edges].map(([ref, targets]) => ({
      ref,
      dependsOn: [...targets].sort(),
    })),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(JSON.stringify([itself, body])),
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        type: 'application',
        'bom-ref': itself,
        name,
        version,
        description,
        licenses: licencesOf(license),
        purl: itself,
      },
    },
    ...body,
  };
}

/** Returns the folders of all packages that the builds in dist/ contain or that an installation adds. */
export function shippedPackages() {
  const { packages: locked } = readJson('package-lock.json');
  return [...new Set([...packagesOf(MODULES.flatMap(readJson)), ...installedPackages(locked)])];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const modules = MODULES.flatMap(readJson);
  writeFileSync(OUTPUT, `${JSON.stringify(sbomOf(modules), null, 1)}\n`);
}
