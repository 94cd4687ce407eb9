/** Runs every example of docs/sdk.md and the first test of the README as a test. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { blocksOf, root, type Block } from '../helpers/documentation.ts';
import { installed, NO_RUNNER, runTool } from '../helpers/tool.ts';

/** The folder of the examples. It is inside the project, so that `restante` resolves to the built package. */
const project = path.join(root, 'dist', 'docs-examples');
const nodeTestProject = path.join(root, 'dist', 'docs-node-test');
const bunProject = path.join(root, 'dist', 'docs-bun');

const CONFIG = `export default {
  test: {
    include: ['*.test.ts'],
    globalSetup: './global-setup.mjs',
    setupFiles: './shop.mjs',
    watch: false,
    isolate: false,
    fileParallelism: false,
    server: { deps: { external: [/\\/dist\\/(?:sdk|server)\\//] } },
  },
};`;
const SHOP = `import { connect } from 'restante';
import { afterAll } from 'vitest';
import { startApp } from '../../test/examples/app.mjs';
globalThis.shop = await startApp((await connect()).smtp.url);
afterAll(() => globalThis.shop.close());`;

const snippets = (page: string): string[] =>
  blocksOf(page)
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text);

it('pass, one by one', async () => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(path.join(project, 'vitest.config.mjs'), CONFIG);
  // One sandbox for all examples, started as the page describes.
  const setup = blocksOf('docs/sdk.md').find(({ name }) => name === 'global-setup.mjs');
  writeFileSync(path.join(project, 'global-setup.mjs'), setup!.text);
  writeFileSync(path.join(project, 'shop.mjs'), SHOP);
  const codes = ['docs/sdk.md', 'README.md'].flatMap(snippets);
  expect(codes.length).toBeGreaterThan(8);
  for (const [i, code] of codes.entries()) writeFileSync(path.join(project, `${i}.test.ts`), code);
  const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
  const { code, output } = await runTool(vitest, ['run', '--root', project], {
    cwd: project,
    env: NO_RUNNER,
  });
  expect(output).toMatch(new RegExp(`Tests .*?${codes.length} passed`));
  expect(code).toBe(0);
});

/** Writes an example of docs/sdk.md, and its application, into an empty folder. */
function writeExample(folder: string, isWanted: (block: Block) => boolean): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [example, ...others] = blocksOf('docs/sdk.md').filter(isWanted);
  expect(others).toEqual([]);
  writeFileSync(path.join(folder, example!.name), example!.text);
  writeFileSync(path.join(folder, 'app.mjs'), "export * from '../../test/examples/app.mjs';\n");
}

it('has an example for node:test that passes', async () => {
  writeExample(nodeTestProject, ({ text }) => text.includes('restante/node-test'));
  const { code, output } = await runTool(process.execPath, ['--test'], {
    cwd: nodeTestProject,
    env: NO_RUNNER,
  });
  expect(output).toMatch(/pass 2\n/);
  expect(code).toBe(0);
});

const hasBun = installed('bun');

it.skipIf(!hasBun)(`has an example for bun test that passes${hasBun ? '' : ' (not installed)'}`, async () => {
  writeExample(bunProject, ({ text }) => text.includes('bun:test'));
  const { code, output } = await runTool('bun', ['test'], { cwd: bunProject, env: NO_RUNNER });
  expect(output).toMatch(/ 1 pass\n/);
  expect(code).toBe(0);
});
