/**
 * The state of one client's session, which commands read and change: the account, the selected mailbox, the
 * enabled extensions and the response writer. The dialogue (dialogue.ts) reads and runs the commands.
 */
import type { Logger } from 'pino';
import type { Connection } from '../../net/connection.ts';
import type { AccountName } from '../../store/ids.ts';
import type { Store } from '../../store/store.ts';
import { MAX_LINE_BEFORE_LOGIN } from '../wire/command-reader.ts';
import { DEVIATIONS, type Deviation } from '../wire/deviation.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';
import { bad, bye, no, statusText, type ResponseCode, type StatusKind } from '../wire/response.ts';
import type { ImapDeps } from './deps.ts';
import { ResponseWriter } from '../wire/writer.ts';

/** States of an IMAP session (RFC 9051 §3). */
export type State = 'not-authenticated' | 'authenticated' | 'selected';

/** Extensions that change the server's responses only after the client enables them (RFC 5161). */
export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2';

export class Session {
  readonly connection: Connection;
  readonly deps: ImapDeps;
  readonly writer: ResponseWriter;
  readonly log: Logger;
  /** Start of the session in milliseconds since the epoch. */
  readonly since: number;
  /** Name of the client from its ID command (RFC 2971); `null` before ID. */
  client: string | null = null;
  /** The login name; `null` before login. */
  user: string | null = null;
  /**
   * The function that is called when a change to the selected mailbox is queued; `null` while the session is not
   * in IDLE.
   */
  onChange: (() => void) | null = null;
  #account: AccountName | null = null;
  #mailbox: SelectedMailbox | null = null;
  readonly #enabled = new Set<Extension>();
  readonly #deviations = new Set<Deviation>();
  #over = false;
  /**
   * A line that a running command has read from the client but that is already the next command; `null` if there is
   * none.
   */
  #pushedBack: Buffer | null = null;

  constructor(connection: Connection, deps: ImapDeps) {
    this.connection = connection;
    this.deps = deps;
    this.since = deps.clock();
    this.writer = new ResponseWriter(connection);
    this.log = deps.logger.child({ peer: connection.peer });
  }

  get store(): Store {
    return this.deps.store;
  }

  get state(): State {
    if (this.#account === null) return 'not-authenticated';
    return this.#mailbox === null ? 'authenticated' : 'selected';
  }

  /** The account of the logged-in user. Only valid for commands of the authenticated and selected states. */
  get account(): AccountName {
    if (this.#account === null) throw bad('Log in first');
    return this.#account;
  }

  /** The selected mailbox. Only valid for commands of the selected state. */
  get mailbox(): SelectedMailbox {
    if (this.#mailbox === null) throw bad('No mailbox is selected');
    return this.#mailbox;
  }

  /** The selected mailbox, for commands that change it. @throws Status NO if the mailbox was opened read-only */
  get writableMailbox(): SelectedMailbox {
    if (this.mailbox.readOnly) throw no('READ-ONLY', 'The mailbox is selected read-only');
    return this.mailbox;
  }

  get enabled(): ReadonlySet<Extension> {
    return this.#enabled;
  }

  /** Whether mailbox names are sent and received as UTF-8 (RFC 6855 §3, RFC 9051 §5.1). */
  get utf8(): boolean {
    return this.#enabled.has('UTF8=ACCEPT') || this.rev2;
  }

  /**
   * Whether the client has enabled IMAP4rev2: there is no `\Recent`, and the response to a search is ESEARCH
   * (RFC 9051 appendix E).
   */
  get rev2(): boolean {
    return this.#enabled.has('IMAP4rev2');
  }

  /** The kinds of deviation from the standard in the client's commands so far. */
  get deviations(): ReadonlySet<Deviation> {
    return this.#deviations;
  }

  /** Logs the deviations from the standard in an accepted command, each kind once in a session. */
  report(command: string, deviations: Iterable<Deviation>): void {
    for (const deviation of deviations) {
      if (this.#deviations.has(deviation)) continue;
      this.#deviations.add(deviation);
      this.log.info({ command, deviation }, `imap: the client sent ${DEVIATIONS[deviation]}`);
    }
  }

  /** Sends one line of a response; the line ending is added to `line`. */
  send(line: string): void {
    if (this.log.isLevelEnabled('debug')) this.log.debug({ server: withoutTag(line.slice(0, 400)) });
    this.writer.text(`${line}\r\n`);
  }

  /** Sends an untagged status response. */
  status(kind: StatusKind, code: ResponseCode | null, text: string): void {
    this.send(statusText('*', kind, code, text).trimEnd());
  }

  /** Sends a continuation request and returns the client's response line; `null` if the client has disconnected. */
  async prompt(text: string): Promise<Buffer | null> {
    this.writer.text(`+ ${text}\r\n`);
    await this.writer.flush();
    return this.connection.readLine(MAX_LINE_BEFORE_LOGIN);
  }

  logIn(user: string, account: AccountName): void {
    this.user = user;
    this.#account = account;
    this.connection.setIdleTimeout(this.deps.idleTimeout);
  }

  select(mailbox: SelectedMailbox): void {
    this.unselect();
    this.#mailbox = mailbox;
    mailbox.onChange = () => this.onChange?.();
  }

  /**
   * Enables an extension, for ENABLE or for a command that implies the extension. Returns false if it was
   * already enabled.
   */
  enable(extension: Extension): boolean {
    if (this.#enabled.has(extension)) return false;
    this.#enabled.add(extension);
    // A client that enables CONDSTORE must know the HIGHESTMODSEQ of the selected mailbox (RFC 7162 §3.1.2), so the
    // server reports it now unless it was reported before.
    if (extension === 'CONDSTORE' && this.#mailbox !== null) this.#mailbox.reportHighestModseq();
    return true;
  }

  /** Unselects the selected mailbox, if there is one, without expunging messages. */
  unselect(): void {
    this.#mailbox?.close();
    this.#mailbox = null;
  }

  /** Gives a line back to the dialogue, which then runs it as the next command. */
  pushBack(line: Buffer): void {
    this.#pushedBack = line;
  }

  /** Returns and removes the line that `pushBack` stored; `null` if there is none. */
  takeBack(): Buffer | null {
    const line = this.#pushedBack;
    this.#pushedBack = null;
    return line;
  }

  /** Ends the session after the current command. */
  end(): void {
    this.#over = true;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Reports the changes of the selected mailbox to the client; expunged messages only if `expunge` is set. */
  async reportChanges(expunge: boolean): Promise<void> {
    const mailbox = this.#mailbox;
    if (mailbox === null) return;
    await mailbox.reportChanges(expunge);
    if (mailbox.view.removed && expunge) {
      this.#over = true;
      throw bye('The selected mailbox was deleted');
    }
  }
}

/**
 * Removes a long tag from a response before it is logged: such a tag may be the credentials that a client sent
 * after a refused AUTHENTICATE.
 */
const withoutTag = (line: string): string => line.replace(/^(?:\S{16,}|\S*=) (?=BAD|NO)/, '… ');
