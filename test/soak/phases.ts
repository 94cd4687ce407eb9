/**
 * The phases of the soak test: each puts the server under a different kind of stress, and resolves with the list of
 * problems, which is empty on success.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSandbox } from '../../server/sandbox/index.ts';
import { LoadConnection, sampleMessage } from '../bench/load.ts';
import { Ledger } from './ledger.ts';
import { eventReader, imapReader, pop3Reader, restReader, slowReader } from './readers.ts';
import { slowSender, steadySender, vanishingSender } from './senders.ts';
import { Server } from './server.ts';

export interface SoakContext {
  /** A folder for the files of this phase. */
  readonly scratch: string;
  /** Duration of a load in milliseconds. */
  readonly duration: number;
  readonly progress: (text: string) => void;
}

export interface Phase {
  readonly name: string;
  readonly run: (context: SoakContext) => Promise<readonly string[]>;
}

/**
 * Runs all senders and readers at the same time until the time is over; `meanwhile` may disturb the server. Resolves
 * with the list of problems.
 */
async function load(
  server: Server,
  ledger: Ledger,
  { duration, progress }: SoakContext,
  meanwhile: () => Promise<unknown> = () => wait(100),
): Promise<string[]> {
  const until = Date.now() + duration;
  const shift = { over: () => Date.now() >= until };
  const senders = [
    ...['ada', 'bob', 'eve', 'joe'].map((name) => steadySender(name, server, ledger, shift)),
    slowSender(server, shift),
    vanishingSender(server, shift),
  ];
  const readers = Object.entries({
    'IMAP, one account': imapReader('ada@soak.test', server, shift),
    'IMAP, all': imapReader('all', server, shift),
    'IMAP, slowly': slowReader(server, shift),
    POP3: pop3Reader('bob@soak.test', server, shift),
    REST: restReader(server, shift),
    WebSocket: eventReader(server, shift),
  });
  const watch = (async () => {
    while (!shift.over()) {
      const { sent, acknowledged } = ledger.counts;
      progress(`${sent} sent, ${acknowledged} acknowledged, ${Math.round(server.resident)} MB`);
      await wait(1000);
    }
  })();
  const acts = (async () => {
    while (!shift.over()) await meanwhile();
  })();
  await Promise.all([...senders, watch, acts]);
  const turns = await Promise.all(readers.map(async ([name, reader]) => [name, await reader] as const));
  const { sent, acknowledged } = ledger.counts;
  console.log(
    `  ${sent} sent, ${acknowledged} acknowledged; read: ${turns.map(([name, n]) => `${name} ${n}`).join(', ')}`,
  );
  return turns.flatMap(([name, n]) => (n === 0 ? [`no client could read by ${name}`] : []));
}

/** Returns the errors that the server logged, for phases without an external cause of errors. */
const faultsOf = (server: Server): string[] => server.faults.map((line) => `logged: ${line.slice(0, 300)}`);

async function verdict(server: Server, ledger: Ledger, { progress }: SoakContext): Promise<string[]> {
  progress('looking for every message');
  const { sent, acknowledged, found, lost } = await ledger.balance(server.url);
  console.log(`  sent ${sent}, acknowledged ${acknowledged}, found ${found}, lost ${lost.length}`);
  return [
    ...lost.map((key) => `acknowledged and lost: ${key}`),
    ...(found < acknowledged ? [`${acknowledged} acknowledged, ${found} found`] : []),
    ...(acknowledged === 0 ? ['nothing was acknowledged'] : []),
  ];
}

/** Maximum growth of the memory between the first and the second load of the same size, in megabytes. */
const LEAK = 60;

const mixed: Phase = {
  name: 'mixed load, and memory after it',
  async run(context) {
    const server = await Server.start(path.join(context.scratch, 'data'));
    const ledger = new Ledger();
    const after: number[] = [];
    const before = server.resident;
    const unread: string[] = [];
    for (let round = 0; round < 2; round++) {
      unread.push(...(await load(server, ledger, context)));
      await fetch(`${server.url}api/messages?all=true`, { method: 'DELETE' });
      // Waits for the garbage collection in the background, so that its memory does not count as a leak.
      await wait(3000);
      after.push(server.resident);
    }
    console.log(
      `  resident at the start ${Math.round(before)} MB, after each load, emptied: ${after.map((mb) => `${Math.round(mb)} MB`).join(', ')}`,
    );
    const fresh = new Ledger();
    await load(server, fresh, { ...context, duration: context.duration / 4 });
    const wrong = [...unread, ...(await verdict(server, fresh, context)), ...faultsOf(server)];
    await server.stop('SIGTERM');
    const [first = 0, second = 0] = after;
    return second > first + LEAK ? [...wrong, `memory grew from ${first} to ${second} MB`] : wrong;
  },
};

const killed: Phase = {
  name: 'kill -9 and restart, again and again',
  async run(context) {
    const server = await Server.start(path.join(context.scratch, 'data'));
    const ledger = new Ledger();
    let kills = 0;
    const unread = await load(server, ledger, context, async () => {
      await wait(500 + Math.random() * 1500);
      await server.stop('SIGKILL');
      kills++;
      await server.start();
    });
    console.log(`  killed ${kills} times`);
    const wrong = [...unread, ...(await verdict(server, ledger, context)), ...faultsOf(server)];
    await server.stop('SIGTERM');
    return wrong;
  },
};

const fullDisk: Phase = {
  name: 'a full disk',
  async run(context) {
    const disk = path.join(context.scratch, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      console.log('  skipped: mounting a small disk takes root on Linux');
      return [];
    }
    try {
      const server = await Server.start(path.join(disk, 'data'));
      const ledger = new Ledger();
      const refusals = new Set<string>();
      const connect = (): Promise<LoadConnection> => LoadConnection.open('127.0.0.1', server.ports.smtp);
      let connection = await connect();
      const send = async (serial: number): Promise<boolean> => {
        const raw = Buffer.concat([
          Buffer.from(`X-Soak: disk-${serial}\r\n`),
          sampleMessage(serial, 100_000),
        ]);
        ledger.sending(`disk-${serial}`, 'disk@soak.test', raw);
        try {
          ledger.acknowledged(`disk-${serial}`, await connection.send('a@soak.test', 'disk@soak.test', raw));
          return true;
        } catch (error) {
          refusals.add((error as Error).message);
          connection = await connect();
          return false;
        }
      };
      for (let serial = 0; serial < 200; serial++) {
        context.progress(`message ${serial}`);
        await send(serial);
      }
      const wrong = await verdict(server, ledger, context);
      console.log(`  refused with: ${[...refusals].join('; ')}`);
      if (![...refusals].every((reply) => reply.startsWith('452 4.3.1 ')))
        wrong.push(
          `a full disk must be reported with 452, but the replies were: ${[...refusals].join('; ')}`,
        );
      if (refusals.size === 0) wrong.push('the disk never filled up');
      if (!server.alive) wrong.push('the server exited');
      // The disk has free space again, so the server must accept mail again.
      await fetch(`${server.url}api/messages?all=true`, { method: 'DELETE' });
      await wait(1000);
      if (!(await send(1000))) wrong.push('the server refuses mail although the disk has free space again');
      await server.stop('SIGTERM');
      return wrong;
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  },
};

const descriptors: Phase = {
  name: 'too many open files',
  async run(context) {
    const server = await Server.start(path.join(context.scratch, 'data'), 80);
    const crowd = Array.from({ length: 200 }, () =>
      net.connect(server.ports.smtp, '127.0.0.1').on('error', () => undefined),
    );
    await wait(1000);
    for (const socket of crowd) socket.destroy();
    await wait(1000);
    const wrong = server.alive ? [] : ['the server exited'];
    const ledger = new Ledger();
    if (wrong.length === 0)
      wrong.push(...(await load(server, ledger, { ...context, duration: context.duration / 4 })));
    wrong.push(...(await verdict(server, ledger, context)));
    await server.stop('SIGTERM');
    return wrong;
  },
};

const clockJumps: Phase = {
  name: 'a clock that jumps',
  async run({ progress }) {
    const wrong: string[] = [];
    let offset = 0;
    const clock = (): number => Date.now() + offset;
    const ports = { smtpPort: 0, httpPort: 0, imapPort: 0, pop3Port: 0 };
    const sandbox = await createSandbox({ ...ports, memory: true }, { clock });
    const smtp = sandbox.endpoints.find(({ protocol }) => protocol === 'smtp');
    const connection = await LoadConnection.open('127.0.0.1', smtp?.port ?? 0);
    const ids: string[] = [];
    const hour = 3_600_000;
    for (const [serial, jump] of [0, 24 * hour, -48 * hour, 365 * 24 * hour, -hour].entries()) {
      progress(`a jump of ${jump / hour} hours`);
      offset += jump;
      const seq = sandbox.store.changes.seq;
      const wanted = `${sandbox.url ?? ''}api/messages/wait?after=${seq}&query=subject:${serial}&timeout=5000`;
      const waiting = fetch(wanted);
      const reply = await connection.send(
        'a@soak.test',
        'clock@soak.test',
        Buffer.from(`Subject: ${serial}\r\n\r\n`),
      );
      ids.push(/queued as (\w+)/.exec(reply)?.[1] ?? '');
      if (!(await waiting).ok) wrong.push(`a wait missed its message after a jump of ${jump} ms`);
    }
    const page = await sandbox.store.messages.list({ limit: 10, order: 'oldest' });
    const listed = page.messages.map(({ summary }) => summary.id as string);
    if (listed.join() !== ids.join()) wrong.push('the list is not in the order of arrival');
    if ([...ids].sort().join() !== ids.join()) wrong.push('ids do not ascend');
    await connection.quit();
    await sandbox.close();
    return wrong;
  },
};

export const phases: readonly Phase[] = [mixed, killed, fullDisk, descriptors, clockJumps];
