/** Tests the types of the published package in a project that also has the types of the test runners. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { installPackage, linkPackages } from '../helpers/package.ts';
import { mustRun } from '../helpers/tool.ts';

const root = path.join(import.meta.dirname, '..', '..');
const checker = path.join(root, 'test', 'helpers', 'check-types.mjs');
let project: string;

/** The declarations of the package, without the copies for CommonJS. */
const declarations = (): readonly string[] =>
  readdirSync(path.join(project, 'node_modules', 'restante', 'dist'), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => name.endsWith('.d.ts') && !name.startsWith('cjs'));

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  project = mkdtempSync(path.join(os.tmpdir(), 'restante-types-'));
  await installPackage(project);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as Manifest;
  const jest = ['@types', '@vitest/expect', '@jest/expect', 'expect'];
  linkPackages(project, [...Object.keys(dependencies), ...Object.keys(peerDependencies), ...jest]);
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'empty', type: 'module' }));
  cpSync(path.join(root, 'test', 'examples', 'types', 'types.ts'), path.join(project, 'types.ts'));
  return () => rmSync(project, { recursive: true, force: true });
});

it.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])(
  'has types that are valid for module %s with resolution %s, and merge with those of the runners',
  async (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'dom', 'esnext.disposable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    };
    const config = `tsconfig.${moduleResolution}.json`;
    writeFileSync(path.join(project, config), JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    const args = [checker, config, 'restante', '@vitest/expect', 'expect', '@jest/expect'];
    const output = await mustRun(process.execPath, args, { cwd: project });
    const checked = new Map(
      [...output.matchAll(/^(\S+): (\d+) files checked$/gm)].map(([, name, count]) => [name, Number(count)]),
    );
    expect(checked.get('restante')).toBe(declarations().length);
    for (const name of args.slice(2)) expect(checked.get(name), name).toBeGreaterThan(0);
  },
  90_000,
);
