/**
 * The dialogue of one SMTP session: runs the client's command lines and passes complete messages to the
 * handler.
 */
import type { MessageOctets } from '../message/octets.ts';
import { NoRoom, type HeldMessage } from '../net/in-flight/index.ts';
import { HELLO_IN_CLEAR, LEFT_AFTER_HANDSHAKE, type HandshakeFailure } from '../net/tls/handshake.ts';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands/index.ts';
import type { DataReader, UnstuffedDot } from './data-reader.ts';
import type { Agreement } from './handler.ts';
import { departure } from './departure.ts';
import { SmtpReply, type Reply } from './reply.ts';
import type { Incoming, IncomingChunk, Session } from './session.ts';
import type { Wire, WireEvents } from './wire.ts';
import { withoutCredentials } from './without-credentials.ts';

/** The commands that the package smtp-server implements. */
const OF_LIBRARY = new Set(['STARTTLS', 'XCLIENT']);

export class Dialogue implements WireEvents {
  readonly session: Session;
  readonly #wire: Wire;
  /** Resolves when the greeting has been sent, or when the connection is closed before the greeting. */
  readonly #greeted: Promise<void>;
  greeted: () => void = () => undefined;

  constructor(wire: Wire, session: Session) {
    this.session = session;
    this.#wire = wire;
    this.#greeted = new Promise((resolve) => (this.greeted = resolve));
  }

  // The methods below handle the start and the end of the connection.

  async connect(): Promise<Agreement> {
    this.session.enter();
    return this.session.handler.connect();
  }

  closing(): void {
    this.session.leave();
    this.greeted();
  }

  handshakeFailed(failure: Omit<HandshakeFailure, 'peer'>): void {
    this.session.reportHandshake(failure);
    this.#release();
  }

  closed(): void {
    if (this.session.leftAfterHandshake) this.session.reportHandshake(LEFT_AFTER_HANDSHAKE);
    this.#release();
  }

  #release(): void {
    this.session.leave();
    void this.session.forgetMessage();
  }

  ended(): void {
    this.session.handler.close(this.session.transaction);
  }

  tlsInClear(): void {
    if (this.session.secure) return;
    this.session.reportHandshake(HELLO_IN_CLEAR);
    this.session.drop();
  }

  readFailed(error: Error): void {
    const refusal = this.session.refusalOf(error);
    if (refusal !== null) this.session.answer(refusal);
  }

  upgrading(): void {
    this.session.forgetLogin();
  }

  // The methods below process the client's command lines.

  async line(line: Buffer, bareLf: boolean): Promise<void> {
    const { session } = this;
    if (!this.#wire.isOpen) {
      session.depart([departure('early-talker')]);
      await this.#greeted;
    }
    if (this.#wire.isClosing) return;
    // A line of an AUTH exchange is not a command, so its blanks must not be changed.
    const isResponse = this.#wire.awaitsResponse;
    const { text, name, departures } = isResponse
      ? { text: line.toString(), name: '', departures: [] }
      : readCommandLine(line, bareLf);
    session.lineDepartures = departures;
    if (name === 'MAIL' && session.transaction === null) this.#beginMail();
    const isKnown = commands.has(name) || OF_LIBRARY.has(name);
    session.showClientLine(isKnown || isResponse ? this.#wire.redact(name, text) : withoutCredentials(text));
    await this.#wire.runLine(text);
    if (name !== 'MAIL') session.depart(session.lineDepartures);
    session.leaveIfDismissed();
  }

  #beginMail(): void {
    this.session.beginTranscriptOfMessage();
    if (this.session.acceptWithoutHelo()) this.session.depart([departure('helo-missing')]);
  }

  lineTooLong(): void {
    this.session.refuse({ code: 500, status: '5.5.2', text: 'Line too long' });
  }

  command(name: string): ((argument: string) => Promise<void>) | null {
    const command = commands.get(name);
    if (command === undefined) return null;
    return (argument) => this.session.run(async () => command.run(this.session, argument));
  }

  async starttls(): Promise<{ readonly agreed: Agreement } | null> {
    try {
      return { agreed: await this.session.handler.starttls() };
    } catch (error) {
      const refusal = this.session.refusalOf(error);
      if (refusal !== null) this.session.refuse(refusal);
      return null;
    }
  }

  libraryReply(reply: Reply): void {
    if (reply.code >= 400) this.session.refuse(reply);
    else this.session.answer(reply);
  }

  refusalOf(error: unknown): Reply | null {
    return this.session.refusalOf(error);
  }

  transactionReset(): void {
    this.session.resetTransaction();
  }

  // The methods below handle the reception of messages.

  rate(): number | null {
    return this.session.rate;
  }

  progress({ octets }: HeldMessage): void {
    if (this.session.dropsAt(octets)) this.session.drop();
  }

  async message({ unstuffedDot }: DataReader): Promise<void> {
    const { incoming } = this.session;
    if (incoming === null || this.#wire.isClosing) return;
    this.session.note(`${incoming.message.octets} octets of message`);
    await this.#whileBusy(() => this.#endMessage(incoming, unstuffedDot));
  }

  async chunk(): Promise<void> {
    const chunk = this.session.takeChunk();
    if (chunk === null || this.#wire.isClosing) return;
    this.session.note(`${chunk.size} octets of chunk`);
    await this.#whileBusy(() => this.#endChunk(chunk));
  }

  async #endChunk({ size, last, refusal }: IncomingChunk): Promise<void> {
    const { session } = this;
    const { incoming } = session;
    if (refusal !== null || incoming === null) {
      await session.run(() =>
        Promise.reject(refusal instanceof Error ? refusal : new Error(String(refusal))),
      );
      // Without the refused chunk the message is incomplete, so all later chunks of the message are refused too.
      session.resetTransaction();
    } else if (last) {
      await this.#endMessage(incoming, null);
    } else if (incoming.message.oversized) {
      await session.run(() => Promise.reject(this.#tooLarge()));
      session.resetTransaction();
    } else {
      session.answer({ code: 250, status: '2.0.0', text: `${size} octets received` });
    }
  }

  /**
   * Runs an action and marks the connection as busy until it ends, so that a server that is closing waits for
   * the action.
   */
  async #whileBusy(action: () => Promise<void>): Promise<void> {
    this.#wire.isBusy = true;
    await action();
    this.#wire.isBusy = false;
    this.session.leaveIfDismissed();
  }

  #tooLarge(): SmtpReply {
    const { maxMessageSize } = this.session.options;
    return new SmtpReply(552, '5.3.4', `Message exceeds the maximum size of ${maxMessageSize} octets`);
  }

  async #endMessage({ transaction, message }: Incoming, unstuffedDot: UnstuffedDot | null): Promise<void> {
    const { session } = this;
    session.takeIncoming();
    await session.run(
      async () => {
        if (message.oversized) throw this.#tooLarge();
        const octets = await octetsOf(message);
        const { from, to } = transaction;
        const departures = session.departuresOf(transaction);
        const accepted = await session.handler.message({
          envelope: { from, to },
          octets,
          manner: { helo: session.helo, departures, unstuffedDot },
        });
        session.finishTransaction();
        return accepted;
      },
      // LMTP sends one reply to the message for each recipient (RFC 2033 §4.2); SMTP sends one reply.
      session.options.lmtp === true ? transaction.to.length : 1,
    );
    await message.release();
    session.resetTransaction();
  }
}

async function octetsOf(message: HeldMessage): Promise<MessageOctets> {
  try {
    return await message.octetsOrFile();
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    throw new SmtpReply(452, '4.3.1', 'Insufficient system storage');
  }
}
