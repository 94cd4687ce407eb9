/**
 * Tests of the rules file: its rules apply from the start, and a changed file is read again, completely or not at
 * all.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../server/sandbox/index.ts';
import { temporaryDirectory } from './helpers/program.ts';

const FREE = { smtpPort: 0, httpPort: 0, imapPort: null, pop3Port: null, memory: true } as const;
const rule = (name: string, more: object = {}) => ({
  name,
  on: 'rcpt',
  then: { reject: '550 5.1.1 no' },
  ...more,
});

async function open(content: unknown) {
  const file = path.join(temporaryDirectory(), 'rules.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const logged: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const sandbox = await createSandbox({ ...FREE, rules: file }, { logger });
  onTestFinished(() => sandbox.close());
  const call = async (method: string, where: string, body?: unknown) => {
    const response = await fetch(new URL(`api/${where}`, sandbox.url ?? ''), {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return {
      status: response.status,
      body: response.status === 204 ? null : await response.json(),
    };
  };
  const list = async (): Promise<{ id: string; name: string; source: string; hits: number }[]> =>
    ((await call('GET', 'rules')).body as { rules: [] }).rules;
  return { file, logged, call, list };
}

it('applies from the start, after the rules that the API created, and is read-only for the API', async () => {
  const { list, call } = await open({ rules: [rule('one'), rule('two', { id: 'second' })] });
  await call('POST', 'rules', rule('from a test'));
  expect((await list()).map(({ name, source }) => [name, source])).toEqual([
    ['from a test', 'store'],
    ['one', 'file'],
    ['two', 'file'],
  ]);
  for (const [method, where] of [
    ['DELETE', 'rules/second'],
    ['PUT', 'rules/file-1'],
  ] as const) {
    const { status, body } = await call(method, where, method === 'PUT' ? rule('x') : undefined);
    expect([status, (body as { detail: string }).detail]).toEqual([
      409,
      expect.stringMatching(/rules file and cannot be changed here: edit the file/),
    ]);
  }
  expect((await call('DELETE', 'rules?all=true')).body).toEqual({ count: 1 });
  expect(await list()).toHaveLength(2);
});

it('is read again when it is written or replaced; an unchanged rule keeps its counters', async () => {
  const { file, list, call } = await open([rule('one', { id: 'a' }), rule('two', { id: 'b' })]);
  await call('POST', 'messages', { from: 'a@x.test', to: ['b@x.test'], subject: 'x', text: 'x' });
  expect((await list()).map(({ hits }) => hits)).toEqual([1, 0]);
  writeFileSync(`${file}.new`, JSON.stringify([rule('three', { id: 'c' }), rule('one', { id: 'a' })]));
  renameSync(`${file}.new`, file);
  await expect
    .poll(async () => (await list()).map(({ name, hits }) => [name, hits]))
    .toEqual([
      ['three', 0],
      ['one', 1],
    ]);
  writeFileSync(file, JSON.stringify([rule('four')]));
  await expect.poll(async () => (await list()).map(({ name }) => name)).toEqual(['four']);
});

it('leaves the rules unchanged if it is invalid, and logs the position of the error', async () => {
  const { file, logged, list } = await open([rule('one')]);
  writeFileSync(file, JSON.stringify([rule('one'), { on: 'rcpt', then: { reject: 'go away' } }]));
  await expect.poll(() => logged.join('')).toMatch(/rules\[1\]\.then\.reject .*; the rules are unchanged/);
  expect((await list()).map(({ name }) => name)).toEqual(['one']);
});

it.each([
  ['[\n  {"on": "rcpt",}\n]', /^--rules \S+rules\.json: it is not JSON at line 2, column \d+: /],
  ['{"rule": []}', /: it must be a list of rules, or \{ "rules": \[…\] \}$/],
  [
    [rule('x', { id: 'a' }), rule('y', { id: 'a' })],
    /: rules\[1\]\.id is a, which is already the id of another rule$/,
  ],
  [[rule('x', { on: 'lunch' })], /: rules\[0\]\.on /],
])('that is wrong ends the start: %j', async (content, message) => {
  await expect(open(content)).rejects.toThrow(message);
});

it('prevents the start if it does not exist', async () => {
  await expect(createSandbox({ ...FREE, rules: '/nowhere/rules.json' })).rejects.toThrow(
    /--rules \/nowhere\/rules\.json: there is no such file or directory$/,
  );
});
