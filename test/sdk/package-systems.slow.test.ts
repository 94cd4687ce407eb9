/** Tests the published package with every module system and version of TypeScript that it supports. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../helpers/documentation.ts';
import { createProject, writeFiles, type Project } from '../helpers/project.ts';
import { mustRun } from '../helpers/tool.ts';

const VERSIONS = ['5.2', '5.4', '5.9', '6.0'];
const LONG = { timeout: 300_000 };

/** A program that uses the types as a user does; it is checked with every supported version of TypeScript. */
const USE = `
import { connect, startSandbox, MailTimeoutError, type Inbox, type Message, type Part, type RuleInput } from 'restante';
import { assertMail, useSandbox } from 'restante/node-test';
import { mailTasks } from 'restante/cypress/plugin';
import { expect as expectPlaywright } from 'restante/playwright';
import { expect as expectVitest } from 'vitest';
import { expect as expectJest } from '@jest/globals';
import 'restante/vitest';
import 'restante/jest';
export async function use(message: Message, inbox: Inbox): Promise<void> {
  const sandbox = await startSandbox({ maxMessages: 5, timeout: 100 });
  const other = await connect('http://127.0.0.1:8025', { auth: { user: 'a', password: 'b' } });
  const code: string = await inbox.waitForCode({ near: /code/i, length: 6 }, { timeout: 0 });
  const part: Part | undefined = message.structure.parts[0]?.parts[0];
  const size: number | undefined = part?.size;
  const rule: RuleInput = { on: 'mail', then: { reject: '451 4.7.1 later' }, times: 2 };
  // @ts-expect-error -- the size is a number, not any
  const wrong: string = size;
  // @ts-expect-error -- there is no such stage
  const stage: RuleInput = { on: 'male' };
  expectVitest(message).toHaveSubject('x');
  expectJest(message).toHaveSubject('x');
  expectPlaywright(message).toHaveSubject('x');
  void [sandbox, other, code, rule, wrong, stage, MailTimeoutError, assertMail, useSandbox, mailTasks];
}
`;

/**
 * Checks one file and the declarations of the package, without `skipLibCheck`; prints the errors and the number of
 * files. The first argument is the version of TypeScript.
 */
const CHECKER = `
const [version, kind, moduleResolution, file] = process.argv.slice(2);
const ts = require('typescript-' + version);
const { options, errors } = ts.convertCompilerOptionsFromJson({
  module: kind, moduleResolution, target: 'es2022', lib: ['es2023', 'dom', 'esnext.disposable'], types: ['node'],
  strict: true, exactOptionalPropertyTypes: true, esModuleInterop: true, noEmit: true, skipLibCheck: false,
}, process.cwd());
const program = ts.createProgram([file], options);
const checked = program.getSourceFiles().filter(({ fileName }) => /\\/restante\\/|\\/use\\./.test(fileName));
const found = [...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(),
  ...checked.flatMap((each) => [...program.getSyntacticDiagnostics(each), ...program.getSemanticDiagnostics(each)])];
process.stdout.write(ts.formatDiagnostics(found, {
  getCanonicalFileName: (name) => name, getCurrentDirectory: () => process.cwd(), getNewLine: () => '\\n' }));
console.log(checked.length > 20, ts.version);
`;

let project: Project | null;
beforeAll(async () => {
  const compilers = VERSIONS.map((version) => `typescript-${version}@npm:typescript@${version}`);
  const runners = ['vitest@4', '@jest/globals@29', '@playwright/test@1', 'cypress@14', '@types/node@20'];
  project = await createProject([...compilers, ...runners]);
  if (project === null) return;
  const files = ['ts', 'cts', 'mts'].map((extension) => [`use.${extension}`, USE] as const);
  writeFiles(project.folder, { 'check.cjs': CHECKER, ...Object.fromEntries(files) });
}, 400_000);
afterAll(() => project?.remove());

const tarball = (folder: string): string =>
  path.join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');

it('passes publint without a suggestion', LONG, async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  const output = await mustRun(path.join(root, 'node_modules', '.bin', 'publint'), [
    tarball(project.folder),
    '--strict',
  ]);
  expect(output).toContain('All good!');
});

it('resolves to the right types in each module system (arethetypeswrong)', LONG, async ({ skip }) => {
  if (project === null) return skip('The registry cannot be reached');
  const args = [tarball(project.folder), '--format', 'json'];
  const output = await mustRun(path.join(root, 'node_modules', '.bin', 'attw'), args);
  const { analysis, problems } = JSON.parse(output) as {
    analysis: { entrypoints: object };
    problems: object;
  };
  expect(Object.keys(analysis.entrypoints)).toContain('./cypress/plugin');
  expect(problems).toEqual({});
});

const SYSTEMS = [
  ['commonjs', 'node10', 'use.ts'],
  ['node16', 'node16', 'use.cts'],
  ['node16', 'node16', 'use.mts'],
  ['esnext', 'bundler', 'use.ts'],
] as const;

it.each(
  VERSIONS.flatMap((version) => SYSTEMS.map((system) => [version, ...system] as const)).filter(
    ([version, , resolution]) => !(version === '6.0' && resolution === 'node10'),
  ),
)('has sound types in TypeScript %s with module %s, resolution %s, %s', LONG, async (...system) => {
  if (project === null) return;
  const output = await mustRun(process.execPath, ['check.cjs', ...system], { cwd: project.folder });
  expect(output).toMatch(new RegExp(`^true ${system[0].replace('.', '[.]')}`));
});
