/** Derives the outcome for each recipient from the replies of a server to one message. */
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

/**
 * Chooses the form of a message (converted or with binary parts) that a server accepts; returns `null` if the
 * server accepts neither (RFC 3030 §3).
 */
export function formFor(
  { extensions }: Pick<SmtpClient, 'extensions'>,
  message: OutgoingMessage,
): OutgoingForm | null {
  if (message.binary === null) return message;
  if (takesBinary(extensions)) return message.binary;
  return message.convertible ? message : null;
}

/**
 * The outcome of a message that has binary parts which the server does not accept and which cannot be
 * converted.
 */
export const NOT_CONVERTIBLE = failed(
  '5.6.1',
  'A signed part of the message is binary, and the server does not accept binary content (BINARYMIME)',
);

/**
 * Returns the outcome of a message that the server cannot accept because of its limits or missing extensions;
 * `null` if the server can accept it. The other hosts of the domain are assumed to have the same limits as this
 * server.
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

/** Returns the outcome that applies after a failed connection when no other host is left to try. */
export function connectionVerdict({ step, reply, message }: SmtpClientError): Verdict {
  // If TLS is required, a TLS failure defers the delivery, even if the server's reply was permanent (RFC 8461
  // §5).
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
 * Returns the outcomes in the order of the recipients. If the session failed or the server refused the message
 * temporarily, another host may still accept it. In this case, returns one outcome, which applies to all
 * recipients if no other host can be tried (RFC 5321 §5.1).
 */
export function interpret(result: SendResult): readonly Verdict[] | { readonly unlessAnother: Verdict } {
  const { mail, recipients, data, ended, failure } = result;
  if (failure !== null) {
    if (!ended) return { unlessAnother: connectionVerdict(failure) };
    // If the reply to the message is missing, either the server has not accepted the message (RFC 5321
    // §4.2.5) or its reply was lost.
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
