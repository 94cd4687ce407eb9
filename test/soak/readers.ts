/**
 * Clients that read while mail arrives: IMAP clients that idle, POP3 clients, lists and waits over REST, event
 * streams.
 */
import net from 'node:net';
import { ImapFlow } from 'imapflow';
import Pop3Command from 'node-pop3';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Server } from './server.ts';
import type { Shift } from './senders.ts';

/** Maximum milliseconds for one turn of a reader: some clients never detect that their server was killed. */
const PATIENCE = 5000;

/**
 * Repeats a reader's turn until the working time of the reader (its shift) is over. Errors of an unavailable server are
 * ignored. Resolves with the number of successful turns.
 */
async function again(shift: Shift, act: () => Promise<void>): Promise<number> {
  let turns = 0;
  while (!shift.over()) {
    const turn = act().then(() => turns++);
    await Promise.race([turn, wait(PATIENCE, undefined, { ref: false })]).catch(() => wait(100));
  }
  return turns;
}

export const imapReader = (account: string, server: Server, shift: Shift): Promise<number> =>
  again(shift, async () => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: server.ports.imap,
      auth: { user: account, pass: 'x' },
      logger: false,
      doSTARTTLS: false,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const lock = await client.getMailboxLock('INBOX');
      for (let i = 0; i < 5 && !shift.over(); i++) {
        const { exists } = client.mailbox as { exists: number };
        if (exists > 0)
          await client.fetchAll(`${Math.max(1, exists - 20)}:*`, { envelope: true, flags: true });
        await client.search({ body: 'invoice' });
        await client.messageFlagsAdd('1:*', ['\\Seen']);
        await wait(50);
      }
      lock.release();
    } finally {
      client.close();
    }
  });

export const pop3Reader = (account: string, server: Server, shift: Shift): Promise<number> =>
  again(shift, async () => {
    const client = new Pop3Command({
      host: '127.0.0.1',
      port: server.ports.pop3,
      user: account,
      password: 'x',
    });
    const list = (await client.UIDL()) as string[][];
    const last = list.at(-1)?.[0];
    if (last !== undefined) await client.RETR(Number(last));
    await client.QUIT();
    await wait(50);
  });

export const restReader = (server: Server, shift: Shift): Promise<number> =>
  again(shift, async () => {
    const get = async (path: string): Promise<void> => {
      await (await fetch(`${server.url}api/${path}`)).arrayBuffer();
    };
    await get('messages?limit=50');
    await get('messages?query=body%3Ainvoice&limit=10');
    await get('messages/wait?query=subject%3Anever&timeout=100');
    await get('accounts');
  });

/** Reads the event stream; again and again, it stops reading and then closes the connection. */
export const eventReader = (server: Server, shift: Shift): Promise<number> =>
  again(shift, async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}api/events`);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve).once('error', reject);
    });
    socket.on('error', () => undefined).on('message', () => undefined);
    await wait(500);
    socket.pause();
    await wait(500);
    socket.terminate();
  });

/**
 * Requests all messages by IMAP and reads the response slowly; the client closes the connection before the end of the
 * response.
 */
export const slowReader = (server: Server, shift: Shift): Promise<number> =>
  again(shift, async () => {
    const socket = net.connect(server.ports.imap, '127.0.0.1');
    const gone = new Promise<never>((_resolve, reject) => {
      socket.on('error', reject).on('close', () => reject(new Error('closed')));
    });
    gone.catch(() => undefined);
    socket.write('a LOGIN all x\r\nb SELECT INBOX\r\nc FETCH 1:* (BODY.PEEK[])\r\n');
    for (let sip = 0; sip < 20; sip++) {
      await Promise.race([wait(20), gone]);
      socket.read(1024);
    }
    socket.removeAllListeners('close').destroy();
  });
