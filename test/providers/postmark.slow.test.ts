/** Tests Postmark's API in a running sandbox: emails, batches, templates, sent messages and errors. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Rule } from '../../contract/index.ts';
import { callProvider, headerOf, takeMessages, typesOf } from '../helpers/providers.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
afterEach(() => takeMessages(sandbox));

const TOKEN = '01234567-89ab-cdef-0123-456789abcdef';
const call = (path: string, body?: unknown, method = 'POST', token = TOKEN) =>
  callProvider(sandbox, `postmark${path}`, {
    method,
    headers: token === '' ? {} : { 'x-postmark-server-token': token },
    ...(body === undefined ? {} : { body }),
  });

const EMAIL = {
  From: 'Shop <shop@example.test>',
  To: 'Ann <ann@example.test>',
  Subject: 'Grüße',
  TextBody: 'Text',
};
const messageIdOf = (response: { json(): unknown }): string =>
  (response.json() as { MessageID: string }).MessageID;

it('composes an email, and returns its details and its dump', async () => {
  const response = await call('/email', {
    ...EMAIL,
    Cc: 'bob@example.test, "Carl, C." <carl@example.test>',
    Bcc: 'eve@example.test',
    ReplyTo: 'reply@example.test',
    HtmlBody: '<p><img src="cid:logo"></p>',
    Tag: 'welcome',
    Metadata: { order: '1' },
    MessageStream: 'broadcast',
    Headers: [
      { Name: 'X-Own', Value: 'a' },
      { Name: 'Message-ID', Value: '<own@example.test>' },
    ],
    Attachments: [
      { Name: 'logo.png', Content: 'AAEC', ContentType: 'image/png', ContentID: 'cid:logo' },
      { Name: 'list.csv', Content: 'YSxi', ContentType: 'text/csv' },
    ],
  });
  expect([response.status, response.json()]).toMatchObject([
    200,
    { To: EMAIL.To, Bcc: 'eve@example.test', ErrorCode: 0, Message: 'OK' },
  ]);
  const id = messageIdOf(response);
  const details = await call(`/messages/outbound/${id}/details`, undefined, 'GET');
  expect(details.json()).toMatchObject({
    MessageID: id,
    Tag: 'welcome',
    MessageStream: 'broadcast',
    Metadata: { order: '1' },
    Recipients: ['ann@example.test', 'bob@example.test', 'carl@example.test', 'eve@example.test'],
    HtmlBody: '<p><img src="cid:logo"></p>',
    Attachments: ['logo.png', 'list.csv'],
  });
  const dump = await call(`/messages/outbound/${id}/dump`, undefined, 'GET');
  expect(dump.json()).toMatchObject({ Body: expect.stringContaining(`<${id}@mtasv.net>`) });
  const [message] = await takeMessages(sandbox);
  expect(typesOf(message!.structure)).toEqual([
    'multipart/mixed',
    ['multipart/alternative', 'text/plain', ['multipart/related', 'text/html', 'image/png']],
    'text/csv',
  ]);
  expect(message).toMatchObject({
    messageId: `${id}@mtasv.net`,
    cc: [{ address: 'bob@example.test' }, { name: 'Carl, C.', address: 'carl@example.test' }],
    bcc: [{ address: 'eve@example.test' }],
    origin: { provider: { name: 'postmark', endpoint: 'POST /email', id, apiKey: '…cdef' } },
  });
  expect(headerOf(message!, 'x-own')).toBe('a');
  expect(headerOf(message!, 'bcc')).toBeUndefined();
});

it('keeps the Message-ID of the application if X-PM-KeepID requests it', async () => {
  const Headers = [
    { Name: 'Message-ID', Value: '<own@example.test>' },
    { Name: 'X-PM-KeepID', Value: 'true' },
  ];
  await call('/email', { ...EMAIL, Headers });
  const [message] = await takeMessages(sandbox);
  expect(message?.messageId).toBe('own@example.test');
  expect(headerOf(message!, 'x-pm-keepid')).toBeUndefined();
});

it('tags mail with the test token', async () => {
  const response = await call('/email', EMAIL, 'POST', 'POSTMARK_API_TEST');
  expect(response.json()).toMatchObject({ ErrorCode: 0, Message: 'Test job accepted' });
  expect((await takeMessages(sandbox))[0]?.tags).toEqual(['sandbox']);
});

it('reports the invalid and refused emails of a batch beside the others', async () => {
  const { id } = await sandbox.json<Rule>('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ name: 'test', on: 'rcpt', when: { rcpt: 'bob@example.test' } },
      then: { reject: '550 5.1.1 Gone' },
    }),
  });
  const bob = { ...EMAIL, To: 'bob@example.test' };
  const response = await call('/email/batch', [EMAIL, { ...EMAIL, To: 'x' }, bob]);
  const alone = await call('/email/batch', [bob]);
  await sandbox.api(`rules/${id}`, { method: 'DELETE' });
  expect([response.status, response.json()]).toMatchObject([
    200,
    [
      { ErrorCode: 0, Message: 'OK' },
      { ErrorCode: 300, Message: "Invalid 'To' address: 'x'." },
      { ErrorCode: 300, Message: '550 5.1.1 Gone' },
    ],
  ]);
  expect([alone.status, alone.json()]).toMatchObject([200, [{ ErrorCode: 300 }]]);
  const messages = await takeMessages(sandbox);
  expect(messages.map(({ origin }) => origin.provider?.request)).toEqual([EMAIL]);
});

it('stores, renders, validates and deletes templates', async () => {
  const created = await call('/templates', {
    Name: 'Welcome',
    Alias: 'welcome',
    Subject: 'Hi {{name}}',
    TextBody: '{{#each items}}{{.}};{{/each}}{{^none}}no{{/none}}',
    HtmlBody: '<p>{{#person}}{{name}}{{/person}}</p>',
  });
  const { TemplateId } = created.json() as { TemplateId: number };
  expect(created.json()).toMatchObject({ Name: 'Welcome', Alias: 'welcome', Active: true });
  expect((await call('/templates?Count=10&Offset=0', undefined, 'GET')).json()).toMatchObject({
    TotalCount: 1,
    Templates: [{ TemplateId }],
  });
  const TemplateModel = { name: 'A&B', items: [1, 2], person: { name: '<x>' } };
  const { From, To } = EMAIL;
  const byId = { From, To, TemplateId, TemplateModel };
  const byAlias = { From, To, TemplateAlias: 'welcome', TemplateModel };
  expect((await call('/email/withTemplate', byId)).json()).toMatchObject({ ErrorCode: 0 });
  const unknown = { From, To, TemplateAlias: 'other', TemplateModel };
  const batch = await call('/email/batchWithTemplates', { Messages: [byAlias, unknown] });
  expect(batch.json()).toMatchObject([{ ErrorCode: 0 }, { ErrorCode: 1101 }]);
  const rendered = await takeMessages(sandbox);
  expect(rendered).toHaveLength(2);
  for (const { subject, text, html } of rendered) {
    expect([subject, text?.trim(), html?.trim()]).toEqual(['Hi A&B', '1;2;no', '<p>&lt;x&gt;</p>']);
  }
  await call('/templates/welcome', { Subject: '{{#each' }, 'PUT');
  expect((await call('/email/withTemplate', byId)).json()).toMatchObject({ ErrorCode: 1101 });
  const validation = await call('/templates/validate', {
    ...{ Subject: 'Hi {{name}}', TextBody: '{{#each', TestRenderModel: { name: 'Ann' } },
  });
  expect(validation.json()).toMatchObject({
    AllContentIsValid: false,
    Subject: { ContentIsValid: true, RenderedContent: 'Hi Ann' },
    TextBody: { ContentIsValid: false, ValidationErrors: [{ Line: 1 }] },
    HtmlBody: null,
  });
  expect((await call(`/templates/${TemplateId}`, undefined, 'DELETE')).json()).toMatchObject({
    ErrorCode: 0,
  });
  const missing = await call('/templates/welcome', undefined, 'GET');
  expect([missing.status, missing.json()]).toMatchObject([422, { ErrorCode: 1101 }]);
});

it('lists sent messages by recipient, tag and page', async () => {
  for (const n of [1, 2, 3]) await call('/email', { ...EMAIL, Subject: `Mail ${n}`, Tag: `t${n % 2}` });
  await call('/email', { ...EMAIL, To: 'bob@example.test', Subject: 'Other' });
  const list = async (query: string) => {
    const response = await call(`/messages/outbound?${query}`, undefined, 'GET');
    const page = response.json() as { TotalCount: number; Messages: readonly { Subject: string }[] };
    return [page.TotalCount, page.Messages.map(({ Subject }) => Subject)];
  };
  expect(await list('count=2&offset=1')).toEqual([4, ['Mail 3', 'Mail 2']]);
  expect(await list('count=5&offset=0&recipient=BOB@example.test')).toEqual([1, ['Other']]);
  expect(await list('count=5&offset=0&tag=t1')).toEqual([2, ['Mail 3', 'Mail 1']]);
  expect((await call('/messages/outbound', undefined, 'GET')).status).toBe(422);
  const other = await call(
    '/messages/outbound?count=5&offset=0',
    undefined,
    'GET',
    'another-token-of-a-server',
  );
  expect(other.json()).toMatchObject({ TotalCount: 0 });
});

it('requires a token', async () => {
  const response = await call('/email', EMAIL, 'POST', '');
  expect([response.status, response.json()]).toMatchObject([401, { ErrorCode: 10 }]);
  const unknown = await call('/nothing', {});
  expect([unknown.status, unknown.json()]).toMatchObject([
    404,
    { Message: expect.stringContaining('/nothing') },
  ]);
});

it.each([
  ['{', 402, 'not valid JSON'],
  [{ ...EMAIL, From: 'shop' }, 300, "Invalid 'From' address: 'shop'."],
  [{ ...EMAIL, From: 'a@x.test, b@x.test' }, 300, "Invalid 'From' address"],
  [{ ...EMAIL, To: undefined }, 300, 'Zero recipients'],
  [{ ...EMAIL, Cc: 'bob' }, 300, "Invalid 'Cc' address: 'bob'."],
  [
    { ...EMAIL, To: Array.from({ length: 51 }, (_, n) => `a${n}@x.test`).join(',') },
    300,
    'exceeds the limit of 50',
  ],
  [{ ...EMAIL, TextBody: undefined }, 300, 'TextBody or HtmlBody'],
  [{ ...EMAIL, Subject: 1 }, 403, "'Subject' must be a string"],
  [{ ...EMAIL, Headers: [{ Name: 'a b', Value: '' }] }, 300, 'Invalid header name'],
  [{ ...EMAIL, Attachments: [{ Name: 'a', ContentType: 'a/b', Content: '*' }] }, 403, 'Base64'],
  [{ ...EMAIL, Attachments: [{ Name: 'a', ContentType: 'a/b' }] }, 403, 'is required'],
])('refuses %j', async (body, code, message) => {
  const response = await call('/email', body);
  expect([response.status, response.json()]).toMatchObject([
    422,
    { ErrorCode: code, Message: expect.stringContaining(message) },
  ]);
  expect(await takeMessages(sandbox)).toEqual([]);
});

it('limits the number of emails in a batch', async () => {
  const response = await call(
    '/email/batch',
    Array.from({ length: 501 }, () => EMAIL),
  );
  expect([response.status, response.json()]).toMatchObject([422, { ErrorCode: 410 }]);
});
