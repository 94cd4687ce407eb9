/**
 * The action `bounce`: accepts the message and then reports that the message could not be delivered, in the
 * way that the SMTP parameters NOTIFY, RET, ENVID and ORCPT request (RFC 3461). The report is captured into
 * the sender's account, or sent to a URL or to an SMTP server of the local network.
 */
import { randomBytes } from 'node:crypto';
import type { Envelope } from '../../message/envelope.ts';
import { headerValues, parseHeaders } from '../../message/header.ts';
import { LoopError } from '../../relay/loop-guard.ts';
import { asksNotice, composeDsn, type DsnAction, type DsnRecipient } from '../../../contract/text/dsn.ts';
import { effectAction, type EffectContext, type ParsedParameter } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';
import { destinationOf, handOver, laneOf, type Destination } from './hand-over.ts';

interface Bounce {
  readonly action: Extract<DsnAction, 'failed' | 'delayed' | 'delivered'>;
  readonly status: string;
  readonly diagnostic: string;
  readonly to: Destination;
}

const outcomes: Readonly<Record<Bounce['action'], readonly [status: string, diagnostic: string]>> = {
  failed: ['5.1.1', '550 5.1.1 No such user here'],
  delayed: ['4.4.1', '451 4.4.1 No answer from host'],
  delivered: ['2.0.0', '250 2.0.0 Delivered'],
};

const kinds = ['failed', 'delayed', 'delivered'] as const satisfies readonly Bounce['action'][];

/** Returns an enhanced status code (RFC 3463) unchanged; `null` for any other value. */
const statusCode = (value: unknown): string | null =>
  typeof value === 'string' && /^[245]\.\d{1,3}\.\d{1,3}$/.test(value) ? value : null;

function parse(value: unknown): ParsedParameter<Bounce> {
  if (value !== true && !isObject(value))
    return 'must be true, or { "action": "failed", "status": "5.1.1", "diagnostic": "550 …", "to": "https://…" }';
  return readParameter(value === true ? {} : value, 'bounce', (fields) => {
    const kind = fields.choice('action', kinds) ?? 'failed';
    const [usualStatus, usualDiagnostic] = outcomes[kind];
    const status = fields.read('status', statusCode, 'must be an enhanced status code, such as "5.1.1"');
    return {
      action: kind,
      status: status ?? usualStatus,
      diagnostic: fields.text('diagnostic') ?? status ?? usualDiagnostic,
      to: destinationOf(fields),
    };
  });
}

function recipientsOf(
  { action: kind, status, diagnostic }: Bounce,
  envelope: Envelope,
  about: readonly string[],
) {
  return envelope.to
    .filter(({ address, parameters }) => about.includes(address) && asksNotice(parameters['NOTIFY'], kind))
    .map(({ address, parameters }): DsnRecipient => {
      const original = parameters['ORCPT'];
      return {
        address,
        action: kind,
        status,
        diagnostic,
        originalRecipient: typeof original === 'string' ? original : null,
      };
    });
}

/** Returns whether a message is itself a delivery report (RFC 6522), regardless of its From field. */
const isReport = (raw: Buffer): boolean =>
  /^\s*multipart\/report\b/i.test(headerValues({ headers: parseHeaders(raw) }, 'Content-Type')[0] ?? '');

async function report(bounce: Bounce, context: EffectContext): Promise<void> {
  const { world, rcpt, stored } = context;
  const { envelope, raw } = stored;
  const { address: sender, parameters } = envelope.from;
  const recipients = recipientsOf(bounce, envelope, rcpt);
  // No report is sent for a message without a sender (RFC 5321 §4.5.5). A report is not answered with a report,
  // because two servers would answer each other without end.
  if (sender === '' || recipients.length === 0) return;
  if (isReport(raw)) throw new LoopError('A loop was stopped: the message is itself a delivery report');
  const envelopeId = parameters['ENVID'];
  const now = world.clock();
  const notice = composeDsn({
    reportingMta: world.hostname,
    to: sender,
    recipients,
    original: raw,
    ret: String(parameters['RET']).toUpperCase() === 'HDRS' ? 'HDRS' : 'FULL',
    envelopeId: typeof envelopeId === 'string' ? envelopeId : null,
    arrival: now,
    date: now,
    token: randomBytes(12).toString('hex'),
  });
  const nobody = { address: '', parameters: {} };
  const own = { from: nobody, to: [{ address: sender, parameters: {} }] };
  await handOver(bounce.to, { raw: Buffer.from(notice.buffer), envelope: own, tags: ['bounce'] }, context);
}

export const bounce = effectAction<Bounce>({
  name: 'bounce',
  parse,
  describe: ({ action: kind, status }) => `reports ${kind} ${status}`,
  lane: ({ to }) => laneOf(to),
  perform: report,
});
