/** The package as it is published: packed, put into an empty project, imported and type-checked there. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { mustRun } from '../helpers/tool.ts';

const root = path.join(import.meta.dirname, '..', '..');
const checker = path.join(root, 'test', 'helpers', 'check-types.mjs');
let project: string;

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'peerDependencies',
  Record<string, string>
>;

/** An empty project that has the packed package, and the packages that it names by links. */
beforeAll(async () => {
  project = mkdtempSync(path.join(os.tmpdir(), 'restante-package-'));
  const modules = path.join(project, 'node_modules');
  mkdirSync(modules);
  const packed = JSON.parse(
    await mustRun('npm', ['pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', project], {
      cwd: root,
    }),
  ) as { filename: string }[];
  await mustRun('tar', ['-xzf', packed[0]!.filename], { cwd: project });
  cpSync(path.join(project, 'package'), path.join(modules, 'restante'), { recursive: true });
  // What an install brings, and the runners that a project has itself, Jest with its types; nothing else of ours.
  for (const name of [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    '@types',
    '@vitest/expect',
    '@jest/expect',
    'expect',
  ]) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'empty', type: 'module' }));
  cpSync(path.join(root, 'test', 'examples', 'types', 'types.ts'), path.join(project, 'types.ts'));
  return () => rmSync(project, { recursive: true, force: true });
}, 60_000);

describe('the packed package', () => {
  it('starts a sandbox, and serves its UI', async () => {
    writeFileSync(
      path.join(project, 'run.mjs'),
      `import { startSandbox, connect } from 'restante';
       await using sandbox = { value: await startSandbox(), [Symbol.asyncDispose]() { return this.value.close(); } };
       const inbox = await (await connect(sandbox.value.url)).createInbox();
       await inbox.send({ to: inbox.address, subject: 'Hello' }, { smtp: inbox.smtp.url });
       console.log((await inbox.waitFor()).subject, (await fetch(sandbox.value.url)).status);`.replace(
        /await using sandbox = .*\n/,
        'const sandbox = { value: await startSandbox() };\n',
      ) + '\nawait sandbox.value.close();\n',
    );
    expect(await mustRun(process.execPath, ['run.mjs'], { cwd: project })).toBe('Hello 200\n');
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'has types that hold for module %s with resolution %s, and merge with those of the runners',
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
      const output = await mustRun(process.execPath, args, { cwd: project, deadline: 60_000 });
      expect(output).toMatch(/^[5-9]\d files checked\n$/);
    },
    90_000,
  );

  it('imports no server where there is none', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, 'utf8');
      for (const [, target = ''] of source.matchAll(/(?:from|import\() ?['"](\.[^'"]+)['"]/g)) {
        visit(path.join(path.dirname(file), target));
      }
    };
    visit(path.join(project, 'node_modules', 'restante', 'dist', 'sdk', 'browser.js'));
    const files = [...seen].map((file) =>
      path.relative(path.join(project, 'node_modules', 'restante', 'dist'), file),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !file.startsWith('sdk/'))).toEqual([]);
  });
});
