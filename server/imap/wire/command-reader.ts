/**
 * Reads one command from a connection: its line, and the literals announced at line ends (RFC 9051 §4.3, RFC
 * 7888 LITERAL+), within size limits. After an error the next command is still read correctly: refused
 * non-synchronising literals are read and discarded, together with the rest of their command.
 */
import type { MessageOctets } from '../../message/octets.ts';
import type { Connection } from '../../net/connection.ts';
import { NoRoom, type HeldMessage, type InFlight } from '../../net/in-flight/index.ts';
import { LineTooLong } from '../../net/connection-error.ts';
import { MAX_STRING, type CommandText, type Literal } from './decoder.ts';
import { bad, no, NO_ROOM, type Status } from './response.ts';

/**
 * Maximum length of a line in octets: enough for sets of tens of thousands of UIDs. RFC 7162 §4 requires at
 * least 8,192 octets.
 */
export const MAX_LINE = 256 * 1024;
/**
 * Maximum length of a line before login, in octets: an ID command with thirty values of 1,024 octets, each
 * octet escaped (RFC 2971 §3.3).
 */
export const MAX_LINE_BEFORE_LOGIN = 64 * 1024;
/** Maximum number of literals in one command: MULTIAPPEND and CATENATE have many. */
const MAX_LITERALS = 1_000;

const ANNOUNCEMENT = /(~?)\{(\d{1,16})(\+?)\}$/;

/** A command that was read. If `refusal` is set, it is the response to send instead of running the command. */
export interface ReadCommand {
  readonly text: CommandText;
  readonly refusal: Status | null;
  /** Releases the storage of the messages in the command. The caller must call `release` after the command. */
  release(): Promise<void>;
}

interface ReadLimits {
  readonly line: number;
  /**
   * Maximum size of a message in APPEND, in octets; all literals of one command together may have twice this
   * size.
   */
  readonly message: number;
  /** The object that holds messages in memory or in temporary files while APPEND receives them. */
  readonly inFlight: InFlight;
}

/** Returns the maximum size of a literal of this command, in octets. */
function literalLimit(firstLine: Buffer, limits: ReadLimits): number {
  return /^[^ ]+ append /i.test(firstLine.toString('latin1', 0, 64)) ? limits.message : MAX_STRING;
}

/**
 * Returns the octets of a literal; `null` if there is no room for them. A literal of more than `MAX_STRING` octets
 * is a message: its octets count towards the memory limit of the messages that are being received, and if the
 * limit is exceeded, they are in a file.
 */
async function readLiteral(
  connection: Connection,
  size: number,
  inFlight: InFlight,
  held: HeldMessage[],
): Promise<MessageOctets | null> {
  if (size <= MAX_STRING) return connection.readBytes(size);
  const message = inFlight.hold(size);
  held.push(message);
  try {
    await connection.readInto(message, size);
    return await message.octetsOrFile();
  } catch (error) {
    if (error instanceof NoRoom) return null;
    throw error;
  }
}

/** Reads one command from the connection. The object holds the parts of the command that were received so far. */
class CommandReader {
  readonly #connection: Connection;
  readonly #limits: ReadLimits;
  readonly #texts: Buffer[] = [];
  readonly #literals: Literal[] = [];
  readonly #held: HeldMessage[] = [];
  #refusal: Status | null = null;
  /** Total number of octets in the literals of the command. */
  #total = 0;

  constructor(connection: Connection, limits: ReadLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /** Reads the command. If the stream ends before the end of the command, its messages are released. */
  async read(first: Buffer | null): Promise<ReadCommand | null> {
    let command: ReadCommand | null = null;
    try {
      command = await this.#readAll(first);
      return command;
    } finally {
      if (command === null) await this.#release();
    }
  }

  async #readAll(first: Buffer | null): Promise<ReadCommand | null> {
    for (let line = first ?? (await this.#readLine()); ; line = await this.#readLine()) {
      if (line === null) return null;
      this.#texts.push(line);
      const announced = ANNOUNCEMENT.exec(line.toString('latin1', Math.max(0, line.length - 20)));
      if (announced === null) return this.#command();
      const [, binary, size, nonSynchronising] = announced;
      const isComplete = await this.#readAnnounced(Number(size), binary === '~', nonSynchronising === '+');
      if (isComplete) return this.#command();
    }
  }

  #command(): ReadCommand {
    return {
      text: { texts: this.#texts, literals: this.#literals },
      refusal: this.#refusal,
      release: () => this.#release(),
    };
  }

  async #release(): Promise<void> {
    await Promise.all(this.#held.map((message) => message.release()));
  }

  /** Reads a line; returns `null` at the end of the stream. If a line is too long, the command is refused. */
  async #readLine(): Promise<Buffer | null> {
    try {
      return await this.#connection.readLine(this.#limits.line);
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      this.#refusal ??= bad(`The line is longer than ${this.#limits.line} octets`, 'TOOBIG');
      if (this.#texts.length === 0) this.#texts.push(error.head);
      return error.tail;
    }
  }

  /**
   * Reads or discards a literal whose size was announced. Returns true if the command ends before its literal:
   * the client sends a synchronising literal only after a continuation response, which a refused literal does
   * not get.
   */
  async #readAnnounced(size: number, binary: boolean, nonSynchronising: boolean): Promise<boolean> {
    this.#checkLimits(size);
    if (this.#refusal !== null) {
      if (!nonSynchronising) return true;
      await this.#connection.discard(size);
      return false;
    }
    if (!nonSynchronising) await this.#connection.write('+ Ready for the literal\r\n');
    const octets = await readLiteral(this.#connection, size, this.#limits.inFlight, this.#held);
    if (octets === null) this.#refusal ??= NO_ROOM;
    this.#literals.push({ octets: octets ?? Buffer.alloc(0), binary });
    return false;
  }

  #checkLimits(size: number): void {
    const limit = literalLimit(this.#texts[0] ?? Buffer.alloc(0), this.#limits);
    this.#total += size;
    if (size > limit || this.#total > 2 * this.#limits.message) {
      this.#refusal ??= no('TOOBIG', `The literal is larger than ${limit} octets`);
    } else if (this.#literals.length >= MAX_LITERALS) {
      this.#refusal ??= bad('Too many literals in one command');
    }
  }
}

/**
 * Reads the next command; returns `null` at the end of the stream.
 *
 * @param first first line of the command, if it was already read
 */
export async function readCommand(
  connection: Connection,
  first: Buffer | null,
  limits: ReadLimits,
): Promise<ReadCommand | null> {
  return new CommandReader(connection, limits).read(first);
}
