/**
 * Tests the API of Mailtrap in a running sandbox of Restante. `test/interop/mailtrap` runs Mailtrap's client against
 * it.
 */
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.json('messages?all=true', { method: 'DELETE' }));

async function call(path: string, method = 'GET', body?: unknown, token = 'any'): Promise<[number, unknown]> {
  const response = await fetch(new URL(`mailtrap/${path}`, sandbox.url), {
    method,
    headers: { ...(token === '' ? {} : { 'api-token': token }), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return [response.status, isJson ? (JSON.parse(text) as unknown) : text];
}

async function json<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const [status, value] = await call(path, method, body);
  expect(status).toBe(200);
  return value as T;
}

interface Inbox {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  readonly email_username: string;
}

interface Message {
  readonly id: number;
  readonly subject: string;
}

async function send(subject: string, login?: Inbox, to = 'bob@x.test'): Promise<void> {
  const transport = nodemailer.createTransport({
    ...sandbox.smtp,
    ...(login === undefined ? {} : { auth: { user: login.username, pass: login.password } }),
  });
  await transport.sendMail({
    from: 'Ann <ann@x.test>',
    to: `Bob <${to}>`,
    subject,
    text: 'Text',
    html: '<p>Hi</p><img src="cid:pic">',
    attachments: [
      { filename: 'a.txt', content: 'hello' },
      { filename: 'p.png', content: 'png', contentType: 'image/png', cid: 'pic' },
    ],
  });
  transport.close();
}

const INBOX = 'api/accounts/77/inboxes/123';

const subjects = async (path: string): Promise<readonly string[]> =>
  (await json<readonly Message[]>(path)).map(({ subject }) => subject);

it('lists the messages of an inbox that no call created: all messages', async () => {
  await send('one');
  await send('two', undefined, 'carol@x.test');
  expect(await subjects(`${INBOX}/messages`)).toEqual(['two', 'one']);
  expect(await subjects(`${INBOX}/messages?search=CAROL`)).toEqual(['two']);
  expect(await subjects(`${INBOX}/messages?search=one`)).toEqual(['one']);
  expect(await subjects(`${INBOX}/messages?page=2`)).toEqual([]);
  const [newest] = await json<readonly Message[]>(`${INBOX}/messages`);
  expect(newest).toMatchObject({
    inbox_id: 123,
    from_email: 'ann@x.test',
    from_name: 'Ann',
    to_email: 'carol@x.test',
    is_read: false,
    text_body_size: 4,
    smtp_information: { ok: true, data: { mail_from_addr: 'ann@x.test', client_ip: '127.0.0.1' } },
  });
  expect(await subjects(`${INBOX}/messages?last_id=${newest?.id}`)).toEqual(['one']);
  expect(await subjects(`accounts/carol@x.test/${INBOX}/messages`)).toEqual(['two']);
});

it('serves the bodies and the attachments of a message, and its read mark', async () => {
  await send('one');
  const [{ id } = { id: 0 }] = await json<readonly Message[]>(`${INBOX}/messages`);
  const path = `${INBOX}/messages/${id}`;
  const attachments = await json<readonly { readonly id: number; readonly filename: string }[]>(
    `${path}/attachments`,
  );
  expect(attachments).toMatchObject([
    { filename: 'p.png', attachment_type: 'inline', content_id: 'pic' },
    {
      filename: 'a.txt',
      attachment_type: 'attachment',
      attachment_size: 5,
      attachment_human_size: '5 Bytes',
    },
  ]);
  const [picture, file] = attachments;
  expect(await call(`${path}/attachments/${file?.id}/download`)).toEqual([200, 'hello']);
  expect(await call(`${path}/body.html`)).toEqual([
    200,
    expect.stringContaining(`src="/mailtrap/${path}/attachments/${picture?.id}/download"`),
  ]);
  expect(await call(`${path}/body.htmlsource`)).toEqual([200, expect.stringContaining('src="cid:pic"')]);
  expect(await call(`${path}/body.txt`)).toEqual([200, 'Text']);
  for (const body of ['raw', 'eml'])
    expect(await call(`${path}/body.${body}`)).toEqual([200, expect.stringContaining('Subject: one')]);
  expect(await json(`${path}/mail_headers`)).toMatchObject({
    headers: { subject: 'one', mime_version: '1.0', to: 'Bob <bob@x.test>' },
  });
  expect(await json(path, 'PATCH', { message: { is_read: true } })).toMatchObject({ is_read: true });
  expect(await json(path)).toMatchObject({ is_read: true });
  expect((await call(`${path}/forward`, 'POST', { email: 'dan@x.test' }))[0]).toBe(422);
  expect(await json(path, 'DELETE')).toMatchObject({ id });
  expect((await call(path))[0]).toBe(404);
});

it('puts the mail of a login, and the mail to its address, into a created inbox', async () => {
  const project = await json<Inbox>('api/accounts/1/projects', 'POST', { project: { name: 'Tests' } });
  const inbox = await json<Inbox>(`api/accounts/1/projects/${project.id}/inboxes`, 'POST', {
    inbox: { name: 'Mine' },
  });
  const path = `api/accounts/1/inboxes/${inbox.id}`;
  await send('login', inbox);
  await send('address', undefined, `${inbox.email_username}@inbox.mailtrap.io`);
  await send('other');
  expect(await subjects(`${path}/messages`)).toEqual(['address', 'login']);
  expect(await json(`${path}/all_read`, 'PATCH')).toMatchObject({ emails_count: 2, emails_unread_count: 0 });
  expect(await json(`${path}/toggle_email_username`, 'PATCH')).toMatchObject({
    email_username_enabled: false,
    emails_count: 1,
  });
  expect(await json(path, 'PATCH', { inbox: { name: 'Ours' } })).toMatchObject({ name: 'Ours' });
  expect(await json('api/accounts/1/projects')).toMatchObject([
    { id: project.id, inboxes: [{ id: inbox.id, name: 'Ours', project_id: project.id }] },
  ]);
  expect(await json(`${path}/clean`, 'PATCH')).toMatchObject({ emails_count: 0 });
  expect(await subjects(`${INBOX}/messages`)).toEqual(['other', 'address']);
  expect(await json(`api/accounts/1/projects/${project.id}`, 'DELETE')).toEqual({ id: project.id });
  expect((await call(path))[0]).toBe(404);
  expect(await json('api/accounts/1/inboxes')).toMatchObject([{ id: 1, name: 'Restante' }]);
});

it.each([
  [`${INBOX}/clean?search=one`, 'PATCH', undefined, 400],
  [`${INBOX}/clean`, 'PATCH', { ids: [1] }, 400],
  [INBOX, 'DELETE', undefined, 403],
  [`${INBOX}/messages?page=x`, 'GET', undefined, 400],
  ['api/accounts/1/projects', 'POST', { project: { name: 'x' } }, 422],
  ['api/accounts/1/projects', 'POST', '{', 400],
  ['api/accounts/1/projects/99/inboxes', 'POST', { inbox: { name: 'Inbox' } }, 404],
  [`${INBOX}/messages/999999`, 'GET', undefined, 404],
  [`${INBOX}/messages`, 'DELETE', undefined, 404],
] as const)('refuses %s by %s with %j', async (path, method, body, status) => {
  await send('one');
  const [answered, value] = await call(path, method, body);
  expect(answered).toBe(status);
  expect(value).toSatisfy((error) => 'error' in (error as object) || 'errors' in (error as object));
  expect(await subjects(`${INBOX}/messages`)).toEqual(['one']);
});

it('requires a token', async () => {
  expect(await call('api/accounts', 'GET', undefined, '')).toEqual([401, { error: 'Incorrect API token' }]);
  expect(await call('api/accounts')).toEqual([200, [{ id: 1, name: 'Restante', access_levels: [1000] }]]);
});
