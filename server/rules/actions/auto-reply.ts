/**
 * The action `autoReply`: replies to the sender like an out-of-office notice (RFC 3834). The reply is
 * captured into the sender's account.
 */
import { headerText, parseHeaders } from '../../message/header.ts';
import type { HeaderField } from '../../message/structure.ts';
import { effectAction, type EffectContext } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';
import { destinationOf, handOver, laneOf, type Destination } from './hand-over.ts';

interface AutoReply {
  /** The subject of the automatic reply; `null` to use the subject of the message. */
  readonly subject: string | null;
  readonly text: string;
  /** The sender of the automatic reply; `null` for the first recipient of the message. */
  readonly from: string | null;
  readonly to: Destination;
}

/**
 * Returns whether a message must not be answered automatically (RFC 3834 §2): automatic mail, mail from
 * mailing lists, and mail without a sender.
 */
function isUnanswerable(sender: string, headers: readonly HeaderField[]): boolean {
  const header = (name: string): string => (headerText({ headers }, name) ?? '').trim().toLowerCase();
  const auto = header('Auto-Submitted');
  return (
    sender === '' ||
    /^(?:mailer-daemon|owner-.*|.*-request)@/i.test(sender) ||
    (auto !== '' && !auto.startsWith('no')) ||
    /^(?:bulk|list|junk)$/.test(header('Precedence')) ||
    header('List-Id') !== ''
  );
}

async function answer(reply: AutoReply, context: EffectContext): Promise<void> {
  const { world, rcpt, stored } = context;
  const { envelope, raw } = stored;
  const sender = envelope.from.address;
  const headers = parseHeaders(raw);
  const from = reply.from ?? rcpt[0];
  if (from === undefined || isUnanswerable(sender, headers)) return;
  const subject = headerText({ headers }, 'Subject');
  const messageId = headerText({ headers }, 'Message-ID')?.trim();
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from,
    to: sender,
    subject: reply.subject ?? `Auto: ${subject ?? ''}`.trim(),
    text: reply.text,
    date: new Date(world.clock()),
    headers: { 'Auto-Submitted': 'auto-replied' },
    ...(messageId === undefined ? {} : { inReplyTo: messageId, references: [messageId] }),
    newline: 'windows',
  });
  const nobody = { address: '', parameters: {} };
  const own = { from: nobody, to: [{ address: sender, parameters: {} }] };
  const built = await composer.compile().build();
  await handOver(reply.to, { raw: built, envelope: own, tags: ['auto-reply'] }, context);
}

export const autoReply = effectAction<AutoReply>({
  name: 'autoReply',
  parse(value) {
    if (typeof value !== 'string' && !isObject(value))
      return 'must be a text, or { "text": "…", "subject": "…", "from": "…", "to": "https://…" }';
    return readParameter(isObject(value) ? value : { text: value }, 'autoReply', (fields) => {
      const text = fields.text('text');
      if (!fields.has('text')) fields.problem('text', 'is missing: set it to the text of the reply');
      return {
        text: text ?? '',
        subject: fields.text('subject') ?? null,
        from: fields.text('from') ?? null,
        to: destinationOf(fields),
      };
    });
  },
  describe: ({ text }) => `answers “${text.slice(0, 40)}”`,
  lane: ({ to }) => laneOf(to),
  perform: answer,
});
