/**
 * Tests that the generated tests in the Test view pass: each is read from the page, completed with code that sends
 * the message at the marked place, written to a file, and run.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { installPackage, linkPackages } from '../helpers/package.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { installed, NO_RUNNER, runTool } from '../helpers/tool.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const root = path.join(import.meta.dirname, '..', '..');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);
const CLEAN = { ...NO_RUNNER, CI: '1' };
const LONG = { timeout: 90_000 };
/** Options to run all test files in one process, because seven small files do not need a process each. */
const TOGETHER = ['--no-isolate', '--no-file-parallelism'];

/**
 * Messages that are difficult for the generator: quotation marks, wildcards, no subject, no sender, a long subject.
 */
const mails = {
  plain: [
    'From: Shop <app@shop.test>',
    'Subject: Confirm your address',
    'Content-Type: text/html',
    '',
    '<p>Your code is 739204. <a href="https://shop.test/verify?token=1">Confirm my address</a></p>',
  ],
  quoted: ['From: app@shop.test', String.raw`Subject: It's "50 %" off: C:\new ${'$'}{x} *`, '', 'x'],
  encoded: ['From: app@shop.test', 'Subject: =?utf-8?B?R3LDvMOfZSDwn5iA?=', '', 'x'],
  nameless: ['From: app@shop.test', '', 'x'],
  wild: ['From: app@shop.test', 'Subject: ***', '', 'x'],
  anonymous: ['Subject:', '', 'x'],
  // The subject is folded, because the length of a header line is limited.
  long: [
    'From: app@shop.test',
    `Subject: ${Array(300).fill('ten words of forty letters in each line.').join('\r\n ')}`,
    '',
    'x',
  ],
};

type Language = 'Vitest' | 'Playwright' | 'Jest' | 'Python' | 'curl';
let sandbox: TestSandbox;
/** The generated test on the page, by language and message. */
const shown = new Map<string, string>();
const ids = new Map<string, string>();
const HERE = /(\/\/|#) Have your application send the message here\./;

const bytesOf = (lines: readonly string[]): string => [...lines, ''].join('\r\n');
const envelopeOf = (mail: string) => ({
  from: mail === 'anonymous' ? '' : 'app@shop.test',
  to: `${mail}@x.test`,
});

/** Returns statements that send a message, in the language of a test. */
function sending(language: Language, mail: string, lines: readonly string[]): string {
  const url = JSON.stringify(
    new URL(`api/messages?${new URLSearchParams(envelopeOf(mail)).toString()}`, sandbox.url).href,
  );
  const body = JSON.stringify(bytesOf(lines));
  return language === 'Python'
    ? `from urllib.request import Request; urlopen(Request(${url}, ${body}.encode(), {"Content-Type": "message/rfc822"}))`
    : `await fetch(${url}, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: ${body} });`;
}

/** Adds a statement that asserts the code that the generated test reads. */
const assertCode = (code: string): string =>
  code.replace(/^( *)(const code = .*)$/m, (_, indent: string, line: string) =>
    [line, "expect(code).toBe('739204');"].map((each) => indent + each).join('\n'),
  );

/** Returns the generated tests by message, completed as a user would. */
const codes = (language: Language): [string, string][] =>
  Object.entries(mails).map(([mail, lines]) => {
    const code = shown.get(`${language} ${mail}`) ?? '';
    if (language !== 'curl') expect(code).toMatch(HERE);
    if (mail === 'plain' && /Vitest|Jest|Playwright/.test(language)) expect(code).toContain('const code = ');
    return [mail, assertCode(code).replace(HERE, () => sending(language, mail, lines))];
  });

beforeAll(async () => {
  sandbox = await openTestSandbox();
  for (const [mail, lines] of Object.entries(mails)) {
    const { from, to } = envelopeOf(mail);
    const [id = ''] = await sendRaw(sandbox.smtp, [Buffer.from(bytesOf(lines))], { from, to: [to] });
    ids.set(mail, id);
  }
  return () => sandbox.close();
});

/** Creates a project folder in which the package and the test runners are installed. */
function project(files: readonly (readonly [string, string])[]): string {
  const folder = temporaryDirectory();
  mkdirSync(path.join(folder, 'node_modules', '@playwright'), { recursive: true });
  symlinkSync(root, path.join(folder, 'node_modules', 'restante'));
  for (const name of ['vitest', '@playwright/test']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  for (const [name, text] of files) writeFileSync(path.join(folder, name), text);
  return folder;
}

it('the page shows a test for every message and in every language', LONG, async () => {
  const { page } = await open(sandbox);
  for (const [mail, id] of ids) {
    await page.goto(new URL(`inbox/all/${id}`, sandbox.url).href);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    for (const language of ['Vitest', 'Playwright', 'Jest', 'Python', 'curl'] as const) {
      await page.getByRole('tab', { name: language, exact: true }).click();
      const panel = page.getByRole('tabpanel', { name: language, exact: true });
      await soon(() => panel.textContent()).toMatch(/waitFor|timeout/);
      shown.set(`${language} ${mail}`, (await panel.locator('code').textContent()) ?? '');
    }
  }
  expect(shown.size).toBe(ids.size * 5);
});

it('the generated test passes in Vitest', LONG, async () => {
  const cwd = project(codes('Vitest').map(([mail, code]) => [`${mail}.test.ts`, code]));
  const { output, code } = await runTool(bin('vitest'), ['run', '--root', cwd, ...TOGETHER], {
    cwd,
    env: CLEAN,
  });
  expect(output).toMatch(/7 passed[^]*7 passed/);
  expect(code).toBe(0);
});

it('the generated test passes in Jest', LONG, async () => {
  const config = { testEnvironment: 'node', testMatch: ['<rootDir>/*.test.mjs'], transform: {} };
  const cwd = project([
    ...codes('Jest').map(([mail, code]) => [`${mail}.test.mjs`, code] as const),
    ['jest.config.json', JSON.stringify(config)],
  ]);
  const env = { ...CLEAN, NODE_OPTIONS: '--experimental-vm-modules' };
  const { output, code } = await runTool(bin('jest'), ['--ci', '--runInBand', '--rootDir', cwd], {
    cwd,
    env,
  });
  expect(output).toMatch(/Tests: +7 passed/);
  expect(code).toBe(0);
});

it('the generated test passes in Playwright', LONG, async () => {
  // Playwright compiles every module that is not in `node_modules`, so the package has to be installed.
  const cwd = temporaryDirectory();
  await installPackage(cwd);
  linkPackages(cwd, ['@playwright/test', 'css-select', 'htmlparser2', 'nodemailer']);
  for (const [mail, code] of codes('Playwright')) writeFileSync(path.join(cwd, `${mail}.spec.ts`), code);
  const { output, code } = await runTool(bin('playwright'), ['test', '--reporter=line', '--workers=1'], {
    cwd,
    env: CLEAN,
  });
  expect(output).toMatch(/7 passed/);
  expect(code).toBe(0);
});

const hasPytest = installed('python3') && (await runTool('python3', ['-c', 'import pytest'])).code === 0;
it.skipIf(!hasPytest)(`passes in pytest${hasPytest ? '' : ', which is not installed'}`, LONG, async () => {
  const cwd = project(codes('Python').map(([mail, code]) => [`test_${mail}.py`, code]));
  const { output, code } = await runTool('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
    cwd,
    env: CLEAN,
  });
  expect(output).toMatch(/7 passed/);
  expect(code).toBe(0);
});

const hasCurl = installed('curl');
it.skipIf(!hasCurl)(`is answered by curl${hasCurl ? '' : ', which is not installed'}`, LONG, async () => {
  for (const [mail, command] of codes('curl')) {
    const { output, code } = await runTool('sh', ['-c', `${command} --silent`]);
    expect(code, `${mail}: ${command}\n${output}`).toBe(0);
    expect(JSON.parse(output), mail).toMatchObject({ id: ids.get(mail) });
  }
});
