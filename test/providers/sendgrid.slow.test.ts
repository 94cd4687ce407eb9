/** Tests SendGrid's API in a running sandbox: the composed messages and the errors. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { callProvider, headerOf, takeMessages, typesOf } from '../helpers/providers.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
afterEach(() => takeMessages(sandbox));

const headers = { authorization: 'Bearer SG.key' };
const call = (path: string, body?: unknown, method = 'POST') =>
  callProvider(sandbox, `sendgrid${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
const send = (body: object) => call('/v3/mail/send', { ...BASE, ...body });

const ann = { email: 'ann@example.test', name: 'Ann Müller' };
const bob = { email: 'bob@example.test' };
const BASE = {
  personalizations: [{ to: [ann] }],
  from: { email: 'shop@example.test', name: 'Shop' },
  subject: 'Grüße',
  content: [
    { type: 'text/plain', value: 'Text\n' },
    { type: 'text/html', value: '<p>HTML <img src="cid:logo"></p>' },
  ],
};

it('composes alternatives, inline parts and attachments', async () => {
  const response = await send({
    personalizations: [
      { to: [ann], cc: [bob], bcc: [{ email: 'eve@example.test' }], headers: { 'X-Own': 'b' } },
    ],
    reply_to: { email: 'reply@example.test' },
    headers: { 'X-Own': 'a', 'X-Both': 'ä' },
    attachments: [
      { content: 'AAEC', filename: 'logo.png', type: 'image/png', disposition: 'inline', content_id: 'logo' },
      { content: Buffer.from('a,b').toString('base64'), filename: 'Größe.csv', type: 'text/csv' },
    ],
  });
  expect([response.status, response.text]).toEqual([202, '']);
  const id = response.headers.get('x-message-id') ?? '';
  expect(id).toMatch(/^[\w-]{22}$/);
  const [message] = await takeMessages(sandbox);
  expect(typesOf(message!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(message).toMatchObject({
    subject: 'Grüße',
    from: [{ name: 'Shop', address: 'shop@example.test' }],
    to: [{ name: 'Ann Müller', address: 'ann@example.test' }],
    cc: [{ address: 'bob@example.test' }],
    replyTo: [{ address: 'reply@example.test' }],
    bcc: [{ address: 'eve@example.test' }],
    envelope: { from: 'shop@example.test', to: ['ann@example.test', 'bob@example.test', 'eve@example.test'] },
    attachments: [
      { filename: 'logo.png', contentId: 'logo', inline: true, size: 3 },
      { filename: 'Größe.csv', inline: false, size: 3 },
    ],
    origin: { provider: { id } },
  });
  expect(message!.messageId).toContain(id);
  expect(headerOf(message!, 'bcc')).toBeUndefined();
  expect([headerOf(message!, 'x-own'), headerOf(message!, 'x-both')]).toEqual(['b', 'ä']);
});

it('sends one message for each personalization, with substitutions and its own request', async () => {
  const response = await send({
    personalizations: [
      { to: [ann], substitutions: { '-name-': 'Ann' } },
      {
        to: [bob],
        subject: 'For -name-',
        substitutions: { '-name-': 'Bob' },
        from: { email: 'b@example.test' },
      },
    ],
    subject: 'Hello -name-',
    content: [{ type: 'text/plain', value: 'Dear -name-' }],
  });
  expect(response.status).toBe(202);
  const messages = await takeMessages(sandbox);
  expect(messages.map(({ subject, text, from }) => [subject, text?.trim(), from[0]?.address])).toEqual([
    ['Hello Ann', 'Dear Ann', 'shop@example.test'],
    ['For Bob', 'Dear Bob', 'b@example.test'],
  ]);
  const request = messages[1]?.origin.provider?.request as { personalizations: unknown };
  expect(request.personalizations).toMatchObject([{ to: [bob] }]);
  expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(2);
});

it('answers 200 in the sandbox mode, and tags the message', async () => {
  const response = await send({ mail_settings: { sandbox_mode: { enable: true } } });
  expect(response.status).toBe(200);
  expect((await takeMessages(sandbox))[0]?.tags).toEqual(['sandbox']);
});

it('captures scheduled mail at once, and tags it', async () => {
  const soon = Math.floor(Date.now() / 1000) + 3600;
  expect((await send({ send_at: soon })).status).toBe(202);
  expect((await takeMessages(sandbox))[0]?.tags).toEqual(['scheduled']);
  const late = await send({ send_at: soon + 80 * 3600 });
  expect([late.status, late.json()]).toMatchObject([400, { errors: [{ field: 'send_at' }] }]);
});

it('renders stored dynamic templates, and describes unknown ones', async () => {
  const created = await call('/v3/templates', { name: 'Welcome', generation: 'dynamic' });
  const { id } = created.json() as { id: string };
  expect(id).toMatch(/^d-[0-9a-f]{32}$/);
  const version = await call(`/v3/templates/${id}/versions`, {
    name: 'First',
    subject: 'Hi {{name}}',
    plain_content: '{{#if (length items)}}{{/if}}{{insert nick "default=friend"}} & {{name}}',
    html_content: '{{#each items}}<b>{{this}}</b>{{/each}}{{#equals n 1}}one{{else}}many{{/equals}}',
  });
  expect(version.status).toBe(201);
  expect((await call(`/v3/templates/${id}`, undefined, 'GET')).json()).toMatchObject({
    versions: [{ active: 1, name: 'First', subject: 'Hi {{name}}' }],
  });
  const data = { name: 'A&B', items: ['x', '<y>'], n: '1' };
  const used = { to: [ann], dynamic_template_data: data };
  const without = { personalizations: [used], content: undefined, subject: undefined };
  expect((await send({ ...without, template_id: id })).status).toBe(202);
  expect((await send({ ...without, template_id: 'd-unknown' })).status).toBe(202);
  const [rendered, unknown] = await takeMessages(sandbox);
  expect(rendered).toMatchObject({
    subject: 'Hi A&B',
    text: 'friend & A&B',
    html: '<b>x</b><b>&lt;y&gt;</b>one',
  });
  expect(unknown).toMatchObject({
    tags: ['unknown-template'],
    text: expect.stringContaining('"name": "A&B"'),
  });
  await call(`/v3/templates/${id}/versions/v`, { plain_content: '{{#if}', html_content: '' }, 'PATCH');
  const broken = await send({ ...without, template_id: id });
  expect([broken.status, broken.json()]).toMatchObject([400, { errors: [{ field: 'template_id' }] }]);
  expect((await call(`/v3/templates/${id}`, undefined, 'DELETE')).status).toBe(204);
  expect((await call(`/v3/templates/${id}`, undefined, 'GET')).status).toBe(404);
});

const long = Array.from({ length: 1001 }, () => ({ to: [ann] }));

it.each([
  [{ personalizations: undefined }, 'personalizations', 'must have at least one personalization'],
  [{ personalizations: long }, 'personalizations', 'The limit is 1000'],
  [{ personalizations: [{ to: [] }] }, 'personalizations.0.to', 'The to array is required'],
  [
    { personalizations: [{ to: [{ email: 'x' }] }] },
    'personalizations.0.to.0.email',
    'Does not contain a valid address.',
  ],
  [{ personalizations: [{ to: [ann], cc: [ann] }] }, 'personalizations.0', '[ann@example.test]'],
  [{ personalizations: [{ to: 'ann' }] }, 'personalizations.0.to', 'must be an array'],
  [{ from: undefined }, 'from.email', 'The from object must be provided'],
  [{ from: { email: 'shop' } }, 'from.email', 'The from email does not contain a valid address.'],
  [{ from: { email: 'a@b.test\r\nBcc: x@y.test' } }, 'from.email', 'valid address'],
  [{ subject: undefined }, 'subject', 'The subject is required'],
  [{ content: undefined }, 'content', 'the content parameter is required'],
  [{ content: [{ type: 'text/plain', value: '' }] }, 'content.0.value', 'at least one character'],
  [{ content: [...BASE.content].reverse() }, 'content', 'text/plain must be first'],
  [
    { attachments: [{ filename: 'a.txt', content: 'not base64!' }] },
    'attachments.0.content',
    'must be Base64',
  ],
  [{ attachments: [{ content: 'AAAA' }] }, 'attachments.0.filename', 'filename parameter is required'],
  [{ headers: { Subject: 'x' } }, 'headers.Subject', 'reserved'],
  [{ headers: { 'X\r\nBcc': 'x' } }, 'headers.X\r\nBcc', 'not valid'],
])('refuses %j', async (change, field, message) => {
  const response = await send(change);
  expect(response.status).toBe(400);
  const { errors } = response.json() as { errors: readonly { message: string; field: string }[] };
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ field });
  expect(errors[0]?.message).toContain(message);
  expect(await takeMessages(sandbox)).toEqual([]);
});

it('writes no line ends of header values into the message', async () => {
  await send({ subject: 'a\r\nBcc: eve@example.test', headers: { 'X-Own': 'a\r\nX-Other: b' } });
  const [message] = await takeMessages(sandbox);
  expect(headerOf(message!, 'x-other')).toBeUndefined();
  expect(headerOf(message!, 'bcc')).toBeUndefined();
});

it('renders a request of several megabytes', async () => {
  const content = Buffer.alloc(8 * 1024 ** 2, 'restante').toString('base64');
  expect((await send({ attachments: [{ content, filename: 'large.bin' }] })).status).toBe(202);
  const [message] = await takeMessages(sandbox);
  expect(message?.attachments).toMatchObject([{ filename: 'large.bin', size: 8 * 1024 ** 2 }]);
});
