/** Tests the MailDev API of a real sandbox. `test/interop/maildev` compares its answers with those of MailDev. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

interface Email {
  readonly id: string;
  readonly subject: string;
  readonly read: boolean;
  readonly attachments: readonly { readonly generatedFileName: string }[];
}

const mail = (subject: string): Buffer =>
  Buffer.from(
    `From: Ann <ann@x.test>\r\nTo: bob@x.test\r\nSubject: ${subject}\r\n\r\nText of ${subject}\r\n`,
  );

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

async function call(path: string, method = 'GET', body?: string): Promise<[number, unknown]> {
  const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
  const response = await fetch(new URL(path, sandbox.url), { method, ...sent });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return [response.status, isJson ? (JSON.parse(text) as unknown) : text];
}

const emails = async (path = 'email'): Promise<readonly Email[]> => (await call(path))[1] as Email[];
const subjects = async (path: string): Promise<readonly string[]> =>
  (await emails(path)).map(({ subject }) => subject);

beforeEach(async () => {
  await call('email/all', 'DELETE');
  const mails = ['one', 'two', 'three'].map(mail);
  await sendRaw(sandbox.smtp, mails, { from: 'ann@x.test', to: ['bob@x.test'] });
});

it.each(['', 'api/', 'maildev/', 'maildev/api/', 'maildev/accounts/bob@x.test/'])(
  'lists, filters and deletes emails below /%s',
  async (root) => {
    expect(await subjects(`${root}email`)).toEqual(['one', 'two', 'three']);
    expect(await subjects(`${root}email?skip=1&limit=1&sort=desc`)).toEqual(['two']);
    expect(await subjects(`${root}email?from.address=ann@x.test&subject=three`)).toEqual(['three']);
    const [first] = await emails(`${root}email`);
    expect(await call(`${root}email/${first?.id}`)).toMatchObject([
      200,
      { read: true, text: 'Text of one\n' },
    ]);
    expect(await subjects(`${root}email?read=false`)).toEqual(['two', 'three']);
    expect(await call(`${root}email/${first?.id}`, 'DELETE')).toEqual([200, true]);
    expect(await call(`${root}email/all`, 'DELETE')).toEqual([200, true]);
    expect(await subjects(`${root}email`)).toEqual([]);
  },
);

it.each([
  ['email/all?subject=one', undefined, 'has no parameter subject'],
  ['api/email/all', '{"ids":["x"]}', 'reads no body'],
  ['email/all', '{"ids":', 'reads no body'],
])('refuses to delete all emails by DELETE %s with %s', async (path, body, reason) => {
  expect(await call(path, 'DELETE', body)).toEqual([400, { error: expect.stringContaining(reason) }]);
  expect(await subjects('email')).toHaveLength(3);
});

it('lists summaries with counts, and marks all as read', async () => {
  expect(await call('api/email/summary?limit=2&sort=asc&search=text')).toMatchObject([
    200,
    {
      items: [{ subject: 'one' }, { subject: 'two' }],
      total: 3,
      storeTotal: 3,
      unread: 3,
      skip: 0,
      limit: 2,
    },
  ]);
  expect(await call('api/email/summary?sort=asc&skip=2&limit=2')).toMatchObject([
    200,
    { items: [{ subject: 'three' }] },
  ]);
  expect(await call('email/read-all', 'PATCH')).toEqual([200, 3]);
  expect(await call('email/read-all', 'PATCH')).toEqual([200, 0]);
});

it('serves active attachments as downloads, and links inline parts in the HTML', async () => {
  const lines = [
    ...[
      'From: ann@x.test',
      'To: bob@x.test',
      'Subject: Picture',
      'Content-Type: multipart/related; boundary=r',
      '',
    ],
    ...['--r', 'Content-Type: text/html', '', '<img src="cid:pic"><script>1</script>', '--r'],
    ...['Content-Type: image/svg+xml; name="a.svg"', 'Content-ID: <pic>', '', '<svg/>', '--r--', ''],
  ];
  await sendRaw(sandbox.smtp, [Buffer.from(lines.join('\r\n'))]);
  const [email] = await emails('email?subject=Picture');
  const address = `/api/email/${email?.id}/attachment/${email?.attachments[0]?.generatedFileName}`;
  const html = await fetch(new URL(`email/${email?.id}/html`, sandbox.url));
  expect(html.headers.get('content-security-policy')).toContain('sandbox');
  expect(await html.text()).toContain(`<img src="${address}">`);
  const part = await fetch(new URL(address, sandbox.url));
  expect(part.headers.get('content-type')).toBe('application/octet-stream');
  expect(await part.text()).toBe('<svg/>');
});

it('relays nothing while the relay is off, and answers the health check without a login', async () => {
  const [email] = await emails();
  expect(await call(`email/${email?.id}/relay/a@x.test`, 'POST')).toEqual([
    500,
    { error: 'Outgoing mail not configured' },
  ]);
  const closed = await startTestSandbox({ webAuth: { user: 'u', password: 'p' } });
  expect((await fetch(new URL('healthz', closed.url))).status).toBe(200);
  const refused = await fetch(new URL('email', closed.url));
  expect([refused.status, await refused.json()]).toEqual([401, { error: 'Unauthorized' }]);
});

it('releases an email to the recipients that the relay allows', async () => {
  const target = await startTestSandbox();
  const relaySmarthost = `smtp://127.0.0.1:${target.smtp.port}`;
  const relaying = await startTestSandbox({
    relay: 'manual',
    relaySmarthost,
    relayAllow: ['*@allowed.test'],
  });
  await sendRaw(relaying.smtp, [mail('one')]);
  const post = async (path: string): Promise<[number, unknown]> => {
    const response = await fetch(new URL(path, relaying.url), { method: 'POST' });
    return [response.status, await response.json()];
  };
  const [email] = (await (await fetch(new URL('email', relaying.url))).json()) as Email[];
  expect(await post(`email/${email?.id}/relay/x@other.test`)).toMatchObject([
    500,
    { error: expect.any(String) },
  ]);
  expect(await post(`email/${email?.id}/relay/nobody`)).toMatchObject([400, { error: expect.any(String) }]);
  expect(await post(`email/${email?.id}/relay/x@allowed.test`)).toEqual([200, true]);
  await expect.poll(async () => (await target.json<{ total: number }>('messages')).total).toBe(1);
});
