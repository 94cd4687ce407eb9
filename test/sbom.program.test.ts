/** Tests the SBOM of the build: it is valid and complete, and contains only one nodemailer. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './helpers/documentation.ts';
import { runtimePackages } from './helpers/package.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly licenses: readonly unknown[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
interface Sbom {
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly version: string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const sbom = JSON.parse(read('dist/sbom.cdx.json')) as Sbom;
const fullName = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);
const delivered = (how: string): string[] =>
  sbom.components
    .filter(({ type, properties }) => type === 'library' && properties.some(({ value }) => value === how))
    .map((component) => `${fullName(component)} ${component.version}`)
    .sort();

describe('against the schema of CycloneDX 1.6', () => {
  let validate: ValidateFunction;
  beforeAll(() => {
    const folder = path.join(
      path.dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
      'res/schema',
    );
    const schema = (name: string): object =>
      JSON.parse(readFileSync(path.join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
    const ajv = new Ajv({ strict: false, formats: { 'iri-reference': true, 'idn-email': true } });
    formats.default(ajv);
    // The schema of 1.6 refers to the other schemas by their file names.
    for (const name of ['spdx', 'jsf-0.82']) {
      ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    }
    validate = ajv.compile(schema('bom-1.6'));
  });

  it('is valid', () => {
    expect([validate(sbom), validate.errors]).toEqual([true, null]);
  });

  it.each([
    ['a licence that SPDX does not know', { licenses: [{ license: { id: 'Beerware-9' } }] }],
    ['a component without a name', { name: undefined }],
    ['a hash that is none', { hashes: [{ alg: 'SHA-512', content: 'abc' }] }],
  ])('would not be valid with %s', (_, change) => {
    const [first, ...others] = sbom.components;
    expect(
      validate(JSON.parse(JSON.stringify({ ...sbom, components: [{ ...first, ...change }, ...others] }))),
    ).toBe(false);
  });
});

describe('its components', () => {
  it('are the packages whose licences are shipped, each of the bundles', () => {
    const server = [...read('dist/server/LICENSES.txt').matchAll(/^(\S+) (\d\S*) \("/gm)];
    const ui = [...read('dist/ui/LICENSES.md').matchAll(/^## (\S+) - (\S+) \(/gm)];
    const named = new Set([...server, ...ui].map(([, name = '', version = '']) => `${name} ${version}`));
    expect(delivered('bundled').filter((each) => !named.has(each))).toEqual([]);
    expect([...named].filter((each) => !delivered('bundled').includes(each))).toEqual([]);
    expect(named.size).toBeGreaterThan(100);
  });

  it('are the packages that an installation contains', () => {
    const installed = runtimePackages().map((folder) => {
      const { name, version } = JSON.parse(read(`${folder}/package.json`)) as Record<string, string>;
      return `${name} ${version}`;
    });
    const all = [...delivered('bundled'), ...delivered('installed')];
    expect(installed.filter((each) => !all.includes(each))).toEqual([]);
    expect(delivered('installed').filter((each) => !installed.includes(each))).toEqual([]);
  });

  it('have a licence, a digest and an address each', () => {
    const bare = sbom.components.filter(({ type, licenses, hashes, purl }) => {
      return licenses.length === 0 || (type === 'library' && (hashes === undefined || purl === undefined));
    });
    expect(bare.map(fullName)).toEqual([]);
    const scoped = sbom.components.find((component) => fullName(component) === '@fastify/static');
    expect(scoped?.purl).toBe(`pkg:npm/%40fastify/static@${scoped?.version}`);
  });

  it('are connected by their dependencies', () => {
    const dependsOn = (start: string): readonly string[] =>
      sbom.dependencies.find(({ ref }) => ref.startsWith(start))?.dependsOn ?? [];
    expect(dependsOn('pkg:npm/restante@')).toHaveLength(sbom.components.length);
    for (const user of ['mailauth', 'mailparser', 'smtp-server'].filter(
      (name) => dependsOn(`pkg:npm/${name}@`).length > 0,
    )) {
      expect(dependsOn(`pkg:npm/${user}@`).filter((ref) => ref.includes('/nodemailer@'))).toHaveLength(1);
    }
  });

  it('contain nodemailer once', () => {
    expect(sbom.components.filter(({ name }) => name === 'nodemailer')).toHaveLength(1);
  });
});
