/** Tests the common part of the emulated providers: routing, API keys, accounts, limits, rules and stored requests. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenSessions, Rule } from '../../contract/index.ts';
import { excerptOf } from '../../server/providers/excerpt.ts';
import { maskKey } from '../../server/providers/keys.ts';
import { callProvider, takeMessages } from '../helpers/providers.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const KEY = 'SG.abcdefghijklmnop.secretsecretWXYZ';
const mail = (to: string, more: object = {}): object => ({
  personalizations: [{ to: [{ email: to }] }],
  from: { email: 'shop@example.test', name: 'Shop' },
  subject: 'Hello',
  content: [{ type: 'text/plain', value: 'Your code is 482913' }],
  ...more,
});

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox({ maxMessageSize: 100_000 });
});
afterAll(() => sandbox.close());
afterEach(() => takeMessages(sandbox));

const send = (body: unknown, key = KEY, at = sandbox) =>
  callProvider(at, 'sendgrid/v3/mail/send', { body, headers: bearer(key) });

interface Errors {
  readonly errors: readonly { readonly message: string; readonly field: string | null }[];
}

describe('an accepted request', () => {
  it('keeps its JSON with the message, with the key masked', async () => {
    const body = mail('ann@example.test', { categories: ['welcome'] });
    expect((await send(body)).status).toBe(202);
    const [message, ...others] = await takeMessages(sandbox);
    expect(others).toEqual([]);
    expect(message?.origin).toMatchObject({
      kind: 'api',
      user: null,
      peer: expect.stringContaining('127.0.0.1'),
      provider: { name: 'sendgrid', endpoint: 'POST /v3/mail/send', apiKey: 'SG.…WXYZ', request: body },
    });
    expect(JSON.stringify(message)).not.toContain('secretsecret');
  });

  it('delivers to the account of the recipient, and to the account of a key that is an address', async () => {
    await send(mail('ann@example.test'), 'team@example.test');
    const [message] = await takeMessages(sandbox, 'team@example.test');
    expect(message).toMatchObject({ user: 'team@example.test', envelope: { to: ['ann@example.test'] } });
  });
});

describe('a refused request', () => {
  it.each([
    ['no key', {}, 401],
    ['a login of Basic', { authorization: 'Basic YTpi' }, 401],
  ])('reports %s in the form of the provider', async (_name, headers, status) => {
    const response = await callProvider(sandbox, 'sendgrid/v3/mail/send', {
      body: mail('a@x.test'),
      headers,
    });
    expect([response.status, response.json()]).toMatchObject([status, { errors: [{ field: null }] }]);
  });

  it.each([
    ['POST', 'sendgrid/v3/nothing', 404],
    ['GET', 'sendgrid', 404],
    ['GET', 'sendgrid/v3/mail/send', 405],
  ])('reports the unknown route %s %s', async (method, path, status) => {
    const response = await callProvider(sandbox, path, { method, headers: bearer(KEY) });
    expect(response.status).toBe(status);
    expect((response.json() as Errors).errors).toHaveLength(1);
  });

  it.each(['', '{', '[1', 'null', '"text"', '[]', '{"personalizations":"x"}'])(
    'reports the body %j and captures nothing',
    async (body) => {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect((response.json() as Errors).errors[0]?.message).not.toBe('');
      expect(await takeMessages(sandbox)).toEqual([]);
    },
  );

  it('captures none of several messages if one is wrong or too large', async () => {
    const good = { to: [{ email: 'ann@example.test' }] };
    const wrong = await send(mail('', { personalizations: [good, { to: [{ email: 'no address' }] }] }));
    expect(wrong.json()).toMatchObject({ errors: [{ field: 'personalizations.1.to.0.email' }] });
    const value = 'x'.repeat(100_000);
    const large = await send(
      mail('', { personalizations: [good, good], content: [{ type: 'text/plain', value }] }),
    );
    expect(large.status).toBe(413);
    expect(await takeMessages(sandbox)).toEqual([]);
  });

  it('refuses the page of another site in the form of the provider', async () => {
    const headers = { ...bearer(KEY), origin: 'https://evil.example' };
    const response = await callProvider(sandbox, 'sendgrid/v3/mail/send', {
      body: mail('a@x.test'),
      headers,
    });
    expect(response.status).toBe(403);
    expect((response.json() as Errors).errors[0]?.message).toContain('https://evil.example');
  });

  it('refuses an unknown provider with a problem document', async () => {
    const response = await callProvider(sandbox, 'nobody/v3/mail/send', { body: {} });
    expect([response.status, response.json()]).toMatchObject([404, { type: 'urn:restante:not-found' }]);
  });
});

describe('rules', () => {
  const withRule = async (rule: object, work: () => Promise<void>): Promise<void> => {
    const { id } = await sandbox.json<Rule>('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'test', on: 'rcpt', ...rule }),
    });
    await work().finally(() => sandbox.api(`rules/${id}`, { method: 'DELETE' }));
  };

  it.each([
    ['550 5.1.1 No such user', 400],
    ['451 4.3.0 Try later', 503],
  ])('refuses a request by the reply %s', async (reject, status) => {
    await withRule({ when: { rcpt: 'bob@example.test' }, then: { reject } }, async () => {
      const response = await send(mail('bob@example.test'));
      expect([response.status, response.json()]).toMatchObject([status, { errors: [{ message: reject }] }]);
    });
    expect(await takeMessages(sandbox)).toEqual([]);
  });

  it('accepts a request of which some recipients are refused, and records the refusal', async () => {
    const to = [{ email: 'ann@example.test' }, { email: 'bob@example.test' }];
    await withRule({ when: { rcpt: 'bob@example.test' }, then: { reject: '550 5.1.1 Gone' } }, async () => {
      expect((await send(mail('', { personalizations: [{ to }] }))).status).toBe(202);
    });
    const [message] = await takeMessages(sandbox);
    expect(message?.envelope.to).toEqual(['ann@example.test']);
    const { refused } = await sandbox.json<OpenSessions>('sessions');
    expect(refused.at(-1)).toMatchObject({ to: ['bob@example.test'], reply: '550 5.1.1 Gone' });
  });
});

it('accepts only the configured keys, and also without the login of the UI', async () => {
  const closed = await startTestSandbox({
    providerKey: [
      { key: 'SG.first', user: null },
      { key: 'SG.second=', user: 'team@example.test' },
    ],
    webAuth: { user: 'admin', password: 'pw' },
  });
  expect((await send(mail('ann@example.test'), 'SG.other', closed)).status).toBe(401);
  expect((await send(mail('ann@example.test'), 'team@example.test', closed)).status).toBe(401);
  expect((await send(mail('ann@example.test'), 'SG.first', closed)).status).toBe(202);
  expect((await send(mail('ann@example.test'), 'SG.second=', closed)).status).toBe(202);
  expect((await fetch(new URL('api/messages', closed.url))).status).toBe(401);
  const headers = { authorization: `Basic ${Buffer.from('admin:pw').toString('base64')}` };
  const page = await closed.json<{ total: number }>('messages?account=team@example.test', { headers });
  expect(page.total).toBe(1);
});

it('requires the password of an account for a key with the address of the account', async () => {
  await sandbox.json('accounts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: 'own@example.test', password: 'secret' }),
  });
  expect((await send(mail('ann@example.test'), 'own@example.test:wrong')).status).toBe(401);
  expect((await send(mail('ann@example.test'), 'own@example.test:secret')).status).toBe(202);
});

it.each([
  ['SG.abcdefghijklmnop.qrstuvwx1234', 'SG.…1234'],
  ['re_abcdefghijklmnop1234', 're_…1234'],
  ['0123456789abcdef0123456789abcdef', '…cdef'],
  ['short', '…'],
  ['ann@example.test:password', 'ann@example.test:…'],
])('masks the key %s', (key, mask) => expect(maskKey(key)).toBe(mask));

it('cuts long texts of a stored request, and the content of attachments sooner', () => {
  const long = 'x'.repeat(200_000);
  const cut = excerptOf({
    html: long,
    attachments: [{ filename: 'a.txt', content: 'A'.repeat(1000) }],
    n: 1,
  });
  expect(cut).toEqual({
    html: `${'x'.repeat(100_000)}… (100000 more characters)`,
    attachments: [{ filename: 'a.txt', content: `${'A'.repeat(200)}… (800 more characters)` }],
    n: 1,
  });
  const many = excerptOf(Array.from({ length: 20 }, () => ({ html: long })));
  expect(JSON.stringify(many).length).toBeLessThan(500_000);
});
