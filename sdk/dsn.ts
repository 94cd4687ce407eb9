/** A delivery status notification (RFC 3464), which a mail server returns when it cannot deliver a message. */
import type { OriginalMessage } from './outbound-types.ts';

export interface BounceOptions {
  /** Enhanced status code (RFC 3463); by default 5.1.1, no such mailbox. */
  readonly status?: string;
  /** The SMTP reply of the remote server. */
  readonly diagnostic?: string;
  readonly action?: 'failed' | 'delayed';
  /** The recipient that could not be reached; by default the recipients that belong to the inbox. */
  readonly recipient?: string;
  /** The name of the reporting server; by default `restante.test`. */
  readonly reportingMta?: string;
  /** Whether the report contains the whole message, not its header alone. */
  readonly full?: boolean;
}

const crlf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
// eslint-disable-next-line no-control-regex -- the controls of ASCII are ASCII
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);
/** The text without line breaks and other control characters, which a decoded text can contain. */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/**
 * The bytes of the report. The returned message in it is unchanged, whatever its charset.
 *
 * @param raw bytes of the returned message
 */
export function deliveryReport(
  message: OriginalMessage,
  raw: Uint8Array,
  recipients: readonly string[],
  options: BounceOptions,
): Uint8Array<ArrayBuffer> {
  const { action = 'failed', reportingMta = 'restante.test', full = false } = options;
  const status = options.status ?? (action === 'failed' ? '5.1.1' : '4.4.1');
  const code = status.startsWith('4') ? '450' : '550';
  const diagnostic = oneLine(
    options.diagnostic ?? `${code} ${status} ${action === 'failed' ? 'User unknown' : 'Try later'}`,
  );
  const boundary = `=_restante_${message.id}`;
  const { to, parameters } = message.envelope;
  const envid = parameters.from['ENVID'];
  const international = !recipients.every(isAscii);
  const says =
    action === 'failed'
      ? 'Your message could not be delivered, and no further attempt will be made.'
      : 'Your message could not be delivered yet. Further attempts will be made; you need not do anything.';
  const head = crlf([
    `From: Mail Delivery System <MAILER-DAEMON@${reportingMta}>`,
    `To: <${message.envelope.from}>`,
    `Subject: ${action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)'}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${message.id}.dsn@${reportingMta}>`,
    ...(message.messageId === null ? [] : [`In-Reply-To: <${message.messageId}>`]),
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    'Content-Transfer-Encoding: 8bit',
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    says,
    '',
    ...recipients.map((recipient) => `<${recipient}>: ${diagnostic}`),
    '',
    `--${boundary}`,
    // RFC 6533 §3
    `Content-Type: message/${international ? 'global-' : ''}delivery-status`,
    ...(international ? ['Content-Transfer-Encoding: 8bit'] : []),
    '',
    ...(typeof envid === 'string' ? [`Original-Envelope-Id: ${oneLine(decodeXtext(envid))}`] : []),
    `Reporting-MTA: dns; ${reportingMta}`,
    ...recipients.flatMap((recipient) => {
      const named = to.findIndex((each) => each.toLowerCase() === recipient.toLowerCase());
      return [
        '',
        ...originalRecipient(parameters.to[named]?.['ORCPT']),
        `Final-Recipient: ${isAscii(recipient) ? 'rfc822' : 'utf-8'}; ${recipient}`,
        `Action: ${action}`,
        `Status: ${status}`,
        `Diagnostic-Code: smtp; ${diagnostic}`,
      ];
    }),
    '',
    `--${boundary}`,
    `Content-Type: ${full ? 'message/rfc822' : 'text/rfc822-headers'}`,
    'Content-Transfer-Encoding: 8bit',
    '',
  ]);
  const text = new TextEncoder();
  return joined(
    text.encode(head),
    full ? raw : raw.subarray(0, headerEnd(raw)),
    text.encode(crlf(['', `--${boundary}--`])),
  );
}

/** The field of a recipient's ORCPT, `type;xtext` (RFC 3461 §4.2), which the report has decoded. */
function originalRecipient(orcpt: string | true | undefined): string[] {
  if (typeof orcpt !== 'string') return [];
  const semicolon = orcpt.indexOf(';');
  const [type, address] = [orcpt.slice(0, semicolon), orcpt.slice(semicolon + 1)];
  return [`Original-Recipient: ${type}; ${oneLine(decodeXtext(address))}`];
}

/** xtext (RFC 3461 §4): an octet as `+` and two hexadecimal digits. */
function decodeXtext(xtext: string): string {
  const octets = String.fromCharCode(...new TextEncoder().encode(xtext)).replaceAll(
    /\+([0-9A-F]{2})/g,
    (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new TextDecoder().decode(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)));
}

/** The offset of the header's end, after the line break of its last field. */
function headerEnd(raw: Uint8Array): number {
  const LF = 10;
  const CR = 13;
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, at + 1)) {
    if (raw[at + 1] === LF || (raw[at + 1] === CR && raw[at + 2] === LF)) return at + 1;
  }
  return raw.length;
}

function joined(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
