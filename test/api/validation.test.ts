/** Tests the errors for parameters and bodies that do not match the contract. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

async function post(path: string, body: unknown): Promise<{ status: number; problem: Problem }> {
  const headers = { 'content-type': 'application/json' };
  const response = await sandbox.api(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, problem: (await response.json()) as Problem };
}

it.each([
  ['messages', { subjct: 'x' }, 'subjct: unknown member; did you mean subject?'],
  ['application', { subjct: 'x' }, 'subjct: unknown member; did you mean subject?'],
  [
    'messages',
    { attachments: [{ filename: 'a', content: '', filenam: 'b' }] },
    'attachments.0.filenam: unknown member; did you mean filename?',
  ],
  ['messages', { envelope: { too: [] } }, 'envelope.too: unknown member; did you mean to?'],
  ['accounts', { adress: 'a@x.test' }, 'adress: unknown member; did you mean address?'],
  ['accounts', { colour: 'red' }, 'colour: unknown member; known: address, password, name'],
])('names the unknown member in a body for %s, and suggests a known one: %j', async (path, extra, detail) => {
  const mail = { from: 'a@x.test', to: ['b@x.test'] };
  const { status, problem } = await post(path, path === 'accounts' ? extra : { ...mail, ...extra });
  expect([status, problem.detail]).toEqual([400, detail]);
  expect(problem.errors?.map(({ message }) => message)).not.toContain('schema is false');
});

it.each(['limit=true', 'limit=false', 'limit=1e1', 'limit=', 'after=true', 'limit=0x10', 'after=0.5'])(
  'refuses a parameter that is not a number: %s',
  async (parameter) => {
    const response = await sandbox.api(`messages?${parameter}`);
    expect(response.status).toBe(400);
    const [name = ''] = parameter.split('=');
    expect(((await response.json()) as Problem).errors?.[0]?.path).toBe(name);
  },
);

it('refuses a rule that is no object, and a time of expiry that is no text', async () => {
  expect((await post('rules/check', [null])).status).toBe(400);
  const rule = { on: 'rcpt', then: { reject: '452 4.2.2 Full' } };
  expect((await post('rules', { ...rule, per: null })).problem.errors?.[0]?.path).toBe('per');
  expect((await post('rules', { ...rule, when: { query: null } })).problem.errors?.[0]?.path).toBe(
    'when.query',
  );
  const checked = await post('rules/check', { ...rule, per: null, when: { query: null } });
  expect([checked.status, checked.problem.errors?.map(({ path }) => path)]).toEqual([
    200,
    ['per', 'when.query'],
  ]);
  expect((await post('rules', { ...rule, expiresAt: 0 })).problem.errors?.[0]?.path).toBe('expiresAt');
});

it('refuses a method or path that does not exist, whatever the body is', async () => {
  const headers = { 'content-type': 'application/x-unknown' };
  const method = await sandbox.api('info', { method: 'POST', headers, body: 'x' });
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect((await sandbox.api('nothing', { method: 'POST', headers, body: 'x' })).status).toBe(404);
});
