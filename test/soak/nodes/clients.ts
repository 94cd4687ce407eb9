/**
 * Clients of several nodes: senders, and readers that follow all mail by waits, by the event stream and by IMAP IDLE,
 * each on any node. A client whose node fails continues on another node.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ImapTalk } from '../../helpers/imap.ts';
import { LoadConnection, sampleMessage } from '../../bench/load.ts';
import type { AccountBook } from './account-book.ts';
import type { Cluster, Node } from './cluster.ts';

/** Pause of a client after an error, in milliseconds. */
const AFTER_ERROR = 50;
/** The number of messages that a sender sends over one connection. */
const PER_CONNECTION = 20;

export interface Work {
  readonly cluster: Cluster;
  readonly book: AccountBook;
  /** Whether senders must stop. */
  readonly isOver: () => boolean;
}

/** Sends messages to random nodes. A message that is not acknowledged is not sent again. */
export async function sender(name: string, account: string, { cluster, book, isOver }: Work): Promise<void> {
  for (let serial = 0; !isOver();) {
    try {
      const { server } = cluster.pick();
      const connection = await LoadConnection.open('127.0.0.1', server.ports.smtp);
      for (let i = 0; i < PER_CONNECTION && !isOver(); i++, serial++) {
        const key = `${name}-${serial}`;
        const raw = Buffer.concat([Buffer.from(`Subject: ${key}\r\n`), sampleMessage(serial, 2000)]);
        book.sending(key, account, raw);
        await connection.send('app@soak.test', account, raw);
        book.acknowledged(key);
      }
      await connection.quit();
    } catch {
      serial++;
      await pause(AFTER_ERROR);
    }
  }
}

/** A reader that follows the mail of an account until it is stopped. */
export interface Reader {
  readonly name: string;
  readonly account: string | undefined;
  /** Keys of the messages, in the order in which the reader received them. */
  readonly keys: readonly string[];
  /** The number of times that the reader had to continue on another node. */
  readonly restarts: number;
  stop(): Promise<void>;
}

abstract class Following implements Reader {
  readonly name: string;
  readonly account: string | undefined;
  readonly keys: string[] = [];
  protected readonly work: Work;
  protected isStopped = false;
  #restarts = 0;
  #running: Promise<void> | undefined;

  constructor(name: string, account: string | undefined, work: Work) {
    this.name = name;
    this.account = account;
    this.work = work;
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): this {
    this.#running = this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.interrupt();
    await this.#running;
  }

  /** Follows the mail on one node, until it fails or the reader is stopped. */
  protected abstract follow(node: Node): Promise<void>;
  /** Ends the running call of `follow`. */
  protected abstract interrupt(): void;

  protected problem(text: string): void {
    this.work.book.problems.push(`${this.name}: ${text}`);
  }

  async #run(): Promise<void> {
    while (!this.isStopped) {
      try {
        await this.follow(this.work.cluster.pick());
      } catch {
        this.#restarts++;
        await pause(AFTER_ERROR);
      }
    }
  }
}

/** Waits for one message after another, each time on a random node. */
export class WaitReader extends Following {
  #after = 0;
  readonly #abort = new AbortController();

  protected interrupt(): void {
    this.#abort.abort();
  }

  protected async follow({ server }: Node): Promise<void> {
    const account = encodeURIComponent(this.account ?? 'all');
    const query = `account=${account}&after=${this.#after}&timeout=5000`;
    const response = await fetch(`${server.url}api/messages/wait?${query}`, { signal: this.#abort.signal });
    const body = (await response.json()) as { seq: number; subject: string; type?: string };
    if (body.type === 'urn:restante:wait-timeout') return;
    if (!response.ok) throw new Error(`${response.status}`);
    if (body.seq <= this.#after) this.problem(`message ${body.seq} is not after ${this.#after}`);
    this.#after = body.seq;
    this.keys.push(body.subject);
  }
}

interface StreamedEvent {
  readonly type: string;
  readonly seq: number;
  readonly gap?: boolean;
  readonly message?: { readonly subject: string };
}

/**
 * Follows the event stream, and continues after the last sequence number (seq) on another node when the stream ends.
 */
export class StreamReader extends Following {
  #since = 0;
  #abort = new AbortController();
  /**
   * For each change number (seq), the subject of the message that the change added, to compare the nodes with each
   * other.
   */
  readonly #seqs: Map<number, string>;

  constructor(name: string, work: Work, seqs: Map<number, string>) {
    super(name, undefined, work);
    this.#seqs = seqs;
  }

  protected interrupt(): void {
    this.#abort.abort();
  }

  protected async follow({ server }: Node): Promise<void> {
    this.#abort = new AbortController();
    const response = await fetch(`${server.url}api/events?since=${this.#since}`, {
      headers: { accept: 'text/event-stream' },
      signal: this.#abort.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`${response.status}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#read(block);
    }
    throw new Error('The stream ended');
  }

  #read(block: string): void {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined || block.includes('event: end')) return;
    const { type, seq, gap, message } = JSON.parse(data) as StreamedEvent;
    if (type === 'hello') {
      if (gap === true) this.problem(`events are missing after ${this.#since}`);
      return;
    }
    if (seq <= this.#since) this.problem(`event ${seq} follows event ${this.#since}`);
    this.#since = seq;
    if (message === undefined || type !== 'message') return;
    this.keys.push(message.subject);
    const other = this.#seqs.get(seq) ?? message.subject;
    if (other !== message.subject) this.problem(`seq ${seq} is ${message.subject}, but elsewhere ${other}`);
    this.#seqs.set(seq, message.subject);
  }
}

/** Follows an INBOX by IMAP IDLE: fetches new messages only after the server has announced them. */
export class IdleReader extends Following {
  #talk: ImapTalk | undefined;
  #last = 0;
  #validity: string | undefined;

  protected interrupt(): void {
    this.#talk?.destroy();
  }

  protected async follow({ server }: Node): Promise<void> {
    const talk = await ImapTalk.connect(server.ports.imap);
    this.#talk = talk;
    try {
      await talk.ok(`LOGIN ${this.account ?? 'all'} x`);
      const selected = await talk.ok('SELECT INBOX');
      this.#compareValidity(selected.join('\n'));
      let exists = existsIn(selected) ?? 0;
      while (!this.isStopped) {
        const announced = await this.#fetchNew(talk, exists);
        // Messages that were announced with the result of the FETCH are not part of the result.
        exists = announced > exists ? announced : await idleUntilMore(talk, exists);
      }
    } finally {
      talk.destroy();
    }
  }

  #compareValidity(selected: string): void {
    const validity = /UIDVALIDITY (\d+)/.exec(selected)?.[1];
    if (validity !== undefined && validity !== (this.#validity ?? validity))
      this.problem(`UIDVALIDITY changed from ${this.#validity ?? ''} to ${validity}`);
    this.#validity = validity ?? this.#validity;
  }

  /** Fetches the messages with higher UIDs. Returns the number of messages that the server has announced. */
  async #fetchNew(talk: ImapTalk, exists: number): Promise<number> {
    const lines = await talk.ok(`UID FETCH ${this.#last + 1}:* (UID BODY.PEEK[HEADER.FIELDS (Subject)])`);
    const before = this.#last;
    for (const line of lines) {
      const uid = Number(/\bUID (\d+)/.exec(line)?.[1] ?? 0);
      const key = /^Subject: (\S+)/m.exec(line)?.[1];
      // `n:*` selects the last message, even if its UID is below n (RFC 3501 §6.4.8).
      if (uid <= before || key === undefined) continue;
      if (uid <= this.#last) this.problem(`UID ${uid} follows ${this.#last}`);
      this.#last = uid;
      this.keys.push(key);
    }
    return existsIn(lines) ?? exists;
  }
}

function existsIn(lines: readonly string[]): number | undefined {
  const counts = lines.flatMap((line) => /^\* (\d+) EXISTS/.exec(line)?.[1] ?? []);
  const last = counts.at(-1);
  return last === undefined ? undefined : Number(last);
}

/** Idles until the server announces more messages than `exists`; returns their number. */
async function idleUntilMore(talk: ImapTalk, exists: number): Promise<number> {
  talk.write('i IDLE\r\n');
  for (;;) {
    const count = existsIn([await talk.line()]) ?? exists;
    if (count <= exists) continue;
    talk.write('DONE\r\n');
    return existsIn(await talk.until('i')) ?? count;
  }
}
