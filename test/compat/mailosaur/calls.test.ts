/** Tests the Mailosaur API of a real sandbox. `test/interop/mailosaur` runs the clients of Mailosaur against it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { oneTimePassword } from '../../../server/compat/mailosaur/totp.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

const SERVER = 'abcd1234';
const KEY = `Basic ${Buffer.from('any-key:').toString('base64')}`;

interface Item {
  readonly id: string;
  readonly subject: string;
}

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

interface Sent {
  readonly body?: unknown;
  readonly authorization?: string;
}

async function call(path: string, method = 'GET', { body, authorization = KEY }: Sent = {}) {
  const response = await fetch(new URL(`mailosaur/${path}`, sandbox.url), {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    body: isJson ? (JSON.parse(text) as unknown) : text,
    headers: response.headers,
  };
}

const mail = (subject: string, to: string): Buffer =>
  Buffer.from(
    [
      'From: Ann <ann@x.test>',
      `To: ${to}`,
      `Subject: ${subject}`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      '',
      'Your code is 482913. See https://x.test/text',
      '--c',
      'Content-Type: text/html',
      '',
      '<p>Your code is 482913. <a href="https://bit.ly/1">Open</a> <img src="cid:p" alt="Logo"></p>',
      '--c--',
      '--b',
      'Content-Type: text/plain; name=a.txt',
      'Content-Disposition: attachment; filename=a.txt',
      '',
      'hello',
      '--b--',
      '',
    ].join('\r\n'),
  );

async function send(subject: string, to = `Bob@${SERVER}.mailosaur.net`): Promise<string> {
  const [id = ''] = await sendRaw(sandbox.smtp, [mail(subject, to)], { from: 'ann@x.test', to: [to] });
  return id;
}

async function found(criteria: unknown, parameters = ''): Promise<readonly string[]> {
  const { body } = await call(`api/messages/search?server=${SERVER}${parameters}`, 'POST', {
    body: criteria,
  });
  return (body as { readonly items: readonly Item[] }).items.map(({ subject }) => subject);
}

beforeEach(() => sandbox.json('messages?all=true', { method: 'DELETE' }));

it('searches the messages of a server by all or any criteria, and advises short delays', async () => {
  await send('one');
  await send('two', `carol@${SERVER}.other.test`);
  await send('three', 'bob@zzzz9999.mailosaur.net');
  expect(await found({})).toEqual(['two', 'one']);
  expect(await found({ sentTo: `bob@${SERVER}.mailosaur.net` })).toEqual(['one']);
  expect(await found({ sentTo: 'carol', sentFrom: 'ann@x.test', match: 'ALL' })).toEqual(['two']);
  expect(await found({ sentTo: 'carol', subject: 'ONE', match: 'ANY' })).toEqual(['two', 'one']);
  expect(await found({ body: 'code is', subject: null })).toEqual(['two', 'one']);
  expect(await found({}, '&itemsPerPage=1&page=1')).toEqual(['one']);
  expect(await found({}, '&receivedAfter=2100-01-01T00:00:00Z')).toEqual([]);
  const { headers } = await call(`api/messages/search?server=${SERVER}`, 'POST', { body: {} });
  expect(headers.get('x-ms-delay')).toMatch(/^\d+(?:,\d+)*$/);
  const list = await call(`api/messages?server=${SERVER}`);
  expect(list.body).toMatchObject({
    items: [
      {
        type: 'Email',
        server: SERVER,
        subject: 'two',
        attachments: 1,
        from: [{ name: 'Ann', email: 'ann@x.test' }],
      },
      { subject: 'one' },
    ],
  });
});

it('describes a message, and serves its files', async () => {
  const id = await send('Welcome');
  const { body } = await call(`api/messages/${id}`);
  const code = [{ value: '482913' }];
  expect(body).toMatchObject({
    id,
    server: SERVER,
    subject: 'Welcome',
    html: {
      codes: code,
      links: [{ href: 'https://bit.ly/1', text: 'Open' }],
      images: [{ src: 'cid:p', alt: 'Logo' }],
    },
    text: { codes: code, links: [{ href: 'https://x.test/text' }] },
    attachments: [{ id: `${id}-2`, contentType: 'text/plain', fileName: 'a.txt', length: 5 }],
    metadata: {
      ehlo: 'test.x.test',
      mailFrom: 'ann@x.test',
      rcptTo: [{ email: `Bob@${SERVER}.mailosaur.net` }],
    },
  });
  const [attachment] = (body as { readonly attachments: readonly { readonly url: string }[] }).attachments;
  const file = await fetch(attachment?.url ?? '', { headers: { authorization: KEY } });
  expect(await file.text()).toBe('hello');
  expect((await call(`api/files/email/${id}`)).body).toBe(
    mail('Welcome', `Bob@${SERVER}.mailosaur.net`).toString(),
  );
});

it('lists servers, of which one exists from the start', async () => {
  const first = { items: [{ id: 'restante', name: 'Restante', users: [], messages: 0 }] };
  expect((await call('api/servers')).body).toEqual(first);
  const created = (await call('api/servers', 'POST', { body: { name: 'Mine' } })).body as Item;
  expect(created.id).toMatch(/^[a-z0-9]{8}$/);
  await call(`api/servers/${created.id}`, 'PUT', { body: { ...created, name: 'Ours' } });
  expect((await call('api/servers')).body).toMatchObject({ items: [{ id: created.id, name: 'Ours' }] });
  expect((await call(`api/servers/${created.id}/password`)).body).toEqual({ value: expect.any(String) });
  expect((await call(`api/servers/${created.id}`, 'DELETE')).status).toBe(204);
  expect((await call('api/servers')).body).toEqual(first);
});

it('captures new messages, replies and forwards', async () => {
  const created = (
    await call(`api/messages?server=${SERVER}`, 'POST', { body: { subject: 'New', text: 'Hi' } })
  ).body as Item;
  expect(created).toMatchObject({
    server: SERVER,
    subject: 'New',
    text: { body: expect.stringContaining('Hi') },
  });
  const id = await send('Question');
  const reply = await call(`api/messages/${id}/reply`, 'POST', { body: { text: 'Answer' } });
  expect(reply.body).toMatchObject({
    subject: 'Re: Question',
    from: [{ email: `Bob@${SERVER}.mailosaur.net` }],
    to: [{ email: 'ann@x.test' }],
  });
  const forward = await call(`api/messages/${id}/forward`, 'POST', {
    body: { to: 'dan@x.test', text: 'See' },
  });
  expect(forward.body).toMatchObject({
    subject: 'Fwd: Question',
    to: [{ email: 'dan@x.test' }],
    attachments: [{ fileName: 'a.txt', length: 5 }],
  });
  expect(await found({}, '&dir=Sent')).toEqual(['Fwd: Question', 'Re: Question']);
});

it('generates one-time passwords', async () => {
  const device = (
    await call('api/devices', 'POST', { body: { name: 'Phone', sharedSecret: 'ONSWG4TFOQYTEMY=' } })
  ).body as Item;
  const codes = [
    await call(`api/devices/${device.id}/otp`),
    await call('api/devices/otp', 'POST', { body: { sharedSecret: 'ONSWG4TFOQYTEMY=' } }),
  ];
  for (const { body } of codes)
    expect(body).toEqual({ code: expect.stringMatching(/^\d{6}$/), expires: expect.any(String) });
  expect((await call('api/devices')).body).toEqual({ items: [{ id: device.id, name: 'Phone' }] });
  expect((await call(`api/devices/${device.id}`, 'DELETE')).status).toBe(204);
  expect((await call(`api/devices/${device.id}`, 'DELETE')).status).toBe(404);
});

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [20_000_000_000, '353130'],
])('generates the password of RFC 6238 for the second %i', (second, code) => {
  expect(oneTimePassword(Buffer.from('12345678901234567890'), second * 1000).code).toBe(code);
});

it.each([
  ['api/messages', 'DELETE', undefined, 'server'],
  ['api/messages?server=short', 'DELETE', undefined, 'server'],
  [`api/messages?server=${SERVER}&receivedAfter=2020-01-01`, 'DELETE', undefined, 'receivedAfter'],
  [`api/messages?server=${SERVER}`, 'DELETE', '{"subject":"one"}', 'request'],
  [`api/messages/search?server=${SERVER}`, 'POST', '{"sendTo":"x"}', 'request'],
  [`api/messages/search?server=${SERVER}`, 'POST', '{"match":"SOME"}', 'match'],
  [`api/messages/search?server=${SERVER}&itemsPerPage=0`, 'POST', '{}', 'itemsPerPage'],
  [`api/messages?server=${SERVER}&receivedAfter=never`, 'GET', undefined, 'receivedAfter'],
  [`api/messages?server=${SERVER}`, 'POST', '{', 'request'],
  ['api/devices', 'POST', '{"name":"x","sharedSecret":"1"}', 'sharedSecret'],
  ['api/servers', 'POST', '{}', 'name'],
])('refuses %s by %s with the body %s', async (path, method, body, field) => {
  await send('one');
  const answer = await call(path, method, { body });
  expect(answer).toMatchObject({
    status: 400,
    body: { type: 'ValidationError', errors: [{ field, detail: [{ description: expect.any(String) }] }] },
  });
  expect(await found({})).toEqual(['one']);
});

it('answers unknown ids, paths, methods and missing keys with an empty body', async () => {
  const statuses = async (...request: Parameters<typeof call>) => {
    const { status, body } = await call(...request);
    expect(body).toBe('');
    return status;
  };
  for (const path of [
    'messages/x',
    'servers/x',
    'files/attachments/x-1',
    'files/email/x',
    'analysis/spam/x',
    'x',
  ])
    expect(await statuses(`api/${path}`)).toBe(404);
  expect(await statuses('api/messages', 'PUT')).toBe(405);
  expect(await statuses('api/servers', 'GET', { authorization: '' })).toBe(401);
});

it('limits the calls below the path of an account to its mail', async () => {
  await sendRaw(sandbox.smtp, [mail('both', 'x@x.test')], {
    from: 'ann@x.test',
    to: [`bob@${SERVER}.m.test`, `carol@${SERVER}.m.test`],
  });
  await send('one');
  const { body } = await call(`accounts/carol@${SERVER}.m.test/api/messages?server=${SERVER}`);
  expect(body).toMatchObject({ items: [{ subject: 'both' }] });
  expect((body as { readonly items: unknown[] }).items).toHaveLength(1);
});

it.each([
  [
    { webAuth: { user: 'admin', password: 'secret' } },
    { 'secret:': 200, 'admin:secret': 200, 'other:': 401 },
  ],
  [{ providerKey: [{ key: 'secret', user: null }] }, { 'secret:': 200, 'other:': 401, ':': 401 }],
])('accepts only the keys of %j', async (options, expected) => {
  const { url } = await startTestSandbox(options);
  const status = async (login: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    return (await fetch(new URL('mailosaur/api/servers', url), { headers: { authorization } })).status;
  };
  for (const [login, answered] of Object.entries(expected)) expect(await status(login)).toBe(answered);
});
