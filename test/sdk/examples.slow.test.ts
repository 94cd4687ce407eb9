/** Runs the examples for every test runner as a user does: with the runner itself, and with the built package. */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findBrowser } from '../helpers/browser.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { installPackage, linkPackages } from '../helpers/package.ts';
import { NO_RUNNER, runTool } from '../helpers/tool.ts';

const root = path.join(import.meta.dirname, '..', '..');
const examples = path.join(root, 'test', 'examples');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);
const LONG = { timeout: 60_000 };

it('node:test', LONG, async () => {
  const cwd = path.join(examples, 'node-test');
  const { code, output } = await runTool(process.execPath, ['--test'], {
    cwd,
    env: NO_RUNNER,
  });
  expect(output).toMatch(/pass 3\n/);
  expect(code).toBe(0);
});

it('Vitest', LONG, async () => {
  const cwd = path.join(examples, 'vitest');
  const { code, output } = await runTool(bin('vitest'), ['run', '--root', cwd], {
    cwd,
    env: { ...NO_RUNNER, CI: '1' },
  });
  expect(output).toMatch(/4 passed/);
  expect(code).toBe(0);
});

it('Jest', LONG, async () => {
  const cwd = path.join(examples, 'jest');
  const env = { ...NO_RUNNER, NODE_OPTIONS: '--experimental-vm-modules' };
  const { code, output } = await runTool(bin('jest'), ['--ci', '--rootDir', cwd], {
    cwd,
    env,
  });
  expect(output).toMatch(/Tests: +4 passed/);
  expect(code).toBe(0);
});

/** An attachment in the report of Playwright; the report contains attachments that were passed as text. */
interface Attachment {
  readonly name: string;
  readonly body?: string;
}

it('Playwright, with evidence of a failure', async () => {
  // Playwright compiles every module that is not in `node_modules`, so the package has to be installed.
  const project = temporaryDirectory();
  await installPackage(project);
  linkPackages(project, ['@playwright/test', 'css-select', 'htmlparser2', 'nodemailer']);
  for (const name of ['app.mjs', 'playwright']) {
    cpSync(path.join(examples, name), path.join(project, name), { recursive: true });
  }
  const cwd = path.join(project, 'playwright');
  const results = temporaryDirectory();
  const report = path.join(results, 'report.json');
  const env = {
    ...NO_RUNNER,
    BROWSER: JSON.stringify(await findBrowser()),
    REPORT: report,
    RESULTS: path.join(results, 'out'),
    SHOW_FAILURE: '1',
  };
  const { output } = await runTool(bin('playwright'), ['test'], { cwd, env });
  expect(output).toMatch(/2 passed/);
  expect(output).toMatch(/1 failed/);
  expect(output).toContain('wanted     subject:"Reset your password"');
  const [, folder = ''] = /The mail of this test: (.*)/.exec(output) ?? [];
  expect(existsSync(folder)).toBe(true);
  const { suites } = JSON.parse(readFileSync(report, 'utf8')) as {
    suites: { specs: { title: string; tests: { results: { attachments: Attachment[] }[] }[] }[] }[];
  };
  const failed = suites.flatMap(({ specs }) => specs).find(({ title }) => title.startsWith('an unexpected'));
  const { attachments } = failed!.tests[0]!.results[0]!;
  const missing = attachments.filter(({ name }) => name.endsWith('.no-picture.txt'));
  expect(missing.map(({ body = '' }) => Buffer.from(body, 'base64').toString())).toEqual([]);
  const names = attachments.map(({ name }) => name.replace(/^\w+(?=\.(?:eml|png|transcript))/, 'id'));
  expect(names).toEqual(expect.arrayContaining(['inbox.json', 'id.eml', 'id.transcript.txt', 'id.png']));
  rmSync(results, { recursive: true, force: true });
});
