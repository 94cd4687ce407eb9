/**
 * The dialogue with one client: reads commands, runs them on the session one after the other, sends the
 * responses, and reports changes of the mailbox when the protocol allows it. Pipelined commands wait in the
 * connection.
 *
 * Invariants:
 * - Only the running command (or IDLE) writes responses.
 * - EXPUNGE responses are sent only at the end of a command that allows them, or during IDLE (RFC 9051 §7.5.1).
 * - Only this module turns errors of commands into tagged responses.
 */
import { ConnectionClosed, IdleTimeout } from '../net/connection-error.ts';
import { capabilities } from './capability.ts';
import { MAX_LINE, MAX_LINE_BEFORE_LOGIN, readCommand, type ReadCommand } from './wire/command-reader.ts';
import type { Command, Completion, Outcome } from './commands/command.ts';
import { findCommand, OBSOLETE_NAMES } from './commands/index.ts';
import { Decoder } from './wire/decoder.ts';
import { bad, SERVER_FAULT, statusOf, statusText, type Status } from './wire/response.ts';
import type { Session } from './session/session.ts';

/** Maximum time without a command before login, in milliseconds. */
const IDLE_BEFORE_LOGIN = 3 * 60_000;
/** Number of consecutive invalid commands after which the session ends: such a client uses another protocol. */
const MAX_BAD_COMMANDS = 50;

export class Dialogue {
  readonly session: Session;
  #badCommands = 0;

  constructor(session: Session) {
    this.session = session;
  }

  /**
   * Sends the greeting, runs commands until the client or the server ends the session, and releases all
   * resources.
   */
  async run(): Promise<void> {
    const { session } = this;
    try {
      session.connection.setIdleTimeout(IDLE_BEFORE_LOGIN);
      session.send(`* OK [CAPABILITY ${capabilities(session).join(' ')}] Restante ready`);
      await session.writer.flush();
      while (!session.over) await this.#step();
    } catch (error) {
      if (error instanceof IdleTimeout) await this.#farewell('Idle for too long');
      else if (!(error instanceof ConnectionClosed)) session.log.error({ err: error }, 'imap session failed');
    } finally {
      session.unselect();
      session.connection.close();
    }
  }

  /** Sends BYE and ends the session, even during a command. Called when the server stops. */
  async stop(): Promise<void> {
    this.session.end();
    await this.#farewell('The server is shutting down');
    this.session.connection.close();
  }

  async #step(): Promise<void> {
    const { session } = this;
    session.writer.release();
    const loggedIn = session.state !== 'not-authenticated';
    const command = await readCommand(session.connection, session.takeBack(), {
      line: loggedIn ? MAX_LINE : MAX_LINE_BEFORE_LOGIN,
      message: loggedIn ? session.deps.messageLimit : MAX_LINE_BEFORE_LOGIN,
      inFlight: session.deps.inFlight,
    });
    if (command === null) {
      session.end();
      return;
    }
    try {
      await this.#execute(command);
    } finally {
      await command.release();
    }
  }

  async #execute(read: ReadCommand): Promise<void> {
    const { session } = this;
    const decoder = new Decoder(read.text);
    let tag = '*';
    try {
      tag = takeTag(decoder, read.refusal);
      if (read.refusal !== null) throw read.refusal;
      const { command, uid } = this.#command(decoder);
      this.#log(tag, command, uid, read);
      const syntax = { uid, utf8: session.utf8 };
      const run = command.prepare(decoder, syntax);
      session.report(command.name, decoder.deviations);
      const outcome = await run(session, { ...syntax, tag });
      this.#badCommands = 0;
      if (outcome !== 'answered') {
        await session.reportChanges(command.expunges === 'always' || uid);
        this.#complete(tag, command, uid, outcome);
      }
    } catch (error) {
      this.#answerError(tag, error);
    }
    await session.writer.flush();
  }

  #complete(tag: string, command: Command, uid: boolean, outcome: Outcome): void {
    const { kind = 'OK', code, text }: Completion = typeof outcome === 'object' ? outcome : {};
    const name = uid ? `UID ${command.name}` : command.name;
    this.session.send(statusText(tag, kind, code ?? null, text ?? `${name} completed`).trimEnd());
  }

  #command(decoder: Decoder): { command: Command; uid: boolean } {
    decoder.sp();
    const first = decoder.keyword('a command');
    const uid = first === 'UID';
    if (uid) decoder.sp();
    const name = uid ? decoder.keyword('a command') : first;
    const command = findCommand(name);
    if (OBSOLETE_NAMES.has(name)) decoder.deviate('obsolete');
    if (command === undefined || (uid && !command.uid))
      throw bad(`Unknown command ${uid ? 'UID ' : ''}${name}`);
    const { state } = this.session;
    if (!command.states.includes(state)) {
      throw bad(`${name} is not allowed in ${state.replace('-', ' ')} state`);
    }
    return { command, uid };
  }

  #answerError(tag: string, error: unknown): void {
    if (error instanceof ConnectionClosed || error instanceof IdleTimeout) throw error;
    const { session } = this;
    const status = statusOf(error);
    if (status === null) session.log.error({ err: error }, 'imap command failed');
    const { kind, code, message } = status ?? SERVER_FAULT;
    session.send(statusText(kind === 'BYE' ? '*' : tag, kind, code, message).trimEnd());
    if (kind === 'BYE') session.end();
    if (kind !== 'BAD') this.#badCommands = 0;
    else if (++this.#badCommands >= MAX_BAD_COMMANDS) {
      session.status('BYE', null, 'Too many bad commands');
      session.end();
    }
  }

  #log(tag: string, command: Command, uid: boolean, read: ReadCommand): void {
    const { log } = this.session;
    if (!log.isLevelEnabled('debug')) return;
    const secret = command.name === 'LOGIN' || command.name === 'AUTHENTICATE';
    const line = secret
      ? `${tag} ${command.name} (redacted)`
      : read.text.texts.map((text) => text.toString('latin1', 0, 400)).join(' … ');
    log.debug({ client: line, uid });
  }

  async #farewell(text: string): Promise<void> {
    this.session.status('BYE', null, text);
    await this.session.writer.flush().catch(() => undefined);
  }
}

function takeTag(decoder: Decoder, refusal: Status | null): string {
  try {
    return decoder.tag();
  } catch (error) {
    throw refusal ?? error;
  }
}
