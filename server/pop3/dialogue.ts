/**
 * One client's dialogue: reads a line, finds its command, runs it on the session, and turns what is thrown into an
 * answer. Nothing a client sends ends anything but its own session.
 */
import { ConnectionClosed, IdleTimeout, LineTooLong } from '../net/connection-error.ts';
import type { LineDialogue } from '../net/listener.ts';
import type { LiveSession } from '../net/live-session.ts';
import { StoreError } from '../store/store.ts';
import type { Pop3Command } from './command.ts';
import { commands } from './commands.ts';
import { ok, Pop3Refusal, refusal } from './reply.ts';
import type { Pop3Session } from './session.ts';

/** Bad commands in a row before the session is ended: whoever sends so many speaks another protocol. */
const MAX_ERRORS = 20;
/** What a keyword looks like (RFC 1939 §3). Nothing else is repeated in the log: it may be a stray password. */
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

  /** Serves until the client leaves, is silent for too long, or the server closes. Never rejects. */
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

  /** The server closes: the client's next read finds the end. */
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
      throw new Pop3Refusal(KEYWORD.test(word) ? `There is no command ${word}` : 'That is no command');
    if (!command.states.includes(session.state)) {
      throw new Pop3Refusal(session.state === 'authorization' ? 'Log in first' : 'Logged in already');
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
    } else if (error instanceof StoreError && error.code === 'unwritable') {
      await session.write(refusal(new Pop3Refusal(error.message, 'SYS/TEMP')));
    } else {
      session.logger.error({ err: error }, 'pop3: a command failed');
      await session.write(refusal(new Pop3Refusal('Something went wrong here, see the log', 'SYS/TEMP')));
    }
  }

  async #farewell(error: unknown): Promise<void> {
    const { session } = this;
    if (error instanceof IdleTimeout) {
      await session.write(refusal(new Pop3Refusal('Silent for too long, goodbye'))).catch(() => undefined);
    } else if (!(error instanceof ConnectionClosed)) {
      session.logger.debug({ err: error }, 'pop3: the connection failed');
    }
  }
}

/** A line as the log may have it: credentials left out, and whatever may be one. */
function shown(command: Pop3Command | undefined, word: string, line: string): string {
  if (command === undefined) return KEYWORD.test(word) ? `${word} …` : `… (${line.length} characters)`;
  if (command.secret === true) return `${command.name} …`;
  // Some give the password beside the name.
  return command.name === 'USER' ? line.trim().replace(/^(\S+ +\S+) .*$/s, '$1 …') : line;
}
