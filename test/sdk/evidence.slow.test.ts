/**
 * The mail of a failed test is kept with every runner, in a folder that the error names; a test that passes leaves
 * nothing. The projects are installed from the packed file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProject, writeFiles, type Project } from '../helpers/project.ts';
import { NO_RUNNER, runTool } from '../helpers/tool.ts';

/** Returns the three tests of a file. \`declare\` writes one test around the lines that use \`inbox\`. */
const tests = (declare: (name: string, lines: string) => string): string =>
  [
    declare(
      'a wait fails',
      `await inbox.send({ to: inbox.address, subject: 'Hello' }, { smtp: inbox.smtp.url });
       await inbox.waitFor({ subject: 'never' }, { timeout: 0 });`,
    ),
    declare(
      'an assertion fails',
      `await inbox.send({ to: inbox.address, subject: 'Hello' }, { smtp: inbox.smtp.url });
       if ((await inbox.waitFor()).subject !== 'never') throw new Error('Another subject');`,
    ),
    declare(
      'it passes',
      `await inbox.send({ to: inbox.address, subject: 'Hello' });
       await inbox.waitFor({ subject: 'never' }, { timeout: 0 }).catch(() => undefined);`,
    ),
  ].join('\n');

const withFixture = (name: string, lines: string): string =>
  `test(${JSON.stringify(name)}, async ({ inbox, sandbox }) => {\n${lines}\nvoid sandbox.url;\n});`;

const RUNNERS: Readonly<
  Record<string, { files: Record<string, unknown>; command: readonly string[]; env?: object }>
> = {
  vitest: {
    files: { 'a.test.js': `import { test } from 'restante/vitest';\n${tests(withFixture)}` },
    command: ['vitest', 'run', '--dir', '.'],
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
};

let project: Project | null;
beforeAll(async () => {
  project = await createProject(['vitest@4', 'jest@29', 'mocha@11']);
}, 400_000);
afterAll(() => project?.remove());

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replace(/\.\w{8}@restante\.test/, ''))
    .sort();

it.each(Object.keys(RUNNERS))('%s', async (name) => {
  if (project === null) return;
  const { files, command, env } = RUNNERS[name]!;
  const cwd = path.join(project.folder, name.replaceAll(/\W+/g, '-'));
  writeFiles(cwd, { 'package.json': { name: 'tests' }, ...files });
  const [program = '', ...args] = command;
  const bin =
    program === 'node' ? process.execPath : path.join(project.folder, 'node_modules', '.bin', program);
  const result = await runTool(bin, args, { cwd, env: { ...NO_RUNNER, ...env }, deadline: 100_000 });
  const output = stripVTControlCharacters(result.output);
  expect(result.code, output).not.toBe(0);
  const kept = path.join(cwd, 'test-results', 'restante');
  expect(readdirSync(kept).sort(), output).toEqual(['a-wait-fails', 'an-assertion-fails']);
  for (const test of readdirSync(kept)) {
    expect(output).toContain(`The mail of this test: ${path.join(kept, test)}`);
    const names = filesIn(path.join(kept, test)).join(' ');
    expect(names).toMatch(/\d+-Hello\.eml .*\d+-Hello\.transcript\.txt/);
    expect(names.includes('.wait.txt')).toBe(test === 'a-wait-fails');
  }
  const [report = ''] = readdirSync(path.join(kept, 'a-wait-fails')).filter((file) =>
    file.endsWith('.wait.txt'),
  );
  const text = readFileSync(path.join(kept, 'a-wait-fails', report), 'utf8');
  expect(text).toContain('wanted     subject:"never"');
  expect(text).toContain('"seq":');
  expect(existsSync(path.join(kept, 'it-passes'))).toBe(false);
});
