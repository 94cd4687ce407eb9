/** Tests the MailHog API of a real sandbox. `test/interop/mailhog` compares its answers with those of MailHog. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

interface Message {
  readonly ID: string;
  readonly Content: { readonly Headers: Readonly<Record<string, readonly string[]>> };
}

interface Page {
  readonly total: number;
  readonly items: readonly Message[];
}

const mail = (subject: string): Buffer =>
  Buffer.from(
    `From: Ann <ann@x.test>\r\nTo: bob@x.test\r\nsubject: ${subject}\r\n\r\nText of ${subject}\r\n`,
  );
const envelope = { from: 'ann@x.test', to: ['bob@x.test'] };

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

async function call(path: string, method = 'GET', body?: object): Promise<[number, string]> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(new URL(path, sandbox.url), { method, ...sent });
  return [response.status, await response.text()];
}

const page = async (path = 'api/v2/messages'): Promise<Page> => JSON.parse((await call(path))[1]) as Page;
const subjects = async (path: string): Promise<readonly (string | undefined)[]> =>
  (await page(path)).items.map(({ Content }) => Content.Headers['Subject']?.[0]);

beforeEach(async () => {
  await call('mailhog/api/v1/messages', 'DELETE');
  await sendRaw(sandbox.smtp, [mail('one'), mail('two')], envelope);
});

it.each(['', 'mailhog/', 'mailhog/accounts/bob@x.test/'])(
  'lists, finds and deletes below /%s',
  async (root) => {
    expect(await subjects(`${root}api/v2/messages?limit=5`)).toEqual(['two', 'one']);
    expect(await subjects(`${root}api/v2/search?kind=containing&query=OF ONE`)).toEqual(['one']);
    const [first] = (await page(`${root}api/v2/search?kind=to&query=bob&start=1`)).items;
    const path = `${root}api/v1/messages/${first?.ID}@mailhog.example`;
    expect(JSON.parse((await call(path))[1])).toMatchObject({ ID: first?.ID, Raw: { From: 'ann@x.test' } });
    expect((await call(`${path}/download`))[1]).toBe(mail('one').toString());
    expect(await call(path, 'DELETE')).toEqual([200, '']);
    expect(await call(path)).toEqual([200, 'null']);
    expect(await call(`${root}api/v1/messages`, 'DELETE')).toMatchObject([200, expect.any(String)]);
    expect(await subjects(`${root}api/v2/messages`)).toEqual([]);
  },
);

it.each([
  ['mailhog/api/v1/messages?id=x', undefined, 400],
  ['mailhog/api/v1/messages', { ids: ['x'] }, 400],
  ['mailhog/api/v1/messages/', undefined, 404],
])('refuses to delete all messages by DELETE %s with %j', async (path, body, status) => {
  expect((await call(path, 'DELETE', body))[0]).toBe(status);
  expect((await page()).total).toBe(2);
});

it('has the list at the root if Restante takes the place of MailHog', async () => {
  const other = await startTestSandbox({ as: 'mailhog' });
  await sendRaw(other.smtp, [mail('one')]);
  const list = (await (await fetch(new URL('api/v1/messages', other.url))).json()) as readonly Message[];
  expect(list).toHaveLength(1);
  await fetch(new URL('api/v1/messages', other.url), { method: 'DELETE' });
  expect(await (await fetch(new URL('api/v1/messages', other.url))).json()).toEqual([]);
});

describe('releases', () => {
  it('never sends to a server that the request names', async () => {
    const target = await startTestSandbox();
    const relaying = await startTestSandbox({
      relay: 'manual',
      relaySmarthost: `smtp://127.0.0.1:${target.smtp.port}`,
      relayAllow: ['*@allowed.test'],
    });
    const [id] = await sendRaw(relaying.smtp, [mail('one')]);
    const release = async (body: object): Promise<[number, string]> => {
      const url = new URL(`api/v1/messages/${id}/release`, relaying.url);
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      return [response.status, await response.text()];
    };
    const email = 'x@allowed.test';
    expect(await release({ host: 'mail.example.com', port: '25', email })).toEqual([
      400,
      expect.stringContaining('sends no mail to mail.example.com:25'),
    ]);
    expect(await release({ Name: 'saved', Email: email })).toMatchObject([400, expect.any(String)]);
    expect(await release({ Email: 'x@other.test' })).toMatchObject([400, expect.any(String)]);
    expect(await release({})).toMatchObject([400, expect.any(String)]);
    expect(await release({ host: '127.0.0.1', port: String(target.smtp.port), email })).toEqual([200, '']);
    await expect.poll(async () => (await target.json<{ total: number }>('messages')).total).toBe(1);
  });
});

describe('Jim', () => {
  it('is a set of rules, until he is dismissed', async () => {
    const jim = { RejectSenderChance: 1, AcceptChance: 1 };
    expect(await call('api/v2/jim', 'POST', { RejectSender: 1 })).toEqual([
      400,
      expect.stringContaining('RejectSender'),
    ]);
    expect((await call('api/v2/jim'))[0]).toBe(404);
    expect((await call('api/v2/jim', 'POST', jim))[0]).toBe(201);
    expect(JSON.parse((await call('api/v2/jim'))[1])).toMatchObject({ ...jim, LinkSpeedMin: 0 });
    await expect(sendRaw(sandbox.smtp, [mail('three')], envelope)).rejects.toThrow(
      '550 5.7.1 Invalid sender',
    );
    expect((await call('api/v2/jim', 'DELETE'))[0]).toBe(200);
    expect((await sandbox.json<{ rules: unknown[] }>('rules')).rules).toEqual([]);
    await sendRaw(sandbox.smtp, [mail('three')], envelope);
    expect((await page()).total).toBe(3);
  });
});

describe('events', () => {
  it.each(['api/v2/websocket', 'mailhog/accounts/bob@x.test/api/v2/websocket'])(
    'sends each message to %s',
    async (path) => {
      const socket = new WebSocket(new URL(path, sandbox.url.replace('http', 'ws')));
      onTestFinished(() => socket.terminate());
      const received: Message[] = [];
      socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()) as Message));
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      await sendRaw(sandbox.smtp, [mail('other')], { ...envelope, to: ['carol@x.test'] });
      const [ID] = await sendRaw(sandbox.smtp, [mail('three')], envelope);
      await expect.poll(() => received.at(-1)).toMatchObject({ ID });
      expect(received).toHaveLength(path.includes('bob') ? 1 : 2);
    },
  );

  it('sends each message as a server-sent event, and ends the stream with the server', async () => {
    const other = await openTestSandbox();
    const response = await fetch(new URL('api/v1/events', other.url));
    const [ID] = await sendRaw(other.smtp, [mail('three')], envelope);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(`"ID":"${ID}"`)) text += (await reader.read()).value ?? '';
    expect(text).toMatch(/^data: \{/m);
    await other.close();
    let chunk = await reader.read();
    while (!chunk.done) chunk = await reader.read();
    expect(chunk.done).toBe(true);
  });
});
