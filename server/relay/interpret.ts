/** Derives the verdict for each recipient from the replies of a server to one message. */
import {
  serverReplyText,
  type SendResult,
  type SmtpClient,
  type SmtpClientError,
} from '../smtp/client/index.ts';
import { needsUtf8 } from './address.ts';
import { takesBinary } from './binary.ts';
import type { OutgoingForm, OutgoingMessage } from './outgoing.ts';
import { deferred, failed, verdictOf, type Verdict } from './verdict.ts';

/** Returns the form of a message that a server accepts; `null` if it accepts none (RFC 3030 §3). */
export function formFor(
  { extensions }: Pick<SmtpClient, 'extensions'>,
  message: OutgoingMessage,
): OutgoingForm | null {
  if (message.binary === null) return message;
  if (takesBinary(extensions)) return message.binary;
  return message.convertible ? message : null;
}

/** The verdict on a message that the server accepts in no form. */
export const NOT_CONVERTIBLE = failed(
  '5.6.1',
  'A signed part of the message is binary, and the server does not accept binary content (BINARYMIME)',
);

/**
 * Returns why a server cannot accept the message at all; `null` if it can. Other hosts of the domain are assumed
 * to have the same limits.
 */
export function unsuitable(
  { extensions }: Pick<SmtpClient, 'extensions'>,
  { bytes, eightBit, utf8Header }: OutgoingForm,
  from: string,
): Verdict | null {
  const limit = Number(extensions.get('SIZE') ?? 0);
  if (limit > 0 && bytes.length > limit) {
    return failed('5.3.4', `The message has ${bytes.length} octets, but the server accepts at most ${limit}`);
  }
  if ((utf8Header || needsUtf8(from)) && !extensions.has('SMTPUTF8')) {
    return failed('5.6.7', 'The server does not accept addresses or headers in UTF-8 (SMTPUTF8)');
  }
  if (eightBit && !extensions.has('8BITMIME')) {
    return failed('5.6.3', 'The server does not accept 8-bit text (8BITMIME)');
  }
  return null;
}

/** The verdict on a failed connection when no other host is left. */
export function connectionVerdict({ step, reply, message }: SmtpClientError): Verdict {
  // If TLS is required, a failure of TLS defers the delivery, regardless of the server's reply (RFC 8461 §5).
  if (step === 'tls') {
    return deferred('4.7.5', reply === null ? message : `${message}: ${serverReplyText(reply)}`);
  }
  if (reply !== null) {
    const verdict = verdictOf(reply);
    const kind = verdict.kind === 'delivered' ? 'deferred' : verdict.kind;
    return { ...verdict, kind, reason: `${message}: ${serverReplyText(reply)}` };
  }
  return deferred('4.4.1', message);
}

/**
 * Returns the verdicts in the order of the recipients, or one verdict that applies only if no other host can be
 * tried (RFC 5321 §5.1: the session failed, or the server is temporarily not the right one).
 */
export function interpret(result: SendResult): readonly Verdict[] | { readonly unlessAnother: Verdict } {
  const { mail, recipients, data, ended, failure } = result;
  if (failure !== null) {
    if (!ended) return { unlessAnother: connectionVerdict(failure) };
    // Without a reply, the server has not accepted the message (RFC 5321 §4.2.5), or its reply was lost.
    const lost = deferred('4.4.2', `${failure.message} before the reply to the message: it may have arrived`);
    return recipients.map((reply) => (reply === null || reply.code < 400 ? lost : verdictOf(reply)));
  }
  if (mail !== null && mail.code >= 400) {
    const verdict = verdictOf(mail);
    return verdict.kind === 'deferred' ? { unlessAnother: verdict } : recipients.map(() => verdict);
  }
  return recipients.map((reply) => {
    if (reply !== null && reply.code >= 400) return verdictOf(reply);
    return data === null ? deferred('4.4.2', 'The server did not reply to the message') : verdictOf(data);
  });
}
