/**
 * Tests the package in projects as users have them: installed from the packed file, with each test runner, module
 * system and simulated DOM. Every project runs the same test of the SDK.
 */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject, writeFiles, type Project } from '../helpers/project.ts';
import { installed, NO_RUNNER, runTool } from '../helpers/tool.ts';

const LONG = { timeout: 300_000 };

const IMPORT = "import { startSandbox, MailTimeoutError } from 'restante';\n";
const REQUIRE = "const { startSandbox, MailTimeoutError } = require('restante');\n";

/** The source of the test. It calls functions that the test runner, or the beginning of the generated file, defines. */
const BODY = `
let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

test('the SDK works', async () => {
  const inbox = await sandbox.createInbox();
  const mail = { to: inbox.address, subject: 'Hello', text: 'Your code is 482913', html: '<p class="c">x</p>' };
  await inbox.send(mail, { smtp: inbox.smtp.url });
  const message = await inbox.waitForOne({ subject: /hello/i });
  expect(message.html.querySelector('.c').text).toBe('x');
  expect(message.code()).toBe('482913');
  expect(message.attachments).toEqual([]);
  expect(message.envelope.to).toEqual([inbox.address]);
  const failure = await inbox.waitFor({ subject: 'never' }, { timeout: 0 }).catch((error) => error);
  expect(failure).toBeInstanceOf(MailTimeoutError);
  expect(failure.message).toContain('No message matched');
  const aborting = new AbortController();
  const waiting = inbox.waitFor('subject:never', { signal: aborting.signal }).catch((error) => error.name);
  aborting.abort();
  expect(await waiting).toBe('AbortError');
  for await (const event of inbox.events({ since: 0 })) if (event.type === 'message') break;
});

test('the text of a PDF needs its library', async () => {
  const inbox = await sandbox.createInbox();
  const attachments = [{ filename: 'a.pdf', type: 'application/pdf', content: '%PDF-1.7' }];
  await inbox.send({ to: inbox.address, attachments });
  const attachment = (await inbox.waitFor()).attachment('a.pdf');
  expect(await attachment.text().catch((error) => error.message)).toContain('npm install --save-dev unpdf');
});
`;
/** A further test for those runners for which the package has matchers. */
const MATCHERS = `
test('the matchers work', async () => {
  const inbox = await sandbox.createInbox();
  await expect(inbox).not.toHaveReceived('subject:x', { quietFor: 0 });
  await inbox.send({ to: inbox.address, subject: 'Hello' });
  await expect(inbox).toHaveReceived({ subject: /hello/i });
  expect(await inbox.latest()).toHaveSubject('Hello');
});
`;
/** The comment is joined from two parts, because Vitest would apply a whole comment of this form to this file. */
const JSDOM = ['/** @jest', 'environment jsdom */\n'].join('-');
const GLOBALS = "import { afterAll, beforeAll, expect, test } from '@jest/globals';\n";

/** Runs a program of the project. Returns its exit code and output. */
async function run(
  project: Project | null,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const isGlobal = ['node', 'bun', 'deno'].includes(program);
  const file = isGlobal ? program : path.join(project!.folder, 'node_modules', '.bin', program);
  const { code, output } = await runTool(file, args, {
    cwd: project!.folder,
    env: { ...NO_RUNNER, ...env },
    deadline: 200_000,
  });
  return { code, output: stripVTControlCharacters(output) };
}

/** Registers hooks that create a project, and skips the tests if the registry cannot be reached. */
function useProject(
  packages: readonly string[],
  files: Readonly<Record<string, unknown>>,
  manifest?: object,
) {
  const held: { project: Project | null } = { project: null };
  beforeAll(async () => {
    held.project = await createProject(packages, manifest);
    if (held.project !== null) writeFiles(held.project.folder, files);
  }, 400_000);
  afterAll(() => held.project?.remove());
  return held;
}

describe.each(['29', '30'])('Jest %s', (version) => {
  const withMatchers = { setupFilesAfterEnv: ['restante/jest'] };
  const babel = {
    '\\.js$': ['babel-jest', { presets: [['@babel/preset-env', { targets: { node: 'current' } }]] }],
  };
  const held = useProject(
    [
      `jest@${version}`,
      `jest-environment-jsdom@${version}`,
      '@babel/preset-env@7',
      'ts-jest@29',
      'typescript@5.9',
      `@types/jest@${version}`,
      '@types/node@20',
    ],
    {
      'plain/a.test.js': REQUIRE + BODY + MATCHERS,
      'jsdom/a.test.js': JSDOM + REQUIRE + BODY + MATCHERS,
      'babel/a.test.js': IMPORT + BODY + MATCHERS,
      'ts/a.test.ts':
        IMPORT +
        (BODY + MATCHERS)
          .replace('let sandbox;', "let sandbox: import('restante').Sandbox;")
          .replace("message.html.querySelector('.c').text", "message.html!.querySelector('.c')!.text"),
      'esm/a.test.mjs': GLOBALS + IMPORT + BODY + MATCHERS,
      'esm/jsdom.test.mjs': JSDOM + GLOBALS + IMPORT + BODY + MATCHERS,
      'tsconfig.json': {
        compilerOptions: {
          module: 'commonjs',
          moduleResolution: 'node10',
          target: 'es2022',
          lib: ['es2023', 'esnext.disposable', 'dom'],
          types: ['jest', 'node', 'restante/jest'],
          strict: true,
          esModuleInterop: true,
          skipLibCheck: true,
        },
      },
      'jest.config.json': {
        projects: [
          {
            displayName: 'require',
            testMatch: ['<rootDir>/plain/*.test.js'],
            transform: {},
            ...withMatchers,
          },
          { displayName: 'jsdom', testMatch: ['<rootDir>/jsdom/*.test.js'], transform: {}, ...withMatchers },
          {
            displayName: 'babel-jest',
            testMatch: ['<rootDir>/babel/*.test.js'],
            transform: babel,
            ...withMatchers,
          },
          {
            displayName: 'ts-jest',
            testMatch: ['<rootDir>/ts/*.test.ts'],
            preset: 'ts-jest',
            ...withMatchers,
          },
        ],
      },
      'esm.config.json': { testMatch: ['<rootDir>/esm/*.test.mjs'], transform: {}, ...withMatchers },
    },
  );

  it('runs CommonJS: plain, in jsdom, by babel-jest and by ts-jest', LONG, async ({ skip }) => {
    if (held.project === null) skip('The registry cannot be reached');
    const { code, output } = await run(held.project, 'jest', ['--ci', '-c', 'jest.config.json']);
    expect(output).toMatch(/Tests: +12 passed, 12 total/);
    expect(code).toBe(0);
  });

  it('runs ES modules, also in jsdom', LONG, async ({ skip }) => {
    if (held.project === null) skip('The registry cannot be reached');
    const env = { NODE_OPTIONS: '--experimental-vm-modules' };
    const { code, output } = await run(held.project, 'jest', ['--ci', '-c', 'esm.config.json'], env);
    expect(output).toMatch(/Tests: +6 passed, 6 total/);
    expect(code).toBe(0);
  });
});

describe.each(['4', '5'])('Vitest %s', (version) => {
  const names = "import { afterAll, beforeAll, expect, test } from 'vitest';\nimport 'restante/vitest';\n";
  const held = useProject([`vitest@${version}`, 'jsdom@26', 'happy-dom@20'], {
    'a.test.js': names + IMPORT + BODY + MATCHERS,
    'vitest.config.mjs':
      'export default { test: { environment: process.env.DOM, pool: process.env.POOL, watch: false } };',
  });

  it.each(
    ['node', 'jsdom', 'happy-dom'].flatMap((dom) =>
      ['forks', 'threads', 'vmThreads'].map((pool) => [dom, pool] as const),
    ),
  )('runs in the environment %s with the pool %s', LONG, async (dom, pool) => {
    if (held.project === null) return;
    const { code, output } = await run(held.project, 'vitest', ['run'], { DOM: dom, POOL: pool });
    expect(output).toMatch(/Tests +3 passed \(3\)/);
    expect(code).toBe(0);
  });
});

/** Source text that defines `expect` for test runners without an `expect` of their own. */
const ASSERT = `
const assert = globalThis.process.getBuiltinModule('node:assert/strict');
const expect = (actual) => ({
  toBe: (wanted) => assert.equal(actual, wanted),
  toEqual: (wanted) => assert.deepEqual(actual, wanted),
  toBeInstanceOf: (wanted) => assert.ok(actual instanceof wanted),
  toContain: (wanted) => assert.ok(actual.includes(wanted), actual),
});
`;

describe.each(['10', '11'])('Mocha %s', (version) => {
  const names = 'const [beforeAll, afterAll, test] = [before, after, it];\n';
  const held = useProject([`mocha@${version}`, 'tsx@4'], {
    'a.spec.cjs': REQUIRE + names + ASSERT + BODY,
    'a.spec.mjs': IMPORT + names + ASSERT + BODY,
    'a.spec.ts': IMPORT + names + ASSERT + BODY,
  });

  it.for([
    ['a.spec.cjs'],
    ['a.spec.mjs'],
    ['--require', 'tsx', 'a.spec.ts'],
    ['--parallel', 'a.spec.cjs', 'a.spec.mjs'],
  ])('runs with %o', LONG, async (args, { skip }) => {
    if (held.project === null) return skip('The registry cannot be reached');
    const { code, output } = await run(held.project, 'mocha', ['--timeout', '200000', ...args]);
    expect(output).toContain(args.includes('--parallel') ? '4 passing' : '2 passing');
    expect(code).toBe(0);
  });
});

describe('runners without a version of their own', () => {
  const nodeTest = "import { after as afterAll, before as beforeAll, test } from 'node:test';\n";
  const held = useProject(
    ['ava@6', 'tap@21', 'jest@30', '@happy-dom/jest-environment@20', '@types/node@20'],
    {
      'node/a.test.mjs': nodeTest + IMPORT + ASSERT + BODY,
      'node/a.test.cjs':
        "const { after: afterAll, before: beforeAll, test } = require('node:test');\n" +
        REQUIRE +
        ASSERT +
        BODY,
      'bun/a.test.js': "import { afterAll, beforeAll, expect, test } from 'bun:test';\n" + IMPORT + BODY,
      'bun/b.test.cjs':
        "const { afterAll, beforeAll, expect, test } = require('bun:test');\n" + REQUIRE + BODY,
      'deno/a_test.js':
        'const { beforeAll, afterAll } = Deno.test;\nconst { test } = Deno;\n' + IMPORT + ASSERT + BODY,
      'ava/a.test.mjs':
        "import ava from 'ava';\nconst beforeAll = ava.before, afterAll = ava.after.always;\n" +
        'const test = (name, run) => ava.serial(name, async (t) => { await run(); t.pass(); });\n' +
        IMPORT +
        ASSERT +
        BODY,
      'tap/a.test.mjs':
        "import tap from 'tap';\nconst beforeAll = (run) => tap.before(run), afterAll = (run) => tap.teardown(run);\n" +
        'const { test } = tap;\n' +
        IMPORT +
        ASSERT +
        BODY,
      'happy-dom/a.test.js': REQUIRE + BODY + MATCHERS,
      'happy-dom/jest.config.json': {
        testEnvironment: '@happy-dom/jest-environment',
        transform: {},
        setupFilesAfterEnv: ['restante/jest'],
      },
    },
  );

  it.for([
    ['node:test', 'node', ['--test', 'node/a.test.mjs', 'node/a.test.cjs'], /pass 4\n/],
    ['bun test', 'bun', ['test', 'bun'], / 4 pass\n/],
    ['deno test', 'deno', ['test', '-A', 'deno'], /2 passed/],
    // A test file of tap is a program. The loader of the command `tap` resolves the exports of packages unlike Node.
    ['tap', 'node', ['tap/a.test.mjs'], /pass: 2/],
    ['AVA', 'ava', ['--timeout=4m', 'ava/a.test.mjs'], /2 tests passed/],
    [
      'Jest with happy-dom',
      'jest',
      ['--ci', '--rootDir=happy-dom', '-c', 'happy-dom/jest.config.json'],
      /Tests: +3 passed/,
    ],
  ] as const)('runs with %s', LONG, async ([, program, args, passed], { skip }) => {
    if (held.project === null) return skip('The registry cannot be reached');
    const isRuntime = ['bun', 'deno'].includes(program);
    if (isRuntime && !installed(program)) return skip(`${program} is not installed`);
    const { code, output } = await run(held.project, program, args);
    expect(output).toMatch(passed);
    expect(code).toBe(0);
  });
});
