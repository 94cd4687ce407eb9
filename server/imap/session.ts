/**
 * One client's session: reads commands, runs them one after the other, answers, and tells of changes when the
 * protocol allows. Pipelined commands wait in the connection.
 *
 * Invariants:
 * - One response is on its way at a time: only the command that runs (or IDLE) writes.
 * - EXPUNGE is told only at the end of a command that allows it, or during IDLE (RFC 9051 §7.5.1).
 * - Whatever a command throws becomes a tagged response here, and nowhere else.
 */
import type { Logger } from 'pino';
import { ConnectionClosed, IdleTimeout } from '../net/connection-error.ts';
import type { Connection } from '../net/connection.ts';
import type { AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { capabilities } from './capability.ts';
import { MAX_LINE, MAX_LINE_BEFORE_LOGIN, readCommand, type ReadCommand } from './command-reader.ts';
import { findCommand } from './commands/index.ts';
import type { Command, Completion, Outcome, State } from './command.ts';
import { Decoder } from './decoder.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';
import {
  bad,
  bye,
  SERVER_FAULT,
  statusOf,
  statusText,
  type ResponseCode,
  type Status,
  type StatusKind,
} from './response.ts';
import type { ServerContext } from './server-context.ts';
import { ResponseWriter } from './writer.ts';

/** Milliseconds of silence before login. */
const IDLE_BEFORE_LOGIN = 3 * 60_000;
/** Commands in a row that made no sense: whoever sends so many speaks another protocol. */
const MAX_BAD_COMMANDS = 50;

/** Extensions that change what the server sends and that a client must ask for (RFC 5161). */
export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2';

export class Session {
  readonly connection: Connection;
  readonly context: ServerContext;
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
  #badCommands = 0;
  #over = false;
  /** A line that was read by one command and belongs to the next. */
  #pushedBack: Buffer | null = null;

  constructor(connection: Connection, context: ServerContext) {
    this.connection = connection;
    this.context = context;
    this.since = context.clock();
    this.writer = new ResponseWriter(connection);
    this.log = context.logger.child({ peer: connection.peer });
  }

  get store(): Store {
    return this.context.store;
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

  /** Greets, serves until either side has had enough, and lets go of everything. */
  async run(): Promise<void> {
    try {
      this.connection.setIdleTimeout(IDLE_BEFORE_LOGIN);
      this.send(`* OK [CAPABILITY ${capabilities(this).join(' ')}] Restante ready`);
      await this.writer.flush();
      while (!this.#over) await this.#step();
    } catch (error) {
      if (error instanceof IdleTimeout) await this.#farewell('Idle for too long');
      else if (!(error instanceof ConnectionClosed)) this.log.error({ err: error }, 'imap session failed');
    } finally {
      this.unselect();
      this.connection.close();
    }
  }

  /** The server stops: says so and ends the session, whatever it is doing. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#farewell('The server is shutting down');
    this.connection.close();
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
    this.connection.setIdleTimeout(this.context.idleTimeout);
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
    // Where changes are counted from must be known from now on (RFC 7162 §3.1.2).
    if (extension === 'CONDSTORE' && this.#mailbox !== null) this.#mailbox.tellHighestModseq(this);
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

  /** Ends the session after the current command. */
  end(): void {
    this.#over = true;
  }

  /** Tells of what changed in the selected mailbox; departures only if `expunge`. */
  async tellChanges(expunge: boolean): Promise<void> {
    const mailbox = this.#mailbox;
    if (mailbox === null) return;
    await mailbox.tellChanges(this, expunge);
    if (mailbox.view.removed && expunge) {
      this.#over = true;
      throw bye('The selected mailbox was deleted');
    }
  }

  async #step(): Promise<void> {
    this.writer.release();
    const loggedIn = this.#account !== null;
    const first = this.#pushedBack;
    this.#pushedBack = null;
    const command = await readCommand(this.connection, first, {
      line: loggedIn ? MAX_LINE : MAX_LINE_BEFORE_LOGIN,
      message: loggedIn ? this.context.messageLimit : MAX_LINE_BEFORE_LOGIN,
    });
    if (command === null) this.#over = true;
    else await this.#execute(command);
  }

  async #execute(read: ReadCommand): Promise<void> {
    const decoder = new Decoder(read.text);
    let tag = '*';
    try {
      tag = takeTag(decoder, read.refusal);
      if (read.refusal !== null) throw read.refusal;
      const { command, uid } = this.#command(decoder);
      this.#logCommand(tag, command, uid, read);
      const syntax = { uid, utf8: this.utf8 };
      const outcome = await command.prepare(decoder, syntax)(this, { ...syntax, tag });
      this.#badCommands = 0;
      if (outcome !== 'answered') {
        await this.tellChanges(command.expunges === 'always' || uid);
        this.complete(tag, command, uid, outcome);
      }
    } catch (error) {
      this.#answerError(tag, error);
    }
    await this.writer.flush();
  }

  complete(tag: string, command: Pick<Command, 'name'>, uid: boolean, outcome: Outcome): void {
    const { kind = 'OK', code, text }: Completion = typeof outcome === 'object' ? outcome : {};
    const name = uid ? `UID ${command.name}` : command.name;
    this.send(statusText(tag, kind, code ?? null, text ?? `${name} completed`).trimEnd());
  }

  #command(decoder: Decoder): { command: Command; uid: boolean } {
    decoder.sp();
    const first = decoder.keyword('a command');
    const uid = first === 'UID';
    if (uid) decoder.sp();
    const name = uid ? decoder.keyword('a command') : first;
    const command = findCommand(name);
    if (command === undefined || (uid && !command.uid))
      throw bad(`Unknown command ${uid ? 'UID ' : ''}${name}`);
    if (!command.states.includes(this.state)) {
      throw bad(`${name} is not allowed in ${this.state.replace('-', ' ')} state`);
    }
    return { command, uid };
  }

  #answerError(tag: string, error: unknown): void {
    if (error instanceof ConnectionClosed || error instanceof IdleTimeout) throw error;
    const status = statusOf(error);
    if (status === null) this.log.error({ err: error }, 'imap command failed');
    const { kind, code, message } = status ?? SERVER_FAULT;
    this.send(statusText(kind === 'BYE' ? '*' : tag, kind, code, message).trimEnd());
    if (kind === 'BYE') this.#over = true;
    if (kind !== 'BAD') this.#badCommands = 0;
    else if (++this.#badCommands >= MAX_BAD_COMMANDS) {
      this.status('BYE', null, 'Too many bad commands');
      this.#over = true;
    }
  }

  #logCommand(tag: string, command: Command, uid: boolean, read: ReadCommand): void {
    if (!this.log.isLevelEnabled('debug')) return;
    const secret = command.name === 'LOGIN' || command.name === 'AUTHENTICATE';
    const line = secret
      ? `${tag} ${command.name} (redacted)`
      : read.text.texts.map((text) => text.toString('latin1', 0, 400)).join(' … ');
    this.log.debug({ client: line, uid });
  }

  async #farewell(text: string): Promise<void> {
    this.status('BYE', null, text);
    await this.writer.flush().catch(() => undefined);
  }
}

/** A response for the log: what stands where a tag should may be what a client had to say to a refused AUTHENTICATE. */
const withoutTag = (line: string): string => line.replace(/^(?:\S{16,}|\S*=) (?=BAD|NO)/, '… ');

function takeTag(decoder: Decoder, refusal: Status | null): string {
  try {
    return decoder.tag();
  } catch (error) {
    throw refusal ?? error;
  }
}
