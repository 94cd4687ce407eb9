/**
 * Parses the request body of a call that submits a message: the raw message, or JSON from which the message
 * is composed.
 */
import Type from 'typebox';
import { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Envelope } from '../../message/envelope.ts';
import { octetCount, type MessageOctets } from '../../message/octets.ts';
import type { InFlight } from '../../net/in-flight/index.ts';
import { readTrail, TRAIL_FIELD } from '../../relay/loop-guard.ts';
import { firstOctets } from '../../thread/message-octets.ts';
import { composeMessage, envelopeFor } from '../../service/compose.ts';
import { Compose, type SubmitQuery } from '../../../contract/index.ts';
import { RAW_MESSAGE, withHeldMessage } from './held-body.ts';
import { badRequest, ProblemError } from '../../../contract/problems.ts';

export const SUBMISSION = {
  content: {
    'application/json': { schema: Compose },
    [RAW_MESSAGE]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
  },
};

/** The number of octets that are read from the start of a message file to find the recipients. */
const HEAD = 1 << 20;

interface SubmissionLimits {
  readonly inFlight: InFlight;
  /** The maximum size of a message in octets. */
  readonly maxMessageSize: number;
  /**
   * Whether the message must be in memory; the call is then refused if the limit of message octets in memory
   * would be exceeded.
   */
  readonly inMemory?: boolean;
}

/** The parameters and the body of a call that submits a message. */
interface SubmissionCall {
  readonly body: unknown;
  readonly query: SubmitQuery;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Reads the message from the body of a call, or composes it, and calls `work` with the message. Throws a
 * `ProblemError` if the body contains no message.
 */
export async function withSubmission<T>(
  { body, query, headers }: SubmissionCall,
  { inFlight, maxMessageSize, inMemory = false }: SubmissionLimits,
  work: (octets: MessageOctets, envelope: Envelope) => Promise<T>,
): Promise<T> {
  const given = headers[TRAIL_FIELD.toLowerCase()];
  const trail = typeof given === 'string' ? readTrail(given) : null;
  const submit = async (octets: MessageOctets, mail: Partial<Compose>): Promise<T> => {
    if (octetCount(octets) > maxMessageSize) {
      throw new ProblemError('too-large', `The message is larger than ${maxMessageSize} octets`);
    }
    const head = Buffer.isBuffer(octets) ? octets : await firstOctets(octets, HEAD);
    const envelope = envelopeFor(head, mail, query);
    if (envelope.to.length === 0)
      throw badRequest('No recipient: name one in `to`, or in the header fields To, Cc or Bcc');
    return work(octets, envelope);
  };
  if (body instanceof Readable) {
    const held = inFlight.hold(maxMessageSize, { inMemory });
    return withHeldMessage(held, body, maxMessageSize, (octets) => submit(octets, {}));
  }
  if (typeof body !== 'object' || body === null)
    throw badRequest('Send a message as message/rfc822, or JSON to compose one');
  const mail = body as Compose;
  return submit(await composeMessage(mail, trail), mail);
}
