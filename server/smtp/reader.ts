/**
 * A client's octets as command lines and messages, in place of smtp-server's own reader, which undoes dots behind a
 * bare LF, takes lines apart as text and ends the session on a long one.
 *
 * Invariants: one command or message at a time; what was pipelined behind it waits. A line that is too long is
 * thrown away to its end and reported once. An unfinished line at the end of the connection is no command.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { beginsWithTls } from '../net/tls/handshake.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import { DataReader } from './data-reader.ts';
import { LibraryParser } from './library/parser.ts';

const LF = 10;
const CR = 13;
const NOTHING = Buffer.alloc(0);

/** Longest command line, RFC 4954 §4's 12,288 octets for AUTH with room for large tokens. */
const MAX_LINE = 16 * 1024;
/** Commands of one chunk run in a row before other connections have their turn. */
const MAX_IN_A_ROW = 100;
/** How often a throttled connection takes its next portion, milliseconds. */
const THROTTLE_STEP = 50;

export interface ReaderEvents {
  /** The first octets are a TLS handshake. */
  tlsInClear(): void;
  /** A command line without its line end; resolves when the next may come. */
  command(line: Buffer, bareLf: boolean): Promise<void>;
  /** The line was longer than is allowed. */
  lineTooLong(): void;
  /** A message of DATA has come to its end; resolves when the next command may come. */
  message(data: DataReader): Promise<void>;
  /** A chunk of BDAT has come to its end; resolves when the next command may come. */
  chunk(): Promise<void>;
  /** The message has grown. */
  progress(message: HeldMessage): void;
  /** The client has closed its half and everything before was dealt with. */
  end(): void;
  /** Octets a second to read at most; `null` for as fast as they come. */
  rate(): number | null;
}

/** A message after DATA. */
interface IncomingData {
  readonly reader: DataReader;
  readonly message: HeldMessage;
}

/** A chunk after BDAT; without a message its octets are thrown away. */
interface IncomingChunk {
  left: number;
  readonly message: HeldMessage | null;
}

export class SmtpReader extends LibraryParser {
  readonly #events: ReaderEvents;
  /** The beginning of a line whose end has not come. */
  #line: Buffer = NOTHING;
  #skipping = false;
  /** Whether octets have come. */
  #begun = false;
  #data: IncomingData | null = null;
  #chunk: IncomingChunk | null = null;

  constructor(events: ReaderEvents) {
    super();
    this.#events = events;
  }

  protected override ended(): void {
    this.#events.end();
  }

  /** Whether what comes is a message, or a chunk of one. */
  get inMessage(): boolean {
    return this.#data !== null || this.#chunk !== null;
  }

  /** Takes what follows as a message, until its final dot. */
  startMessage(message: HeldMessage): void {
    this.#data = { reader: new DataReader(message), message };
    this.receiving(true);
  }

  /** Takes the next `size` octets as a chunk of a message; where there is none, they are thrown away. */
  startChunk(size: number, message: HeldMessage | null): void {
    this.#chunk = { left: size, message };
    this.receiving(true);
  }

  protected override async take(chunk: Buffer): Promise<void> {
    if (!this.#begun && beginsWithTls(chunk)) this.#events.tlsInClear();
    this.#begun = true;
    let rest = chunk;
    for (let rate = this.#events.rate(); rate !== null && rest.length > 0; rate = this.#events.rate()) {
      if (this.isClosed) return;
      const portion = Math.max(1, Math.round((rate * THROTTLE_STEP) / 1000));
      await pause(Math.max(THROTTLE_STEP, 1000 / rate));
      await this.#consume(rest.subarray(0, portion));
      rest = rest.subarray(portion);
    }
    if (rest.length > 0) await this.#consume(rest);
  }

  async #consume(chunk: Buffer): Promise<void> {
    let bytes = chunk;
    let inARow = 0;
    while (!this.isClosed) {
      if (this.#chunk !== null) {
        const rest = await this.#takeChunk(this.#chunk, bytes);
        if (rest === null) return;
        bytes = rest;
      } else if (bytes.length === 0) {
        return;
      } else if (this.#data !== null) {
        const rest = await this.#takeData(this.#data, bytes);
        if (rest === null) return;
        bytes = rest;
      } else {
        const end = bytes.indexOf(LF);
        if (end === -1) {
          this.#keepLine(bytes);
          return;
        }
        await this.#endLine(bytes.subarray(0, end));
        bytes = bytes.subarray(end + 1);
        if (++inARow % MAX_IN_A_ROW === 0) await nextTurn();
      }
    }
  }

  /** Feeds a message; returns what follows its end, or `null` while there is no end. */
  async #takeData(data: IncomingData, bytes: Buffer): Promise<Buffer | null> {
    const { reader, message } = data;
    const rest = reader.feed(bytes);
    this.#events.progress(message);
    if (reader.written !== null) await reader.written;
    if (rest === null) return null;
    this.#data = null;
    this.receiving(false);
    await this.#events.message(reader);
    return rest;
  }

  /** Feeds a chunk; returns what follows it, or `null` while it is not complete. */
  async #takeChunk(chunk: IncomingChunk, bytes: Buffer): Promise<Buffer | null> {
    const taken = bytes.subarray(0, chunk.left);
    chunk.left -= taken.length;
    if (chunk.message !== null) {
      const written = chunk.message.add(taken);
      this.#events.progress(chunk.message);
      if (written !== null) await written;
    }
    if (chunk.left > 0) return null;
    this.#chunk = null;
    this.receiving(false);
    await this.#events.chunk();
    return bytes.subarray(taken.length);
  }

  #keepLine(bytes: Buffer): void {
    if (this.#skipping) return;
    this.#line = this.#line.length === 0 ? bytes : Buffer.concat([this.#line, bytes]);
    if (this.#line.length > MAX_LINE) this.#skip();
  }

  #skip(): void {
    this.#line = NOTHING;
    this.#skipping = true;
    this.#events.lineTooLong();
  }

  async #endLine(end: Buffer): Promise<void> {
    if (!this.#skipping) this.#keepLine(end);
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const line = this.#line;
    this.#line = NOTHING;
    const bareLf = line.at(-1) !== CR;
    await this.#events.command(bareLf ? line : line.subarray(0, -1), bareLf);
  }
}
