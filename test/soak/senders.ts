/** Who brings mail: steady senders, slow ones, and those that vanish in mid-message. */
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { LoadConnection, sampleMessage } from '../bench/load.ts';
import type { Ledger } from './ledger.ts';
import type { Server } from './server.ts';

/** Until when to go on. */
export interface Shift {
  readonly over: () => boolean;
}

const withKey = (key: string, size: number): Buffer =>
  Buffer.concat([Buffer.from(`X-Soak: ${key}\r\n`), sampleMessage(Number(/\d+$/.exec(key)?.[0] ?? 0), size)]);

/** Sends until the shift is over, on one connection after another; a server that is away is asked again. */
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
      // Refused or cut off: what was not acknowledged is nobody's loss.
      serial++;
      await wait(50);
    }
  }
}

/** One octet at a time; then a message that never ends. */
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

/** Connects, says something, is gone. */
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
