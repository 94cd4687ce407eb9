/**
 * The dialogue with one POP3 client: reads a line, looks up its command, runs the command on the session, and
 * sends thrown errors as replies. No input of a client can end another client's session.
 */
import { ConnectionClosed, IdleTimeout, LineTooLong } from '../net/connection-error.ts';
import type { LineDialogue } from '../net/listener.ts';
import type { LiveSession } from '../net/live-session.ts';
import { isTemporary } from '../store/store.ts';
import type { Pop3Command } from './command.ts';
import { commands } from './commands/index.ts';
import { ok, Pop3Refusal, refusal } from './reply.ts';
import type { Pop3Session } from './session.ts';

/**
 * The number of consecutive refused commands after which the session is ended: such a client probably speaks
 * another protocol.
 */
const MAX_ERRORS = 20;
/**
 * The pattern of a command's keyword (RFC 1939 §3). Text that does not match is not logged, because it may be a
 * password.
 */
const KEYWORD = /^[A-Za-z]{3,4}$/;

export class Pop3Dialogue implements LineDialogue {
  readonly session: Pop3Session;
  #errors = 0;

  constructor(session: Pop3Session) {
    this.session = session;
  }

  get live(): LiveSession {
    return this.session.live;
  }

  /** Serves the client until it disconnects, the idle timeout passes, or the server closes. Never rejects. */
  async run(): Promise<void> {
    const { session } = this;
    try {
      await session.write(ok(`Restante is ready ${session.stamp}`));
      while (!session.ended && this.#errors < MAX_ERRORS) await this.#serve();
      if (!session.ended) await session.write(refusal(new Pop3Refusal('Too many errors, goodbye')));
    } catch (error) {
      await this.#farewell(error);
    } finally {
      session.release();
      session.close();
    }
  }

  /**
   * Closes the connection when the server closes. The dialogue then ends, because its next read returns the end of
   * the stream.
   */
  async stop(): Promise<void> {
    this.session.close();
  }

  async #serve(): Promise<void> {
    try {
      const line = await this.session.readLine();
      if (line === null) throw new ConnectionClosed();
      await this.#execute(line);
      this.#errors = 0;
    } catch (error) {
      await this.#refuse(error);
    }
  }

  async #execute(line: string): Promise<void> {
    const { session } = this;
    const [, word = '', rest = ''] = /^\s*(\S*)(?: (.*))?$/s.exec(line) ?? [];
    const command = commands.get(word.toUpperCase());
    session.log('C', shown(command, word, line));
    if (command === undefined)
      throw new Pop3Refusal(KEYWORD.test(word) ? `Unknown command ${word}` : 'Unknown command');
    if (!command.states.includes(session.state)) {
      throw new Pop3Refusal(session.state === 'authorization' ? 'Log in first' : 'Already logged in');
    }
    await command.run(session, rest.split(/\s+/).filter(Boolean), rest);
  }

  async #refuse(error: unknown): Promise<void> {
    if (error instanceof ConnectionClosed || error instanceof IdleTimeout) throw error;
    const { session } = this;
    this.#errors++;
    if (error instanceof Pop3Refusal) {
      await session.write(refusal(error));
    } else if (error instanceof LineTooLong) {
      await session.write(refusal(new Pop3Refusal(`The line is longer than ${error.limit} octets`)));
    } else if (isTemporary(error)) {
      await session.write(refusal(new Pop3Refusal(error.message, 'SYS/TEMP')));
    } else {
      session.logger.error({ err: error }, 'pop3: a command failed');
      await session.write(refusal(new Pop3Refusal('Internal error, see the log of the server', 'SYS/TEMP')));
    }
  }

  async #farewell(error: unknown): Promise<void> {
    const { session } = this;
    if (error instanceof IdleTimeout) {
      await session.write(refusal(new Pop3Refusal('Idle for too long, goodbye'))).catch(() => undefined);
    } else if (!(error instanceof ConnectionClosed)) {
      session.logger.debug({ err: error }, 'pop3: the connection failed');
    }
  }
}

/** Returns a client's line for the log, without credentials and without text that may be credentials. */
function shown(command: Pop3Command | undefined, word: string, line: string): string {
  if (command === undefined) return KEYWORD.test(word) ? `${word} …` : `… (${line.length} characters)`;
  if (command.secret === true) return `${command.name} …`;
  // The text after the user name of the command USER is not logged, because some clients send the password there.
  return command.name === 'USER' ? line.trim().replace(/^(\S+ +\S+) .*$/s, '$1 …') : line;
}
