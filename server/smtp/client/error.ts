/**
 * The error of a failed connection to an SMTP server: contains the step that failed and the server's reply, if
 * there was one.
 */
import type { TranscriptLine } from '../../message/envelope.ts';
import { readServerReply, type ServerReply } from './server-reply.ts';

export type SmtpClientStep = 'connection' | 'greeting' | 'tls' | 'login';

/** The properties of the errors that nodemailer reports. */
interface LibraryError extends Error {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly timeoutType?: string | undefined;
}

export class SmtpClientError extends Error {
  override readonly name = 'SmtpClientError';
  readonly step: SmtpClientStep;
  readonly reply: ServerReply | null;
  /** The transcript of the session up to the failure; set only when `SmtpClient.open` failed. */
  transcript: readonly TranscriptLine[] = [];

  constructor(step: SmtpClientStep, message: string, reply: ServerReply | null, options?: ErrorOptions) {
    super(message, options);
    this.step = step;
    this.reply = reply;
  }

  /**
   * Converts an error of nodemailer to an `SmtpClientError`.
   *
   * @param upgrading whether a TLS handshake was in progress
   */
  static from(error: LibraryError, upgrading: boolean): SmtpClientError {
    if (error instanceof SmtpClientError) return error;
    const reply = error.response === undefined ? null : readServerReply(error.response);
    const step = stepOf(error, upgrading);
    // In the message of nodemailer's error, the lines after the first one repeat the server's reply, so only
    // the first line is used.
    const said = error.message.split('\n')[0] ?? '';
    const message = error.response === undefined ? said : said.replace(/:? ?(?:response=)?\d{3}[ -].*$/, '');
    return new SmtpClientError(step, message, reply, { cause: error });
  }
}

function stepOf({ code, command, timeoutType }: LibraryError, upgrading: boolean): SmtpClientStep {
  if (upgrading || code === 'ETLS' || timeoutType === 'UPGRADE_TIMEOUT') return 'tls';
  if (code === 'EAUTH') return 'login';
  if (command === 'EHLO' || command === 'HELO' || timeoutType === 'GREETING_TIMEOUT') return 'greeting';
  return 'connection';
}
