/** Clients that send mail: steady senders, slow senders, and senders that disappear in the middle of a message. */
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { LoadConnection, sampleMessage } from '../bench/load.ts';
import type { Ledger } from './ledger.ts';
import type { Server } from './server.ts';

/** The time for which a client of the soak test works. */
export interface Shift {
  readonly over: () => boolean;
}

const withKey = (key: string, size: number): Buffer =>
  Buffer.concat([Buffer.from(`X-Soak: ${key}\r\n`), sampleMessage(Number(/\d+$/.exec(key)?.[0] ?? 0), size)]);

/**
 * Sends messages until the working time of the sender (its shift) is over, over one connection after another; if the
 * server is unavailable, it retries.
 */
export async function steadySender(
  name: string,
  server: Server,
  ledger: Ledger,
  shift: Shift,
): Promise<void> {
  for (let serial = 0; !shift.over();) {
    try {
      const connection = await LoadConnection.open('127.0.0.1', server.ports.smtp);
      for (let i = 0; i < 20 && !shift.over(); i++, serial++) {
        const key = `${name}-${serial}`;
        const account = `${name}@soak.test`;
        const raw = withKey(key, serial % 50 === 0 ? 200_000 : 3000);
        ledger.sending(key, account, raw);
        ledger.acknowledged(key, await connection.send('app@soak.test', account, raw));
      }
      await connection.quit();
    } catch {
      // The message was refused or the connection was lost: a message without acknowledgement does not count as lost.
      serial++;
      await wait(50);
    }
  }
}

/** Sends a message one octet at a time, and then a message that never ends. */
export async function slowSender(server: Server, shift: Shift): Promise<void> {
  while (!shift.over()) {
    const socket = net.connect(server.ports.smtp, '127.0.0.1').on('error', () => undefined);
    const dialogue =
      'EHLO slow.test\r\nMAIL FROM:<slow@soak.test>\r\nRCPT TO:<x@soak.test>\r\nDATA\r\nSubject: slow\r\n';
    for (const octet of dialogue) {
      if (shift.over() || socket.destroyed) break;
      socket.write(octet);
      await wait(5);
    }
    socket.destroy();
  }
}

/** Connects, sends a few commands, and closes the connection without QUIT. */
export async function vanishingSender(server: Server, shift: Shift): Promise<void> {
  const words = [
    '',
    'EHLO x.test\r\n',
    'EHLO x.test\r\nMAIL FROM:<a@soak.test>\r\nRCPT TO:<b@soak.test>\r\nDATA\r\nhalf',
  ];
  for (let i = 0; !shift.over(); i++) {
    const socket = net.connect(server.ports.smtp, '127.0.0.1').on('error', () => undefined);
    socket.write(words[i % words.length] ?? '');
    await wait(10);
    socket.resetAndDestroy();
  }
}
