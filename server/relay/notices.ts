/**
 * Composes the notices that report failed and delayed deliveries to the sender (RFC 3461, RFC 3464). The
 * sandbox captures these notices.
 */
import { isSameAddress } from '../message/canonical-address.ts';
import { asksNotice, composeDsn, type DsnAction, type DsnRecipient } from '../../contract/text/dsn.ts';
import type { Envelope, EnvelopePath } from '../message/envelope.ts';
import type { StoredMessage } from '../store/store.ts';
import type { Delivery } from './delivery.ts';
import type { Notice } from './options.ts';

interface NoticeWorld {
  readonly hostname: string;
  readonly now: number;
  /** Random letters and digits, which make the notice's Message-ID and MIME boundary unique. */
  readonly token: string;
}

/**
 * Composes a notice. Returns `null` if no notice may be sent: because the message has no sender (RFC 5321
 * §4.5.5), or because the recipient's NOTIFY parameter excludes this notice.
 */
export function composeNotice(
  action: Extract<DsnAction, 'failed' | 'delayed'>,
  deliveries: readonly Delivery[],
  message: StoredMessage,
  raw: Buffer,
  { hostname, now, token }: NoticeWorld,
): Notice | null {
  const { from, to } = message.fullEnvelope;
  const recipients = deliveries.flatMap((delivery) => describe(action, delivery, to));
  if (from.address === '' || recipients.length === 0) return null;
  const dsn = composeDsn({
    reportingMta: hostname,
    to: from.address,
    recipients,
    original: raw,
    ret: text(from.parameters['RET'])?.toUpperCase() === 'FULL' ? 'FULL' : 'HDRS',
    envelopeId: text(from.parameters['ENVID']),
    arrival: message.receivedAt,
    date: now,
    token,
  });
  const nobody: EnvelopePath = { address: '', parameters: {} };
  const envelope: Envelope = { from: nobody, to: [{ address: from.address, parameters: {} }] };
  return { raw: Buffer.from(dsn.buffer), envelope, tags: [action === 'failed' ? 'bounce' : 'delayed'] };
}

function describe(
  action: DsnAction,
  { to, status, reason, host }: Delivery,
  captured: readonly EnvelopePath[],
): DsnRecipient[] {
  const asked = captured.find(({ address }) => isSameAddress(address, to))?.parameters ?? {};
  if (!asksNotice(asked['NOTIFY'], action)) return [];
  const recipient: DsnRecipient = {
    address: to,
    action,
    status: status ?? (action === 'failed' ? '5.0.0' : '4.0.0'),
    diagnostic: reason,
    remoteMta: host,
    originalRecipient: text(asked['ORCPT']),
  };
  return [recipient];
}

const text = (value: string | true | undefined): string | null => (typeof value === 'string' ? value : null);
