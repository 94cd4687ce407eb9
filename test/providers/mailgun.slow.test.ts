/**
 * Tests Mailgun's API in a running sandbox: messages, recipient variables, MIME messages, templates, events and errors.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { callProvider, headerOf, takeMessages, typesOf } from '../helpers/providers.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
afterEach(() => takeMessages(sandbox));

const basic = (key: string): string => `Basic ${Buffer.from(`api:${key}`).toString('base64')}`;
const headers = { authorization: basic('0123456789abcdef0123456789abcdef') };
const call = (path: string, body?: unknown, method = 'POST') =>
  callProvider(sandbox, `mailgun/v3/${path}`, { method, headers, ...(body === undefined ? {} : { body }) });

type Fields = readonly (readonly [string, string | Blob, string?])[];

function form(fields: Fields): FormData {
  const data = new FormData();
  for (const [name, value, filename] of fields) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, filename);
  }
  return data;
}

const EMAIL: Fields = [
  ['from', 'Shop <shop@example.test>'],
  ['to', 'Ann <ann@example.test>'],
  ['subject', 'Grüße'],
  ['text', 'Text'],
];
const send = (fields: Fields) => call('example.test/messages', form(fields));
const idOf = (response: { json(): unknown }): string => (response.json() as { id: string }).id;

it('composes a message with files, header fields and variables', async () => {
  const response = await send([
    ...EMAIL,
    ['to', 'Bob <bob@example.test>, carl@example.test'],
    ['cc', 'dora@example.test'],
    ['bcc', 'eve@example.test'],
    ['html', '<p><img src="cid:logo.png"></p>'],
    ['amp-html', '<html amp4email></html>'],
    ['h:Reply-To', 'reply@example.test'],
    ['h:X-Own', 'a'],
    ['v:order', '1'],
    ['o:tag', 'welcome'],
    ['o:tag', 'spring'],
    ['inline', new Blob([new Uint8Array([0, 1, 2])], { type: 'image/png' }), 'logo.png'],
    ['attachment', new Blob(['a,b'], { type: 'text/csv' }), 'Größe.csv'],
  ]);
  expect([response.status, response.json()]).toMatchObject([200, { message: 'Queued. Thank you.' }]);
  const id = idOf(response);
  expect(id).toMatch(/^<\d{14}\.1\.[0-9A-F]{16}@example\.test>$/);
  const [message] = await takeMessages(sandbox);
  expect(typesOf(message!.structure)).toEqual([
    'multipart/mixed',
    [
      'multipart/alternative',
      'text/plain',
      ['multipart/related', 'text/html', 'image/png'],
      'text/x-amp-html',
    ],
    'text/csv',
  ]);
  expect(message).toMatchObject({
    to: [{ name: 'Ann' }, { name: 'Bob' }, { address: 'carl@example.test' }],
    bcc: [{ address: 'eve@example.test' }],
    replyTo: [{ address: 'reply@example.test' }],
    attachments: [
      { filename: 'logo.png', contentId: 'logo.png' },
      { filename: 'Größe.csv', size: 3 },
    ],
    origin: {
      provider: {
        ...{ name: 'mailgun', endpoint: 'POST /v3/example.test/messages', apiKey: '…cdef' },
        request: { 'o:tag': ['welcome', 'spring'], attachment: [{ filename: 'Größe.csv', size: 3 }] },
      },
    },
  });
  expect(message?.messageId).toBe(id.slice(1, -1));
  expect([headerOf(message!, 'x-own'), headerOf(message!, 'x-mailgun-variables')]).toEqual([
    'a',
    '{"order":"1"}',
  ]);
  expect(headerOf(message!, 'bcc')).toBeUndefined();
});

it('accepts an urlencoded form, and tags mail in the test mode and scheduled mail', async () => {
  const body = new URLSearchParams([
    ...EMAIL.map(([name, value]): [string, string] => [name, value as string]),
    ['o:testmode', 'yes'],
    ['o:deliverytime', 'Fri, 01 Jan 2027 10:00:00 +0000'],
  ]);
  expect((await call('example.test/messages', body)).status).toBe(200);
  const [message] = await takeMessages(sandbox);
  expect(message).toMatchObject({ subject: 'Grüße', tags: ['sandbox', 'scheduled'] });
});

it('sends one message for each recipient with recipient variables', async () => {
  const response = await send([
    ['from', 'shop@example.test'],
    ['to', 'ann@example.test'],
    ['to', 'Bob <bob@example.test>'],
    ['subject', 'Hi %recipient.first%'],
    ['text', '%recipient.first% %recipient_email% %recipient_name% %recipient.other%'],
    [
      'recipient-variables',
      JSON.stringify({ 'ann@example.test': { first: 'Ann' }, 'bob@example.test': { first: 'Bob' } }),
    ],
  ]);
  expect(response.status).toBe(200);
  const messages = await takeMessages(sandbox);
  expect(messages.map(({ subject, text, envelope }) => [subject, text?.trim(), envelope.to])).toEqual([
    ['Hi Ann', 'Ann ann@example.test  %recipient.other%', ['ann@example.test']],
    ['Hi Bob', 'Bob bob@example.test Bob %recipient.other%', ['bob@example.test']],
  ]);
  expect(messages[1]?.origin.provider?.request).toMatchObject({
    to: 'bob@example.test',
    'recipient-variables': { 'bob@example.test': { first: 'Bob' } },
  });
});

it('captures a MIME message unchanged, with a Message-Id and the line ends of mail', async () => {
  const mime = 'From: Shop <shop@example.test>\nTo: list@example.test\nSubject: Own\n\nText\n';
  const response = await call(
    'example.test/messages.mime',
    form([
      ['to', 'ann@example.test'],
      ['message', new Blob([mime]), 'message.mime'],
    ]),
  );
  const id = idOf(response);
  const [{ id: message } = { id: '' }] = (
    await sandbox.json<{ messages: readonly { id: string }[] }>('messages')
  ).messages;
  const raw = await (await sandbox.api(`messages/${message}/raw`)).text();
  expect(raw).toBe(`Message-Id: ${id}\r\n${mime.replaceAll('\n', '\r\n')}`);
  expect((await takeMessages(sandbox))[0]?.envelope).toMatchObject({
    from: 'shop@example.test',
    to: ['ann@example.test'],
  });
});

it('renders stored templates, and describes unknown ones', async () => {
  const created = await call(
    'example.test/templates',
    form([
      ['name', 'Welcome'],
      ['template', '<p>{{name}} {{order}}</p>'],
    ]),
  );
  expect(created.json()).toMatchObject({ template: { name: 'welcome' } });
  const fields: Fields = [
    ...EMAIL.filter(([name]) => name !== 'text'),
    ['t:variables', '{"name":"<Ann>"}'],
    ['v:order', '7'],
  ];
  await send([...fields, ['template', 'welcome']]);
  await send([...fields, ['template', 'other']]);
  const [rendered, unknown] = await takeMessages(sandbox);
  expect(rendered?.html?.trim()).toBe('<p>&lt;Ann&gt; 7</p>');
  expect(unknown).toMatchObject({
    tags: ['unknown-template'],
    text: expect.stringContaining('"name": "<Ann>"'),
  });
  expect((await call('example.test/templates', undefined, 'GET')).json()).toMatchObject({
    items: [{ name: 'welcome' }],
  });
  expect((await call('example.test/templates/welcome', undefined, 'DELETE')).status).toBe(200);
  expect((await call('example.test/templates/welcome', undefined, 'DELETE')).status).toBe(404);
});

it('lists events', async () => {
  const id = idOf(await send([...EMAIL, ['to', 'bob@example.test'], ['o:tag', 'a']]));
  const all = (await call('example.test/events', undefined, 'GET')).json() as { items: readonly object[] };
  expect(all.items).toHaveLength(4);
  const some = await call('example.test/events?event=delivered&recipient=bob@example.test', undefined, 'GET');
  expect(some.json()).toMatchObject({
    items: [{ event: 'delivered', tags: ['a'], message: { headers: { 'message-id': id.slice(1, -1) } } }],
  });
  expect((await call('other.test/events', undefined, 'GET')).json()).toMatchObject({ items: [] });
});

it.each([
  [EMAIL.filter(([name]) => name !== 'from'), "'from' parameter is missing"],
  [EMAIL.filter(([name]) => name !== 'to'), "'to' parameter is missing"],
  [EMAIL.filter(([name]) => name !== 'text'), "Need at least one of 'text'"],
  [[...EMAIL, ['to', 'nobody']], 'to parameter is not a valid address. please check documentation'],
  [[...EMAIL, ['cc', 'nobody']], 'cc parameter is not a valid address. please check documentation'],
  [[...EMAIL, ['from', 'second@example.test']], 'from parameter is not a valid address'],
  [[...EMAIL, ['h:a b', 'x']], 'h:a b parameter is not a valid header name'],
  [[...EMAIL, ['h:Reply-To', 'x']], 'h:Reply-To parameter is not a valid address'],
  [[...EMAIL, ['recipient-variables', '[1]']], 'recipient-variables parameter is not a valid JSON object'],
  [[...EMAIL, ['template', 'x'], ['t:variables', '{']], 't:variables parameter is not a valid JSON object'],
] as readonly (readonly [Fields, string])[])('refuses %j', async (fields, message) => {
  const response = await send(fields);
  expect([response.status, response.json()]).toMatchObject([
    400,
    { message: expect.stringContaining(message) },
  ]);
  expect(await takeMessages(sandbox)).toEqual([]);
});

it('refuses other bodies, keys and paths', async () => {
  const path = 'mailgun/v3/example.test/messages';
  const json = await callProvider(sandbox, path, { headers, body: { from: 'x' } });
  expect([json.status, json.json()]).toMatchObject([400, { message: expect.stringContaining('form-data') }]);
  const broken = await callProvider(sandbox, path, {
    headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' },
    body: '--x\r\nbroken',
  });
  expect([broken.status, broken.json()]).toMatchObject([
    400,
    { message: expect.stringContaining('not valid') },
  ]);
  const keyless = await callProvider(sandbox, path, { body: form(EMAIL) });
  expect([keyless.status, keyless.text]).toEqual([401, 'Forbidden']);
  const unknown = await call('example.test/nothing', form(EMAIL));
  expect([unknown.status, unknown.json()]).toMatchObject([404, { message: expect.any(String) }]);
  const without = await call('example.test/messages.mime', form([['to', 'ann@example.test']]));
  expect(without.json()).toMatchObject({ message: "'message' parameter is missing" });
  expect(await takeMessages(sandbox)).toEqual([]);
});
