/**
 * The session of one POP3 client, which its commands use: the logged-in user, the open maildrop, and the
 * functions that send replies.
 */
import type { SecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { Authenticator } from '../auth.ts';
import type { Connection } from '../net/connection.ts';
import type { LiveSession } from '../net/live-session.ts';
import { offeredMechanisms } from '../net/sasl/index.ts';
import type { AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { Maildrop, type Drop, type MaildropLocks } from './maildrop.ts';
import { ok, Pop3Refusal } from './reply.ts';

/**
 * The maximum length of a line in octets. RFC 2449 §4 limits command lines to 255 octets, but SASL responses with
 * tokens are longer.
 */
const MAX_LINE = 16_384;

/** The states of a session (RFC 1939 §3): `authorization` before the login, `transaction` after it. */
export type Pop3State = 'authorization' | 'transaction';

/** The objects that all sessions of a server share. */
export interface Pop3Context {
  readonly store: Store;
  readonly auth: Authenticator;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly version: string;
  readonly locks: MaildropLocks;
  readonly secureContext: SecureContext | null;
  readonly requireTls: boolean;
  /** Returns a new timestamp for the greeting, which the client uses for APOP. */
  stamp(): string;
}

export class Pop3Session {
  readonly #connection: Connection;
  readonly #context: Pop3Context;
  /** The timestamp in the greeting, with its angle brackets (RFC 1939 §7, APOP). */
  readonly stamp: string;
  /** The user name from the last USER command; `null` before USER and after PASS. */
  userGiven: string | null = null;
  readonly #since: number;
  /** The user name with which the client logged in; `null` before the login. */
  #user: string | null = null;
  #account: AccountName | null = null;
  #maildrop: Maildrop | null = null;
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

  /** The session as the UI and the API show it. */
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

  /** Throws `Pop3Refusal` when TLS is required for a login and the connection is in clear text. */
  requireSafeLogin(): void {
    if (!this.mayLogin) throw new Pop3Refusal('Send STLS first', 'AUTH');
  }

  get maildrop(): Maildrop {
    if (this.#maildrop === null) throw new Pop3Refusal('Log in first');
    return this.#maildrop;
  }

  /**
   * Returns the message whose number is the argument `word`. Throws `Pop3Refusal` when there is no such message
   * or it is marked as deleted.
   */
  dropOf(word: string | undefined): Drop {
    const drop = /^\d{1,9}$/.test(word ?? '') ? this.maildrop.get(Number(word)) : undefined;
    if (drop === undefined) throw new Pop3Refusal(`No such message: ${word ?? ''}`.trimEnd());
    return drop;
  }

  /**
   * Locks and opens the maildrop of an authenticated user and sends the reply. Throws `Pop3Refusal` when
   * another session has locked the maildrop.
   */
  async open(user: string): Promise<void> {
    const account = this.auth.account(user);
    if (!this.#context.locks.take(account))
      throw new Pop3Refusal('Another session has opened this maildrop', 'IN-USE');
    this.#account = account;
    try {
      this.#maildrop = await Maildrop.open(this.#context.store, account);
    } catch (error) {
      this.release();
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

  /** Sends octets of a message; resolves when the socket can accept more octets. */
  async send(octets: Buffer): Promise<void> {
    if (octets.length > 0) await this.#connection.write(octets);
  }

  /** Closes the connection at once, without a reply. */
  drop(): void {
    this.#connection.destroy();
  }

  /** Returns the client's next line unchanged; `null` at the end of the connection. */
  async readLine(): Promise<string | null> {
    const line = await this.#connection.readLine(MAX_LINE);
    return line === null ? null : line.toString();
  }

  /**
   * Returns the client's next line, trimmed; it may contain credentials and must not be logged. `null` at the
   * end of the connection.
   */
  async readSecret(): Promise<string | null> {
    return (await this.readLine())?.trim() ?? null;
  }

  async startTls(goAhead: string): Promise<void> {
    const { secureContext } = this.#context;
    if (secureContext === null) throw new Pop3Refusal('TLS is not available');
    this.userGiven = null;
    await this.#connection.startTls(secureContext, goAhead);
  }

  /** Ends the session after the current command. */
  end(): void {
    this.#ended = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get logger(): Logger {
    return this.#context.logger;
  }

  log(side: 'C' | 'S' | 'refused', text: string): void {
    this.#context.logger.debug({ peer: this.#connection.peer }, `pop3 ${side}: ${text}`);
  }

  /** Releases the lock of the maildrop without deleting the marked messages (RFC 1939 §6). */
  release(): void {
    if (this.#account !== null) this.#context.locks.release(this.#account);
    this.#account = null;
  }

  close(): void {
    this.#connection.close();
  }
}
