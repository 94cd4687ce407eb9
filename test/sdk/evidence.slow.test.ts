/**
 * Tests that the mail of a failed test is kept with every runner, in a folder that the error names; a test that passes
 * leaves nothing. The projects are installed from the packed file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../helpers/program.ts';
import { createProject, writeFiles, type Project } from '../helpers/project.ts';
import { installed, NO_RUNNER, runTool } from '../helpers/tool.ts';

/**
 * Returns the source text of a test file with three tests. `declare` writes one test around the lines that use `inbox`.
 */
const tests = (declare: (name: string, lines: string) => string): string =>
  [
    declare(
      'a wait fails',
      `await inbox.send({ to: inbox.address, subject: 'Hello' }, { smtp: inbox.smtp.url });
       await inbox.waitFor({ subject: 'never' }, { timeout: 0 });`,
    ),
    declare(
      'an assertion fails',
      `await inbox.send({ to: inbox.address, subject: 'Hello', html: '<p>Hello</p>' }, { smtp: inbox.smtp.url });
       if ((await inbox.waitFor()).subject !== 'never') throw new Error('Another subject');`,
    ),
    declare(
      'it passes',
      `await inbox.send({ to: inbox.address, subject: 'Hello' });
       await inbox.waitFor({ subject: 'never' }, { timeout: 0 }).catch(() => undefined);`,
    ),
  ].join('\n');

/**
 * Returns the source text of a test for a runner that the SDK does not integrate with; `declare` names the runner's
 * function that declares a test.
 */
const withInbox =
  (declare: string) =>
  (name: string, lines: string): string =>
    `${declare}(${JSON.stringify(name)}, () => withInbox(sandbox, ${JSON.stringify(name)}, async (inbox) => {\n${lines}\n}));`;

const withFixture = (name: string, lines: string): string =>
  `test(${JSON.stringify(name)}, async ({ inbox, sandbox }) => {\n${lines}\nvoid sandbox.url;\n});`;

const RUNNERS: Readonly<
  Record<string, { files: Record<string, unknown>; command: readonly string[]; env?: object; file?: string }>
> = {
  vitest: {
    files: { 'a.test.js': `import { test } from 'restante/vitest';\n${tests(withFixture)}` },
    command: ['vitest', 'run', '--dir', '.'],
    env: { RESTANTE_EVIDENCE_BROWSER: '' },
  },
  'jest with require': {
    files: {
      'a.test.cjs': `const { test } = require('restante/jest');\n${tests(withFixture)}`,
      'jest.config.json': {
        transform: {},
        testMatch: ['<rootDir>/*.test.cjs'],
        setupFilesAfterEnv: ['restante/jest'],
      },
    },
    command: ['jest', '--ci', '-c', 'jest.config.json'],
  },
  'jest with import': {
    files: {
      'a.test.mjs': `import { test } from 'restante/jest';\n${tests(withFixture)}`,
      'jest.config.json': { transform: {}, testMatch: ['<rootDir>/*.test.mjs'] },
    },
    command: ['jest', '--ci', '-c', 'jest.config.json'],
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  },
  'mocha with require': {
    files: {
      'a.spec.cjs': `const { useSandbox } = require('restante/mocha');\nconst mail = useSandbox();
${tests((name, lines) => `it(${JSON.stringify(name)}, async () => {\nconst inbox = await mail.inbox();\n${lines}\n});`)}`,
    },
    command: ['mocha', 'a.spec.cjs'],
  },
  'mocha with import': {
    files: {
      'a.spec.mjs': `import { useSandbox } from 'restante/mocha';\nconst mail = useSandbox();
${tests((name, lines) => `it(${JSON.stringify(name)}, async () => {\nconst inbox = await mail.inbox();\n${lines}\n});`)}`,
    },
    command: ['mocha', 'a.spec.mjs'],
  },
  'node:test': {
    files: {
      'a.test.mjs': `import { test } from 'node:test';\nimport { useSandbox } from 'restante/node-test';\nconst mail = useSandbox();
${tests((name, lines) => `test(${JSON.stringify(name)}, async (t) => {\nconst inbox = await mail.inbox(t);\n${lines}\n});`)}`,
    },
    command: ['node', '--test', '--test-reporter=spec', 'a.test.mjs'],
  },
  'bun test': {
    files: {
      'a.test.js': `import { afterAll, beforeAll, test } from 'bun:test';
import { openSandbox, withInbox } from 'restante/testing';
let sandbox;
beforeAll(async () => { sandbox = await openSandbox(); });
afterAll(() => sandbox.close());
${tests(withInbox('test'))}`,
    },
    command: ['bun', 'test'],
    file: '',
  },
  'bun test with node:test': {
    files: {
      'a.test.js': `import { test } from 'node:test';\nimport { useSandbox } from 'restante/node-test';\nconst mail = useSandbox();
${tests((name, lines) => `test(${JSON.stringify(name)}, async (t) => {\nconst inbox = await mail.inbox(t);\n${lines}\n});`)}`,
    },
    command: ['bun', 'test'],
  },
  'deno test': {
    files: {
      'a_test.js': `import { openSandbox, withInbox } from 'restante/testing';
let sandbox;
Deno.test.beforeAll(async () => { sandbox = await openSandbox(); });
Deno.test.afterAll(() => sandbox.close());
${tests(withInbox('Deno.test'))}`,
    },
    command: ['deno', 'test', '-A'],
    file: '',
  },
  ava: {
    files: {
      'a.test.mjs': `import test from 'ava';
import { openSandbox, withInbox } from 'restante/testing';
let sandbox;
test.before(async () => { sandbox = await openSandbox(); });
test.after.always(() => sandbox.close());
${tests((name, lines) => `test.serial(${JSON.stringify(name)}, async (t) => { await withInbox(sandbox, ${JSON.stringify(name)}, async (inbox) => {\n${lines}\n}); t.pass(); });`)}`,
    },
    command: ['ava', '--serial'],
    file: '',
  },
};

/** Several tests with the same name: two in one file, and one in another file. */
const NAMESAKES = `import { describe } from 'vitest';
import { test } from 'restante/vitest';
for (const subject of ['First', 'Second'])
  test('has a namesake', async ({ inbox }) => {
    await inbox.send({ to: inbox.address, subject });
    throw new Error('On purpose');
  });`;

/** The runners that are runtimes of their own, which a project does not install. */
const RUNTIMES = ['bun', 'deno'];
const hasBrowser = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'].some(installed);

let project: Project | null;
beforeAll(async () => {
  project = await createProject(['vitest@4', 'jest@29', 'mocha@11', 'ava@6']);
}, 400_000);
afterAll(() => project?.remove());

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replace(/\.\w{8}@restante\.test/, ''))
    .sort();

/** Runs a program in a folder of the project, with the given files. */
async function runIn(
  folder: string,
  files: Readonly<Record<string, unknown>>,
  [program = '', ...args]: readonly string[],
  env: object = {},
) {
  const cwd = path.join(project!.folder, folder.replaceAll(/\W+/g, '-'));
  writeFiles(cwd, { 'package.json': { name: 'tests' }, ...files });
  const bin =
    program === 'node'
      ? process.execPath
      : RUNTIMES.includes(program)
        ? program
        : path.join(project!.folder, 'node_modules', '.bin', program);
  // A browser takes longer than all tests of a runner, so only one of the runners takes pictures.
  const given = { ...NO_RUNNER, RESTANTE_EVIDENCE_BROWSER: 'off', ...env };
  const result = await runTool(bin, args, { cwd, env: given, deadline: 200_000 });
  return { code: result.code, output: stripVTControlCharacters(result.output), cwd };
}

const evidenceIn = (cwd: string): string => path.join(cwd, 'test-results', 'restante');

it.for(Object.keys(RUNNERS))('%s', async (name, { skip }) => {
  const { files, command, env, file = Object.keys(files)[0]!.replaceAll(/[^\w.]/g, '-') } = RUNNERS[name]!;
  const [program = ''] = command;
  if (project === null) return skip('The registry cannot be reached');
  if (RUNTIMES.includes(program) && !installed(program)) return skip(`${program} is not installed`);
  const { code, output, cwd } = await runIn(name, files, command, env);
  expect(code, output).not.toBe(0);
  const kept = path.join(evidenceIn(cwd), file);
  expect(readdirSync(kept).sort(), output).toEqual(['a-wait-fails', 'an-assertion-fails']);
  for (const test of readdirSync(kept)) {
    expect(output).toContain(`The mail of this test: ${path.join(kept, test)}`);
    const names = filesIn(path.join(kept, test)).join(' ');
    expect(names).toMatch(/\d+-Hello\.eml .*\d+-Hello\.transcript\.txt/);
    expect(names.includes('.wait.txt')).toBe(test === 'a-wait-fails');
    const hasPicture = name === 'vitest' && hasBrowser && test === 'an-assertion-fails';
    expect(names.includes('-Hello.png')).toBe(hasPicture);
  }
  const [report = ''] = readdirSync(path.join(kept, 'a-wait-fails')).filter((each) =>
    each.endsWith('.wait.txt'),
  );
  const text = readFileSync(path.join(kept, 'a-wait-fails', report), 'utf8');
  expect(text).toContain('wanted     subject:"never"');
  expect(text).toContain('"seq":');
  expect(existsSync(path.join(kept, 'it-passes'))).toBe(false);
});

it('keeps the mail of tests with the same name in separate folders, and removes the mail of an earlier run', async ({
  skip,
}) => {
  if (project === null) return skip('The registry cannot be reached');
  const files = {
    'a.test.js': NAMESAKES,
    'b.test.js': NAMESAKES.replace('First', 'Third').replace('Second', 'Fourth'),
  };
  const command = ['vitest', 'run', '--dir', '.'];
  const { cwd, output } = await runIn('namesakes', files, command);
  const subjects = (): string[] =>
    filesIn(evidenceIn(cwd)).flatMap((each) => {
      const [, file, test, subject] = /^(.*?)\/(.*?)\/.*-(\w+)\.eml$/.exec(each) ?? [];
      return file === undefined ? [] : [`${file} ${test} ${subject}`];
    });
  expect(subjects().sort(), output).toEqual([
    'a.test.js has-a-namesake First',
    'a.test.js has-a-namesake-2 Second',
    'b.test.js has-a-namesake Third',
    'b.test.js has-a-namesake-2 Fourth',
  ]);
  await runIn('namesakes', { 'a.test.js': NAMESAKES.replace("throw new Error('On purpose')", '') }, command);
  expect(subjects().sort()).toEqual(['b.test.js has-a-namesake Third', 'b.test.js has-a-namesake-2 Fourth']);
});

it('keeps the inbox of a failed test on a server that continues to run', async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  const server = await startProgram(['--memory']);
  onTestFinished(() => void server.child.kill());
  const url = `http://127.0.0.1:${server.port('Web UI and API')}/`;
  const files = {
    'a.test.js': `import { test } from 'restante/vitest';\n${tests(withFixture)}`,
  };
  const { output } = await runIn('shared', files, ['vitest', 'run', '--dir', '.'], { RESTANTE_URL: url });
  const named = [...output.matchAll(/Its inbox stays for an hour: (\S+)/g)].map(([, each]) => each);
  const { accounts } = (await (await fetch(`${url}api/accounts`)).json()) as {
    accounts: { name: string; messages: number }[];
  };
  const left = accounts.filter(({ name }) => name !== 'all');
  expect(left.map(({ messages }) => messages)).toEqual([1, 1]);
  expect([...new Set(named)].sort()).toEqual(
    left.map(({ name }) => `${url}inbox/${encodeURIComponent(name)}`).sort(),
  );
});

it('says in Vitest that the sandbox was still starting when the first test timed out', async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  // This server accepts connections and never responds.
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const files = {
    'a.test.js': `import { test } from 'restante/vitest';\ntest('first', async ({ inbox }) => void inbox, 300);`,
  };
  const command = ['vitest', 'run', '--dir', '.', '--teardownTimeout', '100'];
  const { output } = await runIn('starting', files, command, { RESTANTE_URL: url });
  expect(output).toMatch(/Test timed out in 300ms/);
  expect(output).toContain('The sandbox was still starting. Give its start a time limit of its own');
});
