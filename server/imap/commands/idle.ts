/**
 * IDLE (RFC 2177): reports changes as they happen. No mailbox needs to be selected. Some clients send another command
 * instead of DONE: the command also ends IDLE, and it is answered.
 */
import { ConnectionClosed } from '../../net/connection-error.ts';
import { AUTHENTICATED, command, noArguments } from './command.ts';
import { MAX_LINE } from '../wire/command-reader.ts';
import { Status } from '../wire/response.ts';
import type { Session } from '../session/session.ts';

export const idle = command({
  name: 'IDLE',
  states: AUTHENTICATED,
  capabilities: ['IDLE'],
  parse: noArguments,
  async run(session) {
    await session.reportChanges(true);
    session.writer.text('+ idling\r\n');
    await session.writer.flush();
    const teller = new Teller(session);
    const stop = session.deps.idlers.add(() => teller.greet());
    session.onChange = () => teller.tell();
    try {
      session.writer.release();
      const line = await session.connection.readLine(MAX_LINE);
      if (line === null) throw new ConnectionClosed();
      if (line.toString('latin1').trim().toUpperCase() !== 'DONE') session.pushBack(line);
    } finally {
      session.onChange = null;
      stop();
      await teller.finish();
    }
    return undefined;
  },
});

/** Writes changes one batch at a time. Changes that happen while the client is slow form the next batch. */
class Teller {
  readonly #session: Session;
  /** The batch that is being sent. */
  #running: Promise<void> | null = null;
  #again = false;
  #over = false;
  #failure: Error | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Schedules a report of all changes. */
  tell(): void {
    this.#session.deps.announcer.add(this.#announce);
  }

  /** Sends a line that keeps the connection open in NAT devices and clients. */
  greet(): void {
    if (this.#running !== null) return;
    this.#session.status('OK', null, 'Still here');
    this.#session.writer.flush().catch(() => undefined);
  }

  /** Waits for the batch that is being sent; throws the error that interrupted it. */
  async finish(): Promise<void> {
    this.#over = true;
    await this.#running;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Settles when the changes are written, before the client has received them. */
  readonly #announce = async (): Promise<void> => {
    if (this.#over) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    const written = this.#session.reportChanges(true);
    this.#running = this.#deliver(written);
    await written.catch(() => undefined);
  };

  async #deliver(written: Promise<void>): Promise<void> {
    try {
      await written;
      await this.#session.writer.flush();
    } catch (error) {
      if (error instanceof Status) await this.#farewell(error);
      else this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#session.connection.close();
    } finally {
      this.#running = null;
      this.#session.writer.release();
      if (this.#again) this.tell();
      this.#again = false;
    }
  }

  /** Sends BYE when the selected mailbox was deleted. The IDLE command itself is still waiting for the client. */
  async #farewell({ kind, code, message }: Status): Promise<void> {
    this.#session.status(kind, code, message);
    await this.#session.writer.flush().catch(() => undefined);
  }
}
