/**
 * IDLE (RFC 2177): reports changes to the client as they happen. No mailbox needs to be selected. Some clients
 * send another command instead of DONE: that command also ends IDLE, and is then run as usual.
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

/**
 * Sends changes to the client, one batch at a time. Changes that happen while a slow client receives a batch
 * form the next batch.
 */
class Teller {
  readonly #session: Session;
  /** The promise of the batch of changes that is being sent; `null` if no batch is being sent. */
  #running: Promise<void> | null = null;
  #again = false;
  #over = false;
  #failure: Error | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Schedules the sending of a batch that contains all changes not yet reported to the client. */
  tell(): void {
    this.#session.deps.announcer.add(this.#announce);
  }

  /** Sends an untagged line without information, so that NAT devices and clients keep the connection open. */
  greet(): void {
    if (this.#running !== null) return;
    this.#session.status('OK', null, 'Still here');
    this.#session.writer.flush().catch(() => undefined);
  }

  /** Waits until the current batch of changes is sent; throws the error that interrupted it. */
  async finish(): Promise<void> {
    this.#over = true;
    await this.#running;
    if (this.#failure !== null) throw this.#failure;
  }

  /**
   * Writes a batch of changes. The promise settles when the changes are written to the socket, possibly before the
   * client has received them.
   */
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

  /**
   * Sends BYE at once when the selected mailbox was deleted. Without this line, the client would wait for changes
   * of the mailbox until it ends IDLE.
   */
  async #farewell({ kind, code, message }: Status): Promise<void> {
    this.#session.status(kind, code, message);
    await this.#session.writer.flush().catch(() => undefined);
  }
}
