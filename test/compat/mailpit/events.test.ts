import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

interface Event {
  readonly Type: string;
  readonly Data: unknown;
}

const mail = Buffer.from('From: ann@x.test\r\nTo: bob@x.test\r\nSubject: Hi\r\n\r\nText\r\n');

/** Opens a WebSocket; returns a function that resolves with the next event of a type. */
async function listen({ url }: TestSandbox, path: string): Promise<(type: string) => Promise<Event>> {
  const socket = new WebSocket(new URL(path, url.replace('http', 'ws')));
  onTestFinished(() => socket.terminate());
  const events: Event[] = [];
  socket.on('message', (data: Buffer) => events.push(JSON.parse(data.toString()) as Event));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return async (type) => {
    await expect.poll(() => events.some(({ Type }) => Type === type)).toBe(true);
    const at = events.findIndex(({ Type }) => Type === type);
    return events.splice(0, at + 1).at(-1)!;
  };
}

it.each(['mailpit/api/events', 'mailpit/accounts/bob@x.test/api/events'])(
  'sends the events of %s',
  async (path) => {
    const sandbox = await startTestSandbox();
    const next = await listen(sandbox, path);
    expect(await next('stats')).toEqual({ Type: 'stats', Data: { Total: 0, Unread: 0, Version: 'v1.33.1' } });
    const [ID, other] = await sendRaw(sandbox.smtp, [mail, mail], { from: 'ann@x.test', to: ['bob@x.test'] });
    expect(await next('new')).toMatchObject({ Data: { ID, Subject: 'Hi', Read: false } });
    expect(await next('stats')).toMatchObject({ Data: { Total: 2, Unread: 2 } });
    const root = new URL(path.replace(/api\/events$/, ''), sandbox.url);
    await fetch(new URL(`api/v1/message/${ID}`, root));
    expect((await next('update')).Data).toEqual({ ID, Read: true });
    await fetch(new URL('api/v1/tags', root), {
      method: 'PUT',
      body: JSON.stringify({ IDs: [ID], Tags: ['red'] }),
    });
    expect((await next('update')).Data).toEqual({ ID, Tags: ['red'] });
    await fetch(new URL('api/v1/messages', root), { method: 'DELETE', body: JSON.stringify({ IDs: [ID] }) });
    expect((await next('delete')).Data).toEqual({ ID });
    await fetch(new URL('api/v1/messages', root), { method: 'DELETE' });
    expect((await next('truncate')).Data).toBeNull();
    expect(other).not.toBe(ID);
  },
);

it('sends the events at the root if Restante takes the place of Mailpit', async () => {
  const sandbox = await startTestSandbox({ as: 'mailpit' });
  const next = await listen(sandbox, 'api/events');
  expect((await next('stats')).Data).toMatchObject({ Total: 0 });
});

it('responds to a request without an upgrade', async () => {
  const { url } = await startTestSandbox();
  expect((await fetch(new URL('mailpit/api/events', url))).status).toBe(400);
  expect((await fetch(new URL('mailpit/livez', url))).status).toBe(200);
  expect((await fetch(new URL('mailpit/readyz', url))).status).toBe(200);
});
