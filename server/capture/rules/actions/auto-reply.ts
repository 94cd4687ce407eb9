/** autoReply: answers the sender, as an out-of-office does (RFC 3834); the answer is captured in their account. */
import { headerText } from '../../../message/header.ts';
import { bodyStartOf } from '../../../message/body-start.ts';
import { parseStructure } from '../../../message/parse.ts';
import { action, type ActionContext, type Stored } from '../action.ts';
import { isObject } from '../fields.ts';
import { afterRecipients, onceStored } from './after-storing.ts';
import { handOver, isDestination, type Destination } from './hand-over.ts';

interface AutoReply {
  /** `null` quotes the subject of the message. */
  readonly subject: string | null;
  readonly text: string;
  /** Whose answer it is; `null` for the first recipient. */
  readonly from: string | null;
  readonly to: Destination;
}

const EXPECTED = 'must be a text, or { "text": "…", "subject": "…", "from": "…", "to": "https://…" }';

/** What must not be answered (RFC 3834 §2): other machines, lists, and whoever has no address. */
function isUnanswerable(sender: string, structure: ReturnType<typeof parseStructure>): boolean {
  const header = (name: string): string => (headerText(structure.root, name) ?? '').trim().toLowerCase();
  const auto = header('Auto-Submitted');
  return (
    sender === '' ||
    /^(?:mailer-daemon|owner-.*|.*-request)@/i.test(sender) ||
    (auto !== '' && !auto.startsWith('no')) ||
    /^(?:bulk|list|junk)$/.test(header('Precedence')) ||
    header('List-Id') !== ''
  );
}

async function answer(
  reply: AutoReply,
  { facts, world }: ActionContext,
  { envelope, raw }: Stored,
): Promise<void> {
  const sender = envelope.from.address;
  const structure = parseStructure(raw.subarray(0, bodyStartOf(raw)));
  const from = reply.from ?? facts.rcpt[0];
  if (from === undefined || isUnanswerable(sender, structure)) return;
  const subject = headerText(structure.root, 'Subject');
  const messageId = headerText(structure.root, 'Message-ID')?.trim();
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
  await handOver(reply.to, { raw: built, envelope: own, tags: ['auto-reply'] }, world);
}

export const autoReply = action<AutoReply>({
  name: 'autoReply',
  stages: afterRecipients,
  parse(value) {
    const {
      text,
      subject = null,
      from = null,
      to = null,
      ...others
    } = isObject(value) ? value : { text: value };
    const isText = (field: unknown): field is string => typeof field === 'string' && field !== '';
    const good =
      isText(text) &&
      (subject === null || isText(subject)) &&
      (from === null || isText(from)) &&
      Object.keys(others).length === 0;
    return good && isDestination(to) ? { parameter: { text, subject, from, to } } : EXPECTED;
  },
  describe: ({ text }) => `answers “${text.slice(0, 40)}”`,
  async run(parameter, context) {
    onceStored(context, 'automatic reply', (stored) => answer(parameter, context, stored));
    return undefined;
  },
});
