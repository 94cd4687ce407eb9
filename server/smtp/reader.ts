/**
 * Splits a client's octets into command lines and messages. It replaces the reader of smtp-server, which
 * removes dots after a bare LF, splits lines after decoding them as text and ends the session when a line is
 * too long.
 *
 * Invariants: one command or message is processed at a time; pipelined octets after it are processed later. A
 * line that is too long is discarded to its end and reported once. An unfinished line at the end of the
 * connection is not run as a command.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { beginsWithTls } from '../net/tls/handshake.ts';
import type { HeldMessage } from '../net/in-flight/index.ts';
import { DataReader } from './data-reader.ts';
import { LibraryParser } from './library/parser.ts';

const LF = 10;
const CR = 13;
const NOTHING = Buffer.alloc(0);

/**
 * The maximum length of a command line in octets: the 12,288 octets that RFC 4954 §4 requires for AUTH, and
 * additional room for large tokens.
 */
const MAX_LINE = 16 * 1024;
/** The maximum number of pipelined commands that are run before the reader yields to other connections. */
const MAX_IN_A_ROW = 100;
/** Time between two reads from a connection whose rate is limited, in milliseconds. */
const THROTTLE_STEP = 50;

export interface ReaderEvents {
  /**
   * The reader calls this function when the first octets of the connection are a TLS handshake, which this unencrypted
   * port does not expect.
   */
  tlsInClear(): void;
  /**
   * The reader calls this function with a command line without its line ending; resolves when the next command may be
   * run.
   */
  command(line: Buffer, bareLf: boolean): Promise<void>;
  /** The reader calls this function when a line is longer than `MAX_LINE`. */
  lineTooLong(): void;
  /**
   * The reader calls this function at the end of a message that was sent with DATA; resolves when the next command may
   * be run.
   */
  message(data: DataReader): Promise<void>;
  /**
   * The reader calls this function at the end of a chunk that was sent with BDAT; resolves when the next command may be
   * run.
   */
  chunk(): Promise<void>;
  /** The reader calls this function after octets were added to the message that is being received. */
  progress(message: HeldMessage): void;
  /**
   * The reader calls this function when the client has closed its half of the connection and all octets received before
   * have been processed.
   */
  end(): void;
  /** Returns the maximum number of octets to read per second; `null` for no limit. */
  rate(): number | null;
}

/** The state of a message that is being received after the command DATA. */
interface IncomingData {
  readonly reader: DataReader;
  readonly message: HeldMessage;
}

/** The chunk that is being received after BDAT; if `message` is `null`, its octets are discarded. */
interface IncomingChunk {
  left: number;
  readonly message: HeldMessage | null;
}

export class SmtpReader extends LibraryParser {
  readonly #events: ReaderEvents;
  /** The start of a line whose line ending has not been received yet. */
  #line: Buffer = NOTHING;
  #skipping = false;
  /** Whether any octets have been received from the client. */
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

  /** Whether a message, or a chunk of one, is being received. */
  get inMessage(): boolean {
    return this.#data !== null || this.#chunk !== null;
  }

  /** Starts the reception of a message: the following octets, up to the final dot, are its content. */
  startMessage(message: HeldMessage): void {
    this.#data = { reader: new DataReader(message), message };
    this.receiving(true);
  }

  /**
   * Starts the reception of a chunk: the next `size` octets are added to `message`, or discarded if `message`
   * is `null`.
   */
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

  /**
   * Adds octets to the message after DATA. Returns the octets after the end of the message, or `null` while the
   * message has not ended.
   */
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

  /**
   * Adds octets to the chunk of BDAT. Returns the octets after the chunk, or `null` while the chunk is not
   * complete.
   */
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
