/**
 * Assigns the server's replies to the client's commands. The input is nodemailer's log of the dialogue, which
 * is also recorded as the transcript. Replies arrive in the order of the commands (RFC 5321 §3.1), pipelined or
 * not. The content of a message is not a command: a reply that arrives while no command is waiting is the reply
 * to the message.
 */
import type { Transcript } from '../../net/transcript.ts';
import { readServerReply, type ServerReply } from './server-reply.ts';

export interface Answers {
  /** Returns the recipients that the server has accepted so far in this transaction. */
  accepted(): readonly string[];
  /**
   * Ends the recording of one message and returns the server's replies; `complete` is whether the last possible
   * reply has been received.
   */
  end(): {
    readonly mail: ServerReply | null;
    readonly recipients: readonly (ServerReply | null)[];
    readonly data: ServerReply | null;
    readonly complete: boolean;
  };
}

interface Transaction {
  mail: ServerReply | null;
  readonly recipients: (ServerReply | null)[];
  /** The number of replies to RCPT that have been received. */
  answered: number;
  data: ServerReply | null;
  begun: boolean;
}

const positive = (reply: ServerReply | null): boolean => reply !== null && reply.code < 400;

export class ReplyLog {
  readonly #transcript: Transcript;
  /** The commands that have no reply yet, oldest first. */
  readonly #waiting: string[] = ['greeting'];
  #transaction: Transaction | null = null;
  #extensions: ReadonlyMap<string, string> = new Map();

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  get extensions(): ReadonlyMap<string, string> {
    return this.#extensions;
  }

  /** The logger that is passed to nodemailer. */
  readonly logger = {
    debug: (entry: { tnx?: string } | undefined, text?: unknown): void => {
      if (typeof text !== 'string') return;
      if (entry?.tnx === 'client') this.#sent(text);
      else if (entry?.tnx === 'server') this.#received(text);
    },
    info: (entry: { tnx?: string; outByteCount?: number } | undefined, text?: unknown): void => {
      if (entry?.tnx === 'message')
        this.#transcript.add('note', `${entry.outByteCount ?? 0} octets of message`);
      else if (text === 'Connection upgraded with STARTTLS') this.#transcript.add('note', 'TLS started');
      else if (text === 'Failed STARTTLS upgrade, continuing unencrypted')
        this.#transcript.add('note', 'STARTTLS was refused: continuing in clear text');
    },
    warn: (_entry: unknown, text?: unknown, ...values: unknown[]): void => this.#failed(text, values),
    error: (_entry: unknown, text?: unknown, ...values: unknown[]): void => this.#failed(text, values),
  };

  begin(recipients: readonly string[]): Answers {
    const transaction: Transaction = {
      mail: null,
      recipients: recipients.map(() => null),
      answered: 0,
      data: null,
      begun: false,
    };
    this.#transaction = transaction;
    return {
      accepted: () => recipients.filter((_, index) => positive(transaction.recipients[index] ?? null)),
      end: () => {
        this.#transaction = null;
        const { mail, recipients: replies, data } = transaction;
        const all = replies.every((reply) => reply !== null);
        const complete =
          data !== null || (mail !== null && !positive(mail)) || (all && !replies.some(positive));
        return { mail, recipients: replies, data, complete };
      },
    };
  }

  #sent(line: string): void {
    this.#transcript.add('client', line);
    this.#waiting.push(line);
  }

  #received(text: string): void {
    for (const line of text.split('\n')) this.#transcript.add('server', line.trimEnd());
    const command = this.#waiting.shift();
    const reply = readServerReply(text);
    if (reply === null) return;
    if (command?.startsWith('EHLO ') === true && positive(reply)) this.#extensions = readExtensions(text);
    if (this.#transaction !== null) note(this.#transaction, command, reply);
  }

  #failed(text: unknown, values: readonly unknown[]): void {
    if (typeof text !== 'string') return;
    this.#transcript.add('note', text === '%s' ? String(values[0]) : text);
  }
}

function note(transaction: Transaction, command: string | undefined, reply: ServerReply): void {
  if (command === undefined) {
    if (transaction.begun) transaction.data = reply;
  } else if (command.startsWith('MAIL FROM:')) {
    transaction.mail = reply;
  } else if (command.startsWith('RCPT TO:')) {
    transaction.recipients[transaction.answered++] = reply;
  } else if (command.startsWith('BDAT ')) {
    // Only the first refusal is stored, because later refusals result from it. Of the positive replies, only the
    // reply to the last chunk is stored, because it accepts the message.
    if (!positive(reply) || command.endsWith(' LAST')) transaction.data ??= reply;
  } else if (command === 'DATA' || command === 'NOOP') {
    // A message that is sent with BDAT has no DATA command; NOOP is sent instead, so its reply is treated like the
    // reply to DATA.
    if (positive(reply)) transaction.begun = true;
    else if (transaction.recipients.some(positive)) transaction.data = reply;
  }
}

/**
 * Returns the extensions in an EHLO reply (RFC 5321 §4.1.1.1): each line after the first line is a keyword with
 * parameters.
 */
function readExtensions(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const match = /^\d{3}[ -]([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =](.*))?$/.exec(line.trimEnd());
        return match === null ? [] : [[(match[1] ?? '').toUpperCase(), match[2] ?? ''] as const];
      }),
  );
}
