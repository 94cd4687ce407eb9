/**
 * What the commands of one client act on: who is logged in, what is selected and enabled, and the way to say something.
 * Commands are read and run by its dialogue.
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

/** States of a session (RFC 9051 §3). */
export type State = 'not-authenticated' | 'authenticated' | 'selected';

/** Extensions that change what the server sends and that a client must ask for (RFC 5161). */
export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2';

export class Session {
  readonly connection: Connection;
  readonly deps: ImapDeps;
  readonly writer: ResponseWriter;
  readonly log: Logger;
  /** When it began, milliseconds since the epoch. */
  readonly since: number;
  /** What the client calls itself, once it has said so (RFC 2971). */
  client: string | null = null;
  /** The login name, once there is one. */
  user: string | null = null;
  /** Called when a change to the selected mailbox was queued, while IDLE waits for one. */
  onChange: (() => void) | null = null;
  #account: AccountName | null = null;
  #mailbox: SelectedMailbox | null = null;
  readonly #enabled = new Set<Extension>();
  readonly #deviations = new Set<Deviation>();
  #over = false;
  /** A line that was read by one command and belongs to the next. */
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

  /** The account that is read. Only for commands of a logged in state. */
  get account(): AccountName {
    if (this.#account === null) throw bad('Log in first');
    return this.#account;
  }

  /** The selected mailbox. Only for commands of the selected state. */
  get mailbox(): SelectedMailbox {
    if (this.#mailbox === null) throw bad('No mailbox is selected');
    return this.#mailbox;
  }

  /** The same, if it may be changed. @throws Status NO if it was opened read-only */
  get writableMailbox(): SelectedMailbox {
    if (this.mailbox.readOnly) throw no('READ-ONLY', 'The mailbox is selected read-only');
    return this.mailbox;
  }

  get enabled(): ReadonlySet<Extension> {
    return this.#enabled;
  }

  /** Mailbox names are UTF-8 (RFC 6855 §3, RFC 9051 §5.1). */
  get utf8(): boolean {
    return this.#enabled.has('UTF8=ACCEPT') || this.rev2;
  }

  /** The client speaks IMAP4rev2: there is no `\Recent`, and searches answer with ESEARCH (RFC 9051 appendix E). */
  get rev2(): boolean {
    return this.#enabled.has('IMAP4rev2');
  }

  /** Where the client's commands departed from the standard so far. */
  get deviations(): ReadonlySet<Deviation> {
    return this.#deviations;
  }

  /** Reports departures of a command that is run all the same, each kind once in a session. */
  report(command: string, deviations: Iterable<Deviation>): void {
    for (const deviation of deviations) {
      if (this.#deviations.has(deviation)) continue;
      this.#deviations.add(deviation);
      this.log.info({ command, deviation }, `imap: the client sent ${DEVIATIONS[deviation]}`);
    }
  }

  /** One line of response, without its line end. */
  send(line: string): void {
    if (this.log.isLevelEnabled('debug')) this.log.debug({ server: withoutTag(line.slice(0, 400)) });
    this.writer.text(`${line}\r\n`);
  }

  /** An untagged status response. */
  status(kind: StatusKind, code: ResponseCode | null, text: string): void {
    this.send(statusText('*', kind, code, text).trimEnd());
  }

  /** A continuation request and the client's line in answer to it; `null` when it is gone. */
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

  /** Turns an extension on, as ENABLE does, or a command that implies it. False if it was on already. */
  enable(extension: Extension): boolean {
    if (this.#enabled.has(extension)) return false;
    this.#enabled.add(extension);
    // From now on the client must know the HIGHESTMODSEQ (RFC 7162 §3.1.2).
    if (extension === 'CONDSTORE' && this.#mailbox !== null) this.#mailbox.reportHighestModseq();
    return true;
  }

  /** Leaves the selected mailbox, if one is; nothing is expunged. */
  unselect(): void {
    this.#mailbox?.close();
    this.#mailbox = null;
  }

  /** Gives back a line that turned out to be the next command. */
  pushBack(line: Buffer): void {
    this.#pushedBack = line;
  }

  /** The line that was given back, once. */
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

  /** Reports the changes of the selected mailbox; expunged messages only if `expunge`. */
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

/** A response for the log: what stands where a tag should may be what a client had to say to a refused AUTHENTICATE. */
const withoutTag = (line: string): string => line.replace(/^(?:\S{16,}|\S*=) (?=BAD|NO)/, '… ');
