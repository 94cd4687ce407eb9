/** Tests Resend's API in a running sandbox: emails, batches, idempotency keys, scheduled emails and errors. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { callProvider, headerOf, takeMessages, typesOf } from '../helpers/providers.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
afterEach(() => takeMessages(sandbox));

const call = (
  path: string,
  body?: unknown,
  method = 'POST',
  headers: Readonly<Record<string, string>> = {},
) =>
  callProvider(sandbox, `resend${path}`, {
    method,
    headers: { authorization: 'Bearer re_abcdefghijklmnop', ...headers },
    ...(body === undefined ? {} : { body }),
  });

const EMAIL = {
  from: 'Shop <shop@shop.test>',
  to: ['Ann <ann@shop.test>'],
  subject: 'Grüße',
  html: '<p>Hello</p>',
};
const idOf = (response: { json(): unknown }): string => (response.json() as { id: string }).id;

it('composes an email and returns it by its id', async () => {
  const response = await call('/emails', {
    ...EMAIL,
    text: 'Hello',
    cc: 'bob@shop.test',
    bcc: ['eve@shop.test'],
    reply_to: 'reply@shop.test',
    headers: { 'X-Own': 'a' },
    tags: [{ name: 'kind', value: 'welcome' }],
    attachments: [
      { filename: 'a.txt', content: Buffer.from('text').toString('base64') },
      {
        filename: 'b.bin',
        content: { type: 'Buffer', data: [0, 1, 255] },
        content_type: 'application/x-own',
      },
      { filename: 'logo.png', content: 'AAEC', content_id: 'logo' },
      { path: 'https://files.test/far.pdf?x=1' },
    ],
  });
  expect(response.status).toBe(200);
  const id = idOf(response);
  const email = (await call(`/emails/${id}`, undefined, 'GET')).json();
  expect(email).toMatchObject({
    object: 'email',
    id,
    message_id: `<${id}@email.amazonses.com>`,
    from: 'Shop <shop@shop.test>',
    to: ['Ann <ann@shop.test>'],
    cc: ['bob@shop.test'],
    bcc: ['eve@shop.test'],
    html: '<p>Hello</p>',
    text: expect.stringMatching(/^Hello\s*$/),
    last_event: 'delivered',
    scheduled_at: null,
    tags: [{ name: 'kind', value: 'welcome' }],
  });
  const [message] = await takeMessages(sandbox);
  expect(typesOf(message!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/plain',
    'application/x-own',
    'application/pdf',
  ]);
  expect(message).toMatchObject({
    envelope: { from: 'shop@shop.test', to: ['ann@shop.test', 'bob@shop.test', 'eve@shop.test'] },
    origin: { provider: { name: 'resend', endpoint: 'POST /emails', id, apiKey: 're_…mnop' } },
  });
  expect(headerOf(message!, 'x-own')).toBe('a');
});

it('returns an email only to the key that sent it', async () => {
  const id = idOf(await call('/emails', EMAIL));
  const other = await call(`/emails/${id}`, undefined, 'GET', { authorization: 'Bearer re_other' });
  expect([other.status, other.json()]).toMatchObject([404, { name: 'not_found', statusCode: 404 }]);
  const closed = await startTestSandbox({ webAuth: { user: 'a', password: 'b' } });
  const headers = { authorization: 'Bearer re_abcdefghijklmnop' };
  const refused = await callProvider(closed, 'resend/emails', { method: 'GET', headers });
  expect(refused.status).toBe(403);
});

it('lists emails in pages', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift(idOf(await call('/emails', { ...EMAIL, subject: String(n) })));
  const list = async (query: string) => {
    const page = (await call(`/emails?${query}`, undefined, 'GET')).json() as {
      has_more: boolean;
      data: readonly { id: string }[];
    };
    return [page.data.map(({ id }) => ids.indexOf(id)), page.has_more];
  };
  expect(await list('limit=2')).toEqual([[0, 1], true]);
  expect(await list(`limit=2&after=${ids[1]}`)).toEqual([[2, 3], true]);
  expect(await list(`limit=2&after=${ids[3]}`)).toEqual([[4], false]);
  expect(await list(`limit=2&before=${ids[3]}`)).toEqual([[1, 2], true]);
  expect((await call('/emails?limit=0', undefined, 'GET')).status).toBe(422);
});

it('captures a batch, and in the permissive mode its valid emails', async () => {
  const wrong = { ...EMAIL, to: 'nobody' };
  const second = { ...EMAIL, subject: 'Second' };
  expect((await call('/emails/batch', [EMAIL, wrong])).json()).toMatchObject({ name: 'validation_error' });
  expect(await takeMessages(sandbox)).toEqual([]);
  const permissive = await call('/emails/batch', [EMAIL, wrong, second], 'POST', {
    'x-batch-validation': 'permissive',
  });
  expect(permissive.json()).toMatchObject({
    data: [{ id: expect.any(String) }, { id: expect.any(String) }],
    errors: [{ index: 1, message: expect.stringContaining('Invalid `to` field') }],
  });
  const messages = await takeMessages(sandbox);
  expect(messages.map(({ subject }) => subject)).toEqual(['Grüße', 'Second']);
  expect(messages[1]?.origin.provider?.request).toEqual(second);
});

it.each([
  [[]],
  [{}],
  [Array.from({ length: 101 }, () => EMAIL)],
  [[{ ...EMAIL, scheduled_at: 'in 1 min' }]],
  [[{ ...EMAIL, attachments: [] }]],
])('refuses the batch %j', async (body) => {
  const response = await call('/emails/batch', body);
  expect([response.status, response.json()]).toMatchObject([422, { statusCode: 422 }]);
  expect(await takeMessages(sandbox)).toEqual([]);
});

it('captures a request with an idempotency key once', async () => {
  const headers = { 'idempotency-key': 'order/1' };
  const results = await Promise.all(Array.from({ length: 5 }, () => call('/emails', EMAIL, 'POST', headers)));
  const first = await call('/emails', EMAIL, 'POST', headers);
  expect(first.status).toBe(200);
  for (const result of results) {
    if (result.status === 200) expect(result.text).toBe(first.text);
    else expect(result.json()).toMatchObject({ statusCode: 409, name: 'concurrent_idempotent_requests' });
  }
  const other = await call('/emails', { ...EMAIL, subject: 'Other' }, 'POST', headers);
  expect(other.json()).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
  expect(await takeMessages(sandbox)).toHaveLength(1);
  const failing = { 'idempotency-key': 'order/2' };
  expect((await call('/emails', { ...EMAIL, to: 'x' }, 'POST', failing)).status).toBe(422);
  expect((await call('/emails', EMAIL, 'POST', failing)).status).toBe(200);
  expect((await call('/emails', EMAIL, 'POST', { 'idempotency-key': 'x'.repeat(257) })).status).toBe(400);
});

it('reschedules and cancels a scheduled email', async () => {
  const id = idOf(await call('/emails', { ...EMAIL, scheduled_at: 'in 1 hour' }));
  const state = async () => (await call(`/emails/${id}`, undefined, 'GET')).json();
  expect(await state()).toMatchObject({ last_event: 'scheduled', scheduled_at: 'in 1 hour' });
  const later = '2030-01-01T00:00:00.000Z';
  expect((await call(`/emails/${id}`, { scheduled_at: later }, 'PATCH')).json()).toEqual({
    object: 'email',
    id,
  });
  expect(await state()).toMatchObject({ last_event: 'scheduled', scheduled_at: later });
  expect((await call(`/emails/${id}/cancel`)).json()).toEqual({ object: 'email', id });
  expect(await state()).toMatchObject({ last_event: 'canceled' });
  expect((await call(`/emails/${id}/cancel`)).status).toBe(422);
  expect((await takeMessages(sandbox))[0]?.tags).toEqual(['canceled']);
});

it.each([
  [{ from: undefined }, 'missing_required_field', 'Missing `from` field.'],
  [{ from: 'shop' }, 'invalid_from_address', 'Invalid `from` field.'],
  [{ to: undefined }, 'missing_required_field', 'Missing `to` field.'],
  [{ to: [] }, 'missing_required_field', 'Missing `to` field.'],
  [{ to: ['a@shop.test, b@shop.test'] }, 'validation_error', 'Invalid `to` field.'],
  [{ to: Array.from({ length: 51 }, () => 'a@shop.test') }, 'validation_error', '50'],
  [{ to: 'ann@example.com' }, 'validation_error', 'testing email address'],
  [{ subject: undefined }, 'missing_required_field', 'Missing `subject` field.'],
  [{ html: undefined }, 'missing_required_field', 'Missing `html` or `text` field.'],
  [{ html: 1 }, 'validation_error', 'Invalid `html` field.'],
  [{ headers: { 'a b': 'c' } }, 'validation_error', 'Invalid `headers` field.'],
  [{ attachments: [{ filename: 'a' }] }, 'invalid_attachment', '`content` or `path`'],
  [{ attachments: [{ filename: 'a', content: [256] }] }, 'validation_error', 'octets'],
  [{ attachments: [{ filename: 'a', content: '%%%' }] }, 'validation_error', 'Base64'],
])('refuses %j', async (change, name, message) => {
  const response = await call('/emails', { ...EMAIL, ...change });
  expect(response.status).toBe(422);
  expect(response.json()).toMatchObject({ statusCode: 422, name, message: expect.stringContaining(message) });
  expect(await takeMessages(sandbox)).toEqual([]);
});
