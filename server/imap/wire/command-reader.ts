/**
 * Reads one command from a connection: its line, and the literals announced at line ends (RFC 9051 §4.3, RFC 7888
 * LITERAL+), within limits. After an error the next command is still read correctly: refused non-synchronising
 * literals are read and discarded, with the rest of their command.
 */
import type { Connection } from '../../net/connection.ts';
import { NoRoom, type HeldMessage, type InFlight } from '../../net/in-flight/index.ts';
import { LineTooLong } from '../../net/connection-error.ts';
import type { CommandText, Literal } from './decoder.ts';
import { bad, no, type Status } from './response.ts';

/** Longest line: enough for sets of tens of thousands of UIDs. RFC 7162 §4 requires at least 8,192 octets. */
export const MAX_LINE = 256 * 1024;
/** Longest line before login: ID with thirty values of 1,024 octets, each octet escaped (RFC 2971 §3.3). */
export const MAX_LINE_BEFORE_LOGIN = 64 * 1024;
/** Largest literal that is not a message: a name, a search string, credentials. */
const MAX_LITERAL = 64 * 1024;
/** Limit of literals in one command: MULTIAPPEND and CATENATE have many. */
const MAX_LITERALS = 1_000;

const ANNOUNCEMENT = /(~?)\{(\d{1,16})(\+?)\}$/;

/** A command that was read. If `refusal` is set, it is the answer to the command. */
export interface ReadCommand {
  readonly text: CommandText;
  readonly refusal: Status | null;
  /** Releases the space of the command's messages. The caller must call it after the command. */
  release(): Promise<void>;
}

interface ReadLimits {
  readonly line: number;
  /** Octets of a message in APPEND; also the limit on all literals of one command, twice over. */
  readonly message: number;
  /** Holds messages while they are received. */
  readonly inFlight: InFlight;
}

/** Largest literal of this command, octets. */
function literalLimit(firstLine: Buffer, limits: ReadLimits): number {
  return /^[^ ]+ append /i.test(firstLine.toString('latin1', 0, 64)) ? limits.message : MAX_LITERAL;
}

/** The octets of a literal; `null` if there is no space for them. A message is added to the held messages. */
async function readLiteral(
  connection: Connection,
  size: number,
  inFlight: InFlight,
  held: HeldMessage[],
): Promise<Buffer | null> {
  if (size <= MAX_LITERAL) return connection.readBytes(size);
  const message = inFlight.hold(size);
  held.push(message);
  try {
    await connection.readInto(message, size);
    return await message.take();
  } catch (error) {
    if (error instanceof NoRoom) return null;
    await message.release();
    throw error;
  }
}

/**
 * The next command; `null` at the end of the stream.
 *
 * @param first its first line, if it was already read
 */
export async function readCommand(
  connection: Connection,
  first: Buffer | null,
  limits: ReadLimits,
): Promise<ReadCommand | null> {
  const texts: Buffer[] = [];
  const literals: Literal[] = [];
  let refusal: Status | null = null;
  let total = 0;
  const held: HeldMessage[] = [];
  const command = (): ReadCommand => ({
    text: { texts, literals },
    refusal,
    release: async () => {
      await Promise.all(held.map((message) => message.release()));
    },
  });
  for (;;) {
    let line: Buffer | null;
    try {
      line = texts.length === 0 && first !== null ? first : await connection.readLine(limits.line);
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      line = error.tail;
      refusal ??= bad(`The line is longer than ${limits.line} octets`, 'TOOBIG');
      if (texts.length === 0) texts.push(error.head);
    }
    if (line === null) return null;
    texts.push(line);
    const announced = ANNOUNCEMENT.exec(line.toString('latin1', Math.max(0, line.length - 20)));
    if (announced === null) return command();

    const size = Number(announced[2]);
    const nonSynchronising = announced[3] === '+';
    const limit = literalLimit(texts[0] ?? line, limits);
    total += size;
    if (size > limit || total > 2 * limits.message) {
      refusal ??= no('TOOBIG', `The literal is larger than ${limit} octets`);
    } else if (literals.length >= MAX_LITERALS) {
      refusal ??= bad('Too many literals in one command');
    }
    if (refusal !== null) {
      if (!nonSynchronising) return command();
      await connection.discard(size);
      continue;
    }
    if (!nonSynchronising) await connection.write('+ Ready for the literal\r\n');
    const octets = await readLiteral(connection, size, limits.inFlight, held);
    if (octets === null) refusal ??= no('LIMIT', 'There is no room for the message, try again later');
    literals.push({ octets: octets ?? Buffer.alloc(0), binary: announced[1] === '~' });
  }
}
