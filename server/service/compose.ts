/**
 * Composes mail from a JSON description, and determines the envelope of mail that is submitted through the
 * API.
 */
import { parseMailboxes } from '../message/address.ts';
import { TRAIL_FIELD, trailText, type Trail } from '../relay/loop-guard.ts';
import type { Envelope, EnvelopePath } from '../message/envelope.ts';
import { headerValues } from '../message/header.ts';
import { bodyStartOf } from '../message/body-start.ts';
import { parseStructure } from '../message/parse.ts';
import type { Compose, SubmitQuery } from '../../contract/index.ts';
import { badRequest } from '../../contract/problems.ts';

type AddressInput = Compose['from'];

const written = (input: AddressInput): string | { name: string; address: string } => input;
type AddressesInput = Compose['to'];

const listed = (input: AddressesInput) =>
  input === undefined || input === null ? [] : (Array.isArray(input) ? input : [input]).map(written);

/** Returns the bytes of a composed message. If the description names files or URLs, they are not read. */
export async function composeMessage(mail: Compose, trail: Trail | null = null): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: written(mail.from),
    to: listed(mail.to),
    cc: listed(mail.cc),
    bcc: listed(mail.bcc),
    replyTo: listed(mail.replyTo),
    subject: mail.subject ?? '',
    headers: { ...(trail === null ? {} : { [TRAIL_FIELD]: trailText(trail) }), ...mail.headers },
    references: mail.references ?? [],
    ...(mail.text === undefined && mail.html !== undefined ? {} : { text: mail.text ?? '' }),
    ...(mail.html === undefined ? {} : { html: mail.html }),
    ...(mail.inReplyTo === undefined ? {} : { inReplyTo: mail.inReplyTo }),
    attachments: (mail.attachments ?? []).map(({ filename, content, type, contentId }) => ({
      filename,
      content: Buffer.from(content, 'base64'),
      ...(type === undefined ? {} : { contentType: type }),
      ...(contentId === undefined ? {} : { cid: contentId }),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  return composer.compile().build();
}

// eslint-disable-next-line no-control-regex -- the expression matches control characters
const CONTROLS = /[\x00-\x1f\x7f]/;

/**
 * Returns an address as a path of the SMTP envelope. Throws for a control character, which SMTP cannot
 * transfer in a path and which would break the line in a log or a header field.
 */
function path(address: string): EnvelopePath {
  if (CONTROLS.test(address)) {
    throw badRequest(`The address ${JSON.stringify(address)} contains a control character`);
  }
  return { address, parameters: {} };
}

function addressesOf(input: AddressesInput): string[] {
  return listed(input).flatMap((item) =>
    typeof item === 'string' ? parseMailboxes(item).map(({ address }) => address) : [item.address],
  );
}

/**
 * Returns the envelope of a submitted message: the envelope that the call specifies, or else the envelope of
 * the composed mail, or else the addresses in the header fields.
 *
 * @throws ProblemError for an address that is not permitted in an envelope
 */
export function envelopeFor(raw: Buffer, mail: Partial<Compose>, asked: SubmitQuery): Envelope {
  // Only the header is parsed: a body may be large, and it does not contain the recipients.
  const { root } = parseStructure(raw.subarray(0, bodyStartOf(raw)));
  const named = (...fields: string[]): string[] =>
    fields.flatMap((field) =>
      headerValues(root, field)
        .flatMap(parseMailboxes)
        .map(({ address }) => address),
    );
  const from =
    asked.from ?? mail.envelope?.from ?? addressesOf(mail.from)[0] ?? named('sender', 'from')[0] ?? '';
  const composed = [mail.to, mail.cc, mail.bcc].flatMap(addressesOf);
  const to =
    asked.to?.split(',').map((address) => address.trim()) ??
    mail.envelope?.to ??
    (composed.length > 0 ? composed : named('to', 'cc', 'bcc'));
  return { from: path(from), to: [...new Set(to)].filter((address) => address !== '').map(path) };
}
