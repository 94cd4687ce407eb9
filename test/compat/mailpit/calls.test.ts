/** Tests the Mailpit API of a real sandbox. `test/interop/mailpit` compares its answers with those of Mailpit. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AccountName } from '../../../server/store/ids.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

interface Page {
  readonly total: number;
  readonly unread: number;
  readonly messages_count: number;
  readonly messages: readonly {
    readonly ID: string;
    readonly Subject: string;
    readonly Read: boolean;
    readonly Tags: readonly string[];
  }[];
}

const mail = (subject: string): Buffer =>
  Buffer.from(`From: ann@x.test\r\nTo: bob@x.test\r\nSubject: ${subject}\r\n\r\nText of ${subject}\r\n`);

async function filled(...subjects: readonly string[]): Promise<TestSandbox> {
  const sandbox = await startTestSandbox();
  await sendRaw(sandbox.smtp, subjects.map(mail));
  return sandbox;
}

async function call(
  { url }: TestSandbox,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<[number, string]> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(new URL(path, url), { method, redirect: 'manual', ...sent });
  return [response.status, await response.text()];
}

async function page(sandbox: TestSandbox, path = 'api/v1/messages'): Promise<Page> {
  return JSON.parse((await call(sandbox, path))[1]) as Page;
}

describe('lists', () => {
  it('lists messages, the newest first, with an offset and a limit', async () => {
    const sandbox = await filled('one', 'two', 'three');
    const { total, messages } = await page(sandbox, 'api/v1/messages?start=1&limit=1');
    expect({ total, subjects: messages.map(({ Subject }) => Subject) }).toEqual({
      total: 3,
      subjects: ['two'],
    });
    expect((await page(sandbox, 'api/v1/messages?limit=0&start=2')).messages).toHaveLength(3);
    expect((await page(sandbox, 'api/v1/messages?before=2001-01-01')).messages).toEqual([]);
  });

  it('counts the matches of a search and all messages', async () => {
    const sandbox = await filled('one', 'two');
    expect(await page(sandbox, 'mailpit/api/v1/search?query=subject:one')).toMatchObject({
      total: 2,
      messages_count: 1,
      messages: [{ Subject: 'one', Read: false }],
    });
  });

  it('lists more messages than it reads at once', async () => {
    const sandbox = await startTestSandbox();
    const path = (address: string) => ({ address, parameters: {} });
    const envelope = { from: path('ann@x.test'), to: [path('bob@x.test')] };
    const origin = { kind: 'api', session: null, peer: null, helo: null, tls: null, user: null } as const;
    const targets = [{ account: 'all' as AccountName }];
    await sandbox.sandbox.store.messages.addAll(
      Array.from({ length: 501 }, (_, number) => ({
        raw: mail(`number ${number}`),
        envelope,
        origin,
        targets,
      })),
    );
    const { messages } = await page(sandbox, 'api/v1/messages?limit=501');
    expect(new Set(messages.map(({ Subject }) => Subject)).size).toBe(501);
  });
});

describe('refused changes', () => {
  let shared: TestSandbox;
  beforeAll(async () => {
    shared = await openTestSandbox();
    await sendRaw(shared.smtp, [mail('one')]);
  });
  afterAll(() => shared.close());

  it.each(['[]', '{"IDs":', '"x"', 'null', '{"ids ":["x"]}', '{"Search":"x"}', '{"IDs":"x"}'])(
    'refuses to delete by the body %s',
    async (body) => {
      const sandbox = shared;
      expect((await call(sandbox, 'api/v1/messages', 'DELETE', body))[0]).toBe(400);
      expect((await page(sandbox)).total).toBe(1);
    },
  );

  it.each(['api/v1/messages/', 'api/v1/messages?query=one', 'mailpit/api/v1/messages?IDs=x'])(
    'refuses to delete all messages by DELETE %s',
    async (path) => {
      const [status, text] = await call(shared, path, 'DELETE');
      expect([status, text]).toEqual(
        path.endsWith('/')
          ? [405, 'Method Not Allowed\n']
          : [400, expect.stringContaining('Nothing was deleted')],
      );
      expect((await page(shared)).total).toBe(1);
    },
  );

  it.each(['subject:', 'after:never', 'one*', '*', 'is:read to:'])(
    'refuses to delete by the search %s',
    async (search) => {
      const sandbox = shared;
      const path = `api/v1/search?query=${encodeURIComponent(search)}`;
      expect(await call(sandbox, path, 'DELETE')).toEqual([
        400,
        expect.stringContaining('Nothing was changed'),
      ]);
      const marks = { Read: true, Search: search };
      expect((await call(sandbox, 'api/v1/messages', 'PUT', marks))[0]).toBe(400);
      expect(await page(sandbox)).toMatchObject({ total: 1, unread: 1 });
    },
  );
});

describe('changes', () => {
  it.each([
    ['api/v1/messages', ''],
    ['mailpit/api/v1/messages', 'ok'],
  ])('answers a deletion by %s without Accept and User-Agent with the text "%s"', async (path, text) => {
    const sandbox = await filled('one');
    const request = http.request(new URL(path, sandbox.url), { method: 'DELETE' }).end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect([response.statusCode, Buffer.concat(await response.toArray()).toString()]).toEqual([200, text]);
    expect((await page(sandbox)).total).toBe(0);
  });

  it('deletes by ids and by a search, and all messages without a body', async () => {
    const sandbox = await filled('one', 'two', 'three', 'four');
    const { messages } = await page(sandbox);
    const ids = messages.filter(({ Subject }) => Subject === 'one').map(({ ID }) => ID);
    expect(await call(sandbox, 'api/v1/messages', 'DELETE', { IDs: [...ids, 'unknown'] })).toEqual([
      200,
      'ok',
    ]);
    expect(await call(sandbox, 'api/v1/search?query=two', 'DELETE')).toEqual([200, 'ok']);
    expect((await page(sandbox)).total).toBe(2);
    expect(await call(sandbox, 'api/v1/messages', 'DELETE')).toEqual([200, 'ok']);
    expect((await page(sandbox)).total).toBe(0);
  });

  it('marks messages as read, also when one is requested', async () => {
    const sandbox = await filled('one', 'two', 'three');
    expect((await call(sandbox, 'api/v1/message/latest?query=one'))[0]).toBe(200);
    expect((await page(sandbox)).unread).toBe(2);
    await call(sandbox, 'api/v1/messages', 'PUT', { Read: true, Search: 'subject:two' });
    expect((await page(sandbox, 'api/v1/search?query=is:unread')).messages).toMatchObject([
      { Subject: 'three' },
    ]);
    await call(sandbox, 'api/v1/messages', 'PUT', { Read: false });
    expect((await page(sandbox)).unread).toBe(3);
  });

  it('sets, renames and deletes tags', async () => {
    const sandbox = await filled('one', 'two');
    const { messages } = await page(sandbox);
    const IDs = messages.map(({ ID }) => ID);
    await call(sandbox, 'api/v1/tags', 'PUT', { IDs, Tags: ['red', 'RED', 'b/c', ''] });
    expect(await call(sandbox, 'api/v1/tags')).toEqual([200, '["b c","red"]']);
    expect(await call(sandbox, 'api/v1/tags/b%20c', 'PUT', { Name: 'red' })).toEqual([
      400,
      'tag already exists: red',
    ]);
    expect(await call(sandbox, 'api/v1/tags/b%20c', 'PUT', { Name: 'Blue' })).toEqual([200, 'ok']);
    expect((await page(sandbox, 'api/v1/search?query=tag:blue')).messages).toHaveLength(2);
    expect(await call(sandbox, 'api/v1/tags/red', 'DELETE')).toEqual([200, 'ok']);
    expect(await call(sandbox, 'api/v1/tags')).toEqual([200, '["Blue"]']);
  });
});

describe('accounts', () => {
  it.each([
    ['the path', 'mailpit/accounts/carol@x.test/api/v1/messages', {}],
    ['a parameter', 'api/v1/messages?account=carol@x.test', {}],
    ['a header field', 'api/v1/messages', { 'x-restante-account': 'carol@x.test' }],
  ])('limits a call to the account in %s', async (_, path, headers) => {
    const sandbox = await filled('for another account');
    await sendRaw(sandbox.smtp, [mail('for carol')], { from: 'ann@x.test', to: ['carol@x.test'] });
    const url = new URL(path, sandbox.url);
    const { total, messages } = (await (await fetch(url, { headers })).json()) as Page;
    expect({ total, subject: messages[0]?.Subject }).toEqual({ total: 1, subject: 'for carol' });
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
    expect((await page(sandbox)).total).toBe(2);
  });
});

describe('send', () => {
  let shared: TestSandbox;
  beforeAll(async () => {
    shared = await openTestSandbox();
  });
  afterAll(() => shared.close());

  it('captures a message with its hidden recipients, tags and attachments', async () => {
    const sandbox = await startTestSandbox();
    const [status, text] = await call(sandbox, 'api/v1/send', 'POST', {
      From: { Email: 'ann@x.test', Name: 'Ann' },
      to: [{ email: 'bob@x.test' }],
      Bcc: ['secret@x.test'],
      Subject: 'Sent',
      HTML: '<p>Hi</p>',
      Tags: ['one'],
      Headers: { 'X-Test': 'yes' },
      Attachments: [{ Filename: 'a.txt', Content: 'data:text/plain;base64,aGk=' }],
    });
    expect(status).toBe(200);
    const { ID } = JSON.parse(text) as { ID: string };
    expect(JSON.parse((await call(sandbox, `api/v1/message/${ID}`))[1])).toMatchObject({
      From: { Name: 'Ann', Address: 'ann@x.test' },
      To: [{ Address: 'bob@x.test' }],
      Bcc: [{ Address: 'secret@x.test' }],
      HTML: '<p>Hi</p>',
      Tags: ['one'],
      Attachments: [{ FileName: 'a.txt', Size: 2 }],
    });
    expect(JSON.parse((await call(sandbox, `api/v1/message/${ID}/headers`))[1])).toMatchObject({
      'X-Test': ['yes'],
      'Return-Path': ['<ann@x.test>'],
      Bcc: ['secret@x.test'],
    });
  });

  it('reports the reply of a rule', async () => {
    const sandbox = await startTestSandbox();
    await sandbox.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: 'rcpt', then: { reject: '550 5.1.1 No' } }),
    });
    const body = { From: { Email: 'a@x.test' }, To: [{ Email: 'b@x.test' }] };
    expect(await call(sandbox, 'api/v1/send', 'POST', body)).toEqual([400, '{"Error":"550 5.1.1 No"}']);
  });

  it.each([
    [{ From: { Email: 'a@x.test' }, To: 5 }, 'To must be an array'],
    [{ From: { Email: 'a b' }, To: [{ Email: 'b@x.test' }] }, 'invalid From address: a b'],
    [
      { From: { Email: 'a@x.test' }, To: [{ Email: 'b@x.test, c@x.test' }] },
      'invalid To address: b@x.test, c@x.test',
    ],
    [
      { From: { Email: 'a@x.test' }, Bcc: ['b@x.test'], Headers: { 'a b': 'c' } },
      'invalid header key: "a b"',
    ],
    [
      { From: { Email: 'a@x.test' }, Bcc: ['b@x.test'], Attachments: [{ Filename: 'f', Content: '%' }] },
      'error decoding base64 attachment "f": illegal base64 data',
    ],
  ])('refuses %j', async (body, message) => {
    const sandbox = shared;
    const [status, text] = await call(sandbox, 'api/v1/send', 'POST', body);
    expect([status, JSON.parse(text)]).toEqual([400, { Error: message }]);
  });
});

describe('parts and views', () => {
  const related = Buffer.from(
    [
      ...['From: ann@x.test', 'To: bob@x.test', 'Subject: Picture', 'MIME-Version: 1.0'],
      ...['Content-Type: multipart/related; boundary=r', '', '--r', 'Content-Type: text/html', ''],
      ...[
        '<meta http-equiv="refresh" content="0;url=http://x.test"><a href="/x">x</a><img src="cid:pic">',
        '--r',
      ],
      ...['Content-Type: image/svg+xml; name="a b.svg"', 'Content-ID: <pic>', '', '<svg/>', '--r--', ''],
    ].join('\r\n'),
  );

  it('links inline parts and serves them as downloads if a browser could run them', async () => {
    const sandbox = await startTestSandbox();
    const [id = ''] = await sendRaw(sandbox.smtp, [related]);
    const html = await fetch(`${sandbox.url}/view/${id}.html?embed=1`);
    expect(html.headers.get('content-security-policy')).toContain('sandbox');
    const address = `/api/v1/message/${id}/part/2`;
    expect(await html.text()).toBe(
      `<a target="_blank" rel="noreferrer noopener" href="/x">x</a><img src="${address}">`,
    );
    const part = await fetch(new URL(address, sandbox.url));
    expect(part.headers.get('content-type')).toBe('application/octet-stream');
    expect(part.headers.get('content-disposition')).toBe('attachment; filename="a%20b.svg"');
    const thumbnail = await fetch(new URL(`${address}/thumb`, sandbox.url));
    expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
    expect([...new Uint8Array(await thumbnail.arrayBuffer()).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });

  it('redirects to the pages of the UI', async () => {
    const sandbox = await startTestSandbox();
    const view = (path: string): Promise<Response> =>
      fetch(new URL(path, sandbox.url), { redirect: 'manual' });
    expect((await view('view/latest')).headers.get('location')).toBe('/');
    const [id = ''] = await sendRaw(sandbox.smtp, [mail('one')]);
    expect((await view('view/latest')).headers.get('location')).toBe(`/inbox/all/${id}`);
    expect((await view(`view/${id}`)).headers.get('location')).toBe(`/inbox/all/${id}`);
  });
});

describe('chaos', () => {
  const off = { ErrorCode: 451, Probability: 0 };
  const defaults = { Sender: off, Recipient: off, Authentication: { ErrorCode: 535, Probability: 0 } };

  it('refuses commands with a rule, until the trigger is reset', async () => {
    const sandbox = await startTestSandbox();
    expect(JSON.parse((await call(sandbox, 'api/v1/chaos'))[1])).toEqual(defaults);
    const trigger = { ErrorCode: 552, Probability: 100 };
    const set = await call(sandbox, 'api/v1/chaos', 'PUT', { Recipient: trigger });
    expect(JSON.parse(set[1])).toEqual({ ...defaults, Recipient: trigger });
    await expect(sendRaw(sandbox.smtp, [mail('one')])).rejects.toThrow('552 Chaos recipient error');
    const { rules } = await sandbox.json<{ rules: readonly { name: string }[] }>('rules');
    expect(rules.map(({ name }) => name)).toContain('Mailpit chaos: Recipient');
    await call(sandbox, 'api/v1/chaos', 'PUT', {});
    await sendRaw(sandbox.smtp, [mail('one')]);
    expect((await page(sandbox)).total).toBe(1);
  });

  it('changes nothing if one trigger is invalid', async () => {
    const sandbox = await startTestSandbox();
    const body = { Sender: { ErrorCode: 451, Probability: 50 }, Recipient: { Probability: 101 } };
    expect(await call(sandbox, 'api/v1/chaos', 'PUT', body)).toEqual([
      400,
      'probability must be between 0 and 100',
    ]);
    expect(JSON.parse((await call(sandbox, 'api/v1/chaos'))[1])).toEqual(defaults);
  });
});

describe('access', () => {
  it('refuses a release that the relay does not permit', async () => {
    const sandbox = await filled('one');
    const body = { To: ['someone@elsewhere.test'] };
    expect(await call(sandbox, 'api/v1/message/latest/release', 'POST', body)).toEqual([
      400,
      expect.stringContaining('Relaying is off'),
    ]);
  });

  it('requires the login of the server, and works below its base path', async () => {
    const webAuth = { user: 'u', password: 'p' };
    const sandbox = await startTestSandbox({ basePath: '/mail/', webAuth });
    const url = new URL('mailpit/api/v1/messages', sandbox.url);
    const refused = await fetch(url);
    expect([refused.status, await refused.text()]).toEqual([401, 'Unauthorized.\n']);
    const authorization = `Basic ${Buffer.from('u:p').toString('base64')}`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
  });
});

it('sends webhooks in the form of Mailpit, and reads X-Tags in its place', async () => {
  const sandbox = await startTestSandbox({ as: 'mailpit' });
  const receiver = http.createServer();
  onTestFinished(() => {
    receiver.close();
    receiver.closeAllConnections();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}/hook`, format: 'mailpit' };
  await sandbox.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'hook', on: 'stored', then: { webhook } }),
  });
  const arrived = once(receiver, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
  await sendRaw(sandbox.smtp, [Buffer.from(`X-Tags: one,=?utf-8?q?two?=\r\n${mail('Hooked').toString()}`)]);
  const [request, response] = await arrived;
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as unknown;
  response.writeHead(204).end();
  const [listed] = (await page(sandbox)).messages;
  expect(listed?.Tags).toEqual(['one', 'two']);
  expect(body).toEqual(listed);
  expect(request.headers['user-agent']).toBe('Mailpit/1.33.1');
});
