/**
 * End-to-end tests of the main purpose: an application sends by SMTP, and requests and event streams receive the
 * message at once.
 */
import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Detail, Event, MessagePage } from '../contract/index.ts';
import { startTestSandbox, type TestSandbox } from './helpers/sandbox.ts';

const send = ({ smtp }: TestSandbox, subject: string, to = 'bob@x.test') =>
  createTransport({ host: smtp.host, port: smtp.port }).sendMail({
    from: 'Ann <ann@x.test>',
    to,
    subject,
    text: 'Your code is 482913.',
    html: '<p>Your code is <b>482913</b>. <a href="https://x.test/verify?t=1">Verify your address</a></p>',
    attachments: [{ filename: 'notes.txt', content: 'one two three' }],
  });

describe('a message sent with nodemailer', () => {
  it('is accepted with its id in the reply', async () => {
    const sandbox = await startTestSandbox();
    const { response } = await send(sandbox, 'Hello');
    const { messages } = await sandbox.json<MessagePage>('messages');
    expect(response).toBe(`250 2.0.0 Ok: queued as ${messages[0]!.id}`);
  });

  it('is listed, opened and searched by REST', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox, 'Welcome to the shop');
    const page = await sandbox.json<MessagePage>('messages?account=bob@x.test&query=subject:shop');
    expect(page).toMatchObject({ total: 1, unread: 1, next: null });
    expect(page.messages[0]).toMatchObject({
      subject: 'Welcome to the shop',
      from: [{ name: 'Ann', address: 'ann@x.test' }],
      to: [{ name: '', address: 'bob@x.test' }],
      envelope: { from: 'ann@x.test', to: ['bob@x.test'] },
      attachments: 1,
      preview: 'Your code is 482913.',
    });
    const detail = await sandbox.json<Detail>('messages/latest?account=bob@x.test');
    expect(detail.text?.trim()).toBe('Your code is 482913.');
    expect(detail.codes[0]).toMatchObject({ value: '482913' });
    expect(detail.links[0]).toMatchObject({ href: 'https://x.test/verify?t=1', kind: 'verify' });
    expect(detail.attachments).toMatchObject([{ filename: 'notes.txt', type: 'text/plain', size: 13 }]);
    expect(await sandbox.json<MessagePage>('messages?account=carol@x.test')).toMatchObject({ total: 0 });
  });

  it('ends a wait that began before it was sent', async () => {
    const sandbox = await startTestSandbox();
    const waiting = sandbox.json<Detail>(
      'messages/wait?account=bob@x.test&query=subject:later&timeout=10000',
    );
    await send(sandbox, 'Sooner');
    await send(sandbox, 'Later');
    expect((await waiting).subject).toBe('Later');
  });

  it('is announced by WebSocket', async () => {
    const sandbox = await startTestSandbox();
    const socket = new WebSocket(new URL('api/events?account=bob@x.test', sandbox.url.replace('http', 'ws')));
    const events: Event[] = [];
    const arrived = new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        const event = JSON.parse(data.toString()) as Event;
        events.push(event);
        if (event.type === 'message') resolve();
      });
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await send(sandbox, 'By socket');
    await arrived;
    socket.terminate();
    expect(events.find(({ type }) => type === 'message')).toMatchObject({
      account: 'bob@x.test',
      message: { subject: 'By socket' },
    });
  });

  it('is announced by SSE, and again to a client that resumes from an earlier event', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox, 'First');
    const { seq } = (await sandbox.json<MessagePage>('messages')).messages[0]!;
    await send(sandbox, 'Second');
    const response = await sandbox.api(`events?since=${seq}`, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('Second')) break;
    }
    expect(text).not.toContain('First');
  });
});
