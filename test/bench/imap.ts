/** IMAP: everything of 10,000 messages fetched beside Dovecot on the same files, and what idle sessions cost. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { startDovecot } from './imap/dovecot.ts';
import { figure, median, ratio, spread, type BenchContext, type BenchPart, type BenchRow } from './part.ts';

const MESSAGES = 10_000;
const IDLE_SESSIONS = 500;
/** The first of them pay for what all share: code that is compiled, buffers, room in the heap. */
const NOT_COUNTED = 100;
/** Milliseconds that the idle sessions are watched. */
const WATCHED = 5_000;
/** Milliseconds of processor time in a second below which the server has nothing left to do. */
const QUIET = 5;
/** Seconds that it may take to index what it was filled with. */
const UNTIL_QUIET = 60;

/** Octets by which two looks at the memory differ at most when it has come to rest. */
const STEADY = 128 * 1024;
/** Looks at the memory before it is given up, and milliseconds between them. */
const MOST_LOOKS = 60;
const BETWEEN_LOOKS = 300;

/** Octets kept of what came: more than any tagged answer, the capabilities after login included. */
const TAIL = 2_000;

const WORK: readonly (readonly [string, string])[] = [
  ['all headers', 'FETCH 1:* (UID BODY.PEEK[HEADER])'],
  ['all bodies', 'FETCH 1:* (UID BODY.PEEK[])'],
  ['as a client lists', 'FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)'],
  ['all flags', 'FETCH 1:* (UID FLAGS)'],
];

class Client {
  readonly #socket: net.Socket;
  #tail = '';
  #octets = 0;
  #wake: (() => void) | null = null;
  #isClosed = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake?.();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#octets += chunk.length;
      this.#tail = (this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - TAIL))).slice(-TAIL);
      this.#wake?.();
    });
  }

  static async open(port: number): Promise<Client> {
    const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    const client = new Client(socket);
    await client.#until(/^\* OK .*\r\n$/);
    await client.command('LOGIN user@example.test any');
    await client.command('SELECT INBOX');
    return client;
  }

  /** Sends a command and reads to its tagged answer; resolves with the octets that came. */
  async command(text: string): Promise<number> {
    this.#tail = '';
    this.#octets = 0;
    this.#socket.write(`a ${text}\r\n`);
    await this.#until(/(?:^|\r\n)a OK [^\r\n]*\r\n$/);
    return this.#octets;
  }

  async idle(): Promise<void> {
    this.#tail = '';
    this.#socket.write('a IDLE\r\n');
    await this.#until(/\+ idling\r\n$/);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #until(end: RegExp): Promise<void> {
    while (!end.test(this.#tail)) {
      const [refusal] = /^(?:a NO|a BAD|\* BYE)[^\r\n]*/m.exec(this.#tail) ?? [];
      if (refusal !== undefined) throw new Error(`The server answered ${refusal}`);
      if (this.#isClosed) throw new Error('The server closed the connection');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Our server in a process of its own. */
class Ours {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, port: number) {
    this.#child = child;
    this.#lines = lines;
    this.port = port;
  }

  static async start(directory: string): Promise<Ours> {
    const script = path.join(import.meta.dirname, 'imap/server.ts');
    const args = ['--expose-gc', '--import', 'tsx', script, directory, String(MESSAGES)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    return new Ours(child, lines, Number((await lines.next()).value));
  }

  /** Resident octets, after a collection if asked for, and milliseconds of processor time so far. */
  async usage(collect = false): Promise<{ rss: number; cpu: number }> {
    this.#child.stdin!.write(collect ? 'gc\n' : 'look\n');
    return JSON.parse((await this.#lines.next()).value as string) as { rss: number; cpu: number };
  }

  /** Resident octets when collections give nothing more back to the system, which takes its time. */
  async resident(): Promise<number> {
    let { rss } = await this.usage(true);
    for (let look = 0; look < MOST_LOOKS; look++) {
      await pause(BETWEEN_LOOKS);
      const now = await this.usage(true);
      if (Math.abs(rss - now.rss) < STEADY) return now.rss;
      rss = now.rss;
    }
    throw new Error('The memory of the server has not come to rest');
  }

  /** Waits until work of its own is done, the search index above all. */
  async quiet(): Promise<void> {
    let { cpu } = await this.usage();
    for (let second = 0; second < UNTIL_QUIET; second++) {
      await pause(1_000);
      const now = await this.usage();
      if (now.cpu - cpu < QUIET) return;
      cpu = now.cpu;
    }
    throw new Error('The server has not come to rest');
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

async function timeOf(port: number, command: string): Promise<number> {
  const client = await Client.open(port);
  const started = performance.now();
  const octets = await client.command(command);
  const milliseconds = performance.now() - started;
  client.close();
  if (octets < MESSAGES * 20) throw new Error(`${command} gave ${octets} octets only`);
  return milliseconds;
}

async function measureFetch(context: BenchContext, ours: Ours): Promise<BenchRow[]> {
  chmodSync(context.scratch, 0o755);
  const dovecot = await startDovecot(path.join(context.scratch, 'dovecot'), MESSAGES);
  const rows: BenchRow[] = [];
  try {
    for (const [name, command] of WORK) {
      const [mine, theirs]: [number[], number[]] = [[], []];
      // A first round that does not count: both have read every file once.
      for (let at = 0; at <= context.rounds; at++) {
        context.progress(`${name}, round ${at} of ${context.rounds}`);
        const own = await timeOf(ours.port, command);
        const other = dovecot === null ? null : await timeOf(dovecot.port, command);
        if (at === 0) continue;
        mine.push(own);
        if (other !== null) theirs.push(other);
      }
      rows.push({
        work: `IMAP: ${name} of ${MESSAGES.toLocaleString('en')} messages`,
        ours: figure(median(mine), ' ms'),
        beside: 'Dovecot',
        theirs: theirs.length === 0 ? null : figure(median(theirs), ' ms'),
        ratio: theirs.length === 0 ? null : ratio(median(mine), median(theirs)),
        spread: spread(mine, ' ms'),
        budget: '≤ 2 × Dovecot',
        met: theirs.length === 0 ? null : median(mine) <= 2 * median(theirs),
      });
    }
  } finally {
    dovecot?.stop();
  }
  return rows;
}

async function openIdle(port: number, count: number): Promise<Client[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => Client.open(port)));
  for (const client of clients) await client.idle();
  return clients;
}

async function measureIdle(context: BenchContext, ours: Ours): Promise<BenchRow[]> {
  context.progress(`${IDLE_SESSIONS} idle sessions`);
  await ours.quiet();
  const counted = IDLE_SESSIONS - NOT_COUNTED;
  const clients = await openIdle(ours.port, NOT_COUNTED);
  const before = await ours.resident();
  clients.push(...(await openIdle(ours.port, counted)));
  const after = await ours.resident();
  await ours.quiet();
  const during = await ours.usage();
  await pause(WATCHED);
  const { cpu } = await ours.usage();
  for (const client of clients) client.close();
  const share = ((cpu - during.cpu) / WATCHED) * 100;
  const each = (after - before) / counted / 1024;
  const absolute = { beside: null, theirs: null, ratio: null };
  return [
    {
      ...absolute,
      work: `IMAP: ${IDLE_SESSIONS} idle sessions, processor`,
      ours: figure(share, ' %'),
      spread: '',
      budget: 'none to be measured: ≤ 0.5 %',
      met: share <= 0.5,
    },
    {
      ...absolute,
      work: `IMAP: an idle session on ${MESSAGES.toLocaleString('en')} messages, memory`,
      ours: figure(each, ' KB'),
      spread: '',
      budget: '≤ 100 KB',
      met: each <= 100,
    },
  ];
}

export const part: BenchPart = {
  name: 'imap',
  async run(context) {
    // Idle sessions have a process of their own: what the fetching left in the first one's heap would hide them.
    const rows: BenchRow[] = [];
    for (const measure of [measureFetch, measureIdle]) {
      const ours = await Ours.start(path.join(context.scratch, 'restante'));
      try {
        rows.push(...(await measure(context, ours)));
      } finally {
        await ours.stop();
      }
    }
    return rows;
  },
};
