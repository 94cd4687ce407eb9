/**
 * Measures IMAP: the time to fetch all data of 10,000 messages, compared with Dovecot on the same messages, and the
 * cost of idle sessions.
 */
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
/**
 * Number of sessions that are opened before the memory is measured: the first sessions also cause costs that all
 * sessions share (compiled code, buffers, heap space).
 */
const NOT_COUNTED = 100;
/** Milliseconds during which the idle sessions are measured. */
const WATCHED = 5_000;
/** Milliseconds of processor time in a second below which the server is considered idle. */
const QUIET = 5;
/** Maximum number of seconds that the server may take to index the messages. */
const UNTIL_QUIET = 60;

/** Maximum difference in octets between two memory measurements of a server whose memory is stable. */
const STEADY = 128 * 1024;
/** Maximum number of memory measurements, and milliseconds between two of them. */
const MOST_LOOKS = 60;
const BETWEEN_LOOKS = 300;

/**
 * Number of octets of the response that are stored: more than any tagged response line, including the capabilities
 * after a login.
 */
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

  /** Sends a command and reads up to its tagged response; resolves with the number of octets received. */
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

/** The Restante IMAP server in a process of its own. */
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

  /**
   * Resolves with the resident memory in octets (after a garbage collection, if requested) and the processor time so
   * far in milliseconds.
   */
  async usage(collect = false): Promise<{ rss: number; cpu: number }> {
    this.#child.stdin!.write(collect ? 'gc\n' : 'look\n');
    return JSON.parse((await this.#lines.next()).value as string) as { rss: number; cpu: number };
  }

  /**
   * Resolves with the resident memory in octets when garbage collections no longer reduce it. The process returns
   * memory to the system with a delay.
   */
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

  /** Waits until the background work of the server is complete, in particular the search index. */
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
      // The first round is not counted: after it, both servers have read every file once.
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
    // The idle sessions are measured in a new process: the heap that fetching leaves behind would hide their memory.
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
