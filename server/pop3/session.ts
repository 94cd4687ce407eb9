/**
 * One POP3 session: reads a line, finds its command, and turns what is thrown into an answer. Nothing a client
 * sends ends anything but its own session.
 */
import type { SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import { ConnectionClosed, IdleTimeout, LineTooLong } from '../net/connection-error.ts';
import type { Connection } from '../net/connection.ts';
import type { LiveSession } from '../net/live-session.ts';
import { offeredMechanisms } from '../net/sasl.ts';
import type { AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import type { Pop3Command, Pop3State } from './command.ts';
import { commands } from './commands.ts';
import { Maildrop, type Drop, type MaildropLocks } from './maildrop.ts';
import { ok, Pop3Refusal, refusal } from './reply.ts';

/** RFC 2449 §4 has 255; SASL responses with tokens are longer. */
const MAX_LINE = 16_384;
/** Bad commands in a row before the session is ended: whoever sends so many speaks another protocol. */
const MAX_ERRORS = 20;
/** What a keyword looks like (RFC 1939 §3). Nothing else is repeated in the log: it may be a stray password. */
const KEYWORD = /^[A-Za-z]{3,4}$/;

/** What all sessions of a server share. */
export interface Pop3Context {
  readonly store: Store;
  readonly auth: Authenticator;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly version: string;
  readonly locks: MaildropLocks;
  readonly secureContext: SecureContext | null;
  readonly requireTls: boolean;
  /** The timestamp of a greeting, for APOP. */
  stamp(): string;
}

export class Pop3Session {
  readonly #connection: Connection;
  readonly #context: Pop3Context;
  /** `<…>` of the greeting (RFC 1939 §7, APOP). */
  readonly stamp: string;
  /** The name that USER gave, until PASS. */
  userGiven: string | null = null;
  readonly #since: number;
  /** Who logged in, by the name they gave. */
  #user: string | null = null;
  #account: AccountName | null = null;
  #maildrop: Maildrop | null = null;
  #errors = 0;
  #ended = false;

  constructor(connection: Connection, context: Pop3Context) {
    this.#connection = connection;
    this.#context = context;
    this.#since = context.clock();
    this.stamp = context.stamp();
  }

  get auth(): Authenticator {
    return this.#context.auth;
  }

  get version(): string {
    return this.#context.version;
  }

  get state(): Pop3State {
    return this.#maildrop === null ? 'authorization' : 'transaction';
  }

  /** As whoever watches the server is shown it. */
  get live(): LiveSession {
    const { peer, tls } = this.#connection;
    const isOpen = this.#maildrop !== null;
    return {
      peer,
      since: this.#since,
      client: null,
      user: this.#user,
      tls,
      state: isOpen ? 'selected' : 'connected',
      about: isOpen ? 'INBOX' : null,
      messages: null,
    };
  }

  get mechanisms(): readonly string[] {
    return offeredMechanisms(this.#context.auth);
  }

  get mayStartTls(): boolean {
    return this.#context.secureContext !== null && !this.#connection.secure;
  }

  get mayLogin(): boolean {
    return !this.#context.requireTls || this.#connection.secure;
  }

  /** Throws where a login in clear is refused. */
  requireSafeLogin(): void {
    if (!this.mayLogin) throw new Pop3Refusal('STLS comes first', 'AUTH');
  }

  get maildrop(): Maildrop {
    if (this.#maildrop === null) throw new Pop3Refusal('Log in first');
    return this.#maildrop;
  }

  /** The message of that number. Throws where there is none, or it is marked as deleted. */
  dropOf(word: string | undefined): Drop {
    const drop = /^\d{1,9}$/.test(word ?? '') ? this.maildrop.get(Number(word)) : undefined;
    if (drop === undefined) throw new Pop3Refusal(`There is no message ${word ?? ''}`.trimEnd());
    return drop;
  }

  /** Opens and locks the maildrop of a user who has proved their name. */
  async open(user: string): Promise<void> {
    const account = this.auth.account(user);
    if (!this.#context.locks.take(account))
      throw new Pop3Refusal('Another session has this maildrop', 'IN-USE');
    this.#account = account;
    try {
      this.#maildrop = await Maildrop.open(this.#context.store, account);
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#user = user;
    const { listed, octets } = this.#maildrop;
    await this.write(ok(`${listed.length} messages, ${octets} octets`));
  }

  async write(text: string): Promise<void> {
    this.log('S', text.split('\r\n', 1)[0] ?? '');
    await this.#connection.write(text);
  }

  /** A first line, and a message after it. */
  async answer(first: string, message: Buffer): Promise<void> {
    this.log('S', first.trimEnd());
    await this.#connection.write(Buffer.concat([Buffer.from(first), message]));
  }

  /** A line that must not be logged; `null` at the end of the connection. */
  async readSecret(): Promise<string | null> {
    const line = await this.#connection.readLine(MAX_LINE);
    return line === null ? null : line.toString().trim();
  }

  async startTls(goAhead: string): Promise<void> {
    const { secureContext } = this.#context;
    if (secureContext === null) throw new Pop3Refusal('TLS is not to be had here');
    this.userGiven = null;
    await this.#connection.startTls(secureContext, goAhead);
  }

  end(): void {
    this.#ended = true;
  }

  log(side: 'C' | 'S' | 'refused', text: string): void {
    this.#context.logger.debug({ peer: this.#connection.peer }, `pop3 ${side}: ${text}`);
  }

  /** Serves until the client leaves, is silent for too long, or the server closes. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.write(ok(`Restante is ready ${this.stamp}`));
      while (!this.#ended && this.#errors < MAX_ERRORS) await this.#serve();
      if (!this.#ended) await this.write(refusal(new Pop3Refusal('Too many errors, goodbye')));
    } catch (error) {
      await this.#farewell(error);
    } finally {
      this.#release();
      this.#connection.close();
    }
  }

  #release(): void {
    if (this.#account !== null) this.#context.locks.release(this.#account);
    this.#account = null;
  }

  async #serve(): Promise<void> {
    try {
      const bytes = await this.#connection.readLine(MAX_LINE);
      if (bytes === null) throw new ConnectionClosed();
      await this.#execute(bytes.toString());
      this.#errors = 0;
    } catch (error) {
      await this.#refuse(error);
    }
  }

  async #execute(line: string): Promise<void> {
    const [, word = '', rest = ''] = /^\s*(\S*)(?: (.*))?$/s.exec(line) ?? [];
    const command = commands.get(word.toUpperCase());
    this.log('C', shown(command, word, line));
    if (command === undefined)
      throw new Pop3Refusal(KEYWORD.test(word) ? `There is no command ${word}` : 'That is no command');
    if (!command.states.includes(this.state)) {
      throw new Pop3Refusal(this.state === 'authorization' ? 'Log in first' : 'Logged in already');
    }
    await command.run(this, rest.split(/\s+/).filter(Boolean), rest);
  }

  async #refuse(error: unknown): Promise<void> {
    if (error instanceof ConnectionClosed || error instanceof IdleTimeout) throw error;
    this.#errors++;
    if (error instanceof Pop3Refusal) {
      await this.write(refusal(error));
    } else if (error instanceof LineTooLong) {
      await this.write(refusal(new Pop3Refusal(`The line is longer than ${error.limit} octets`)));
    } else {
      this.#context.logger.error({ err: error }, 'pop3: a command failed');
      await this.write(refusal(new Pop3Refusal('Something went wrong here, see the log', 'SYS/TEMP')));
    }
  }

  async #farewell(error: unknown): Promise<void> {
    if (error instanceof IdleTimeout) {
      await this.write(refusal(new Pop3Refusal('Silent for too long, goodbye'))).catch(() => undefined);
    } else if (!(error instanceof ConnectionClosed)) {
      this.#context.logger.debug({ err: error }, 'pop3: the connection failed');
    }
  }

  /** The server closes: the client's next read finds the end; deletions are not made (RFC 1939 §6). */
  stop(): void {
    this.#connection.close();
  }
}

/** A line as the log may have it: credentials left out, and whatever may be one. */
function shown(command: Pop3Command | undefined, word: string, line: string): string {
  if (command === undefined) return KEYWORD.test(word) ? `${word} …` : `… (${line.length} characters)`;
  if (command.secret === true) return `${command.name} …`;
  // Some give the password beside the name.
  return command.name === 'USER' ? line.trim().replace(/^(\S+ +\S+) .*$/s, '$1 …') : line;
}
