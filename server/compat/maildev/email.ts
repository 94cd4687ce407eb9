/** Converts messages to MailDev's email objects and summaries. */
import { TextDecoder } from 'node:util';
import type { EnvelopePath } from '../../message/envelope.ts';
import type { MailAddress } from '../../message/address.ts';
import type { ListedMessage, MessageSummary } from '../../store/store.ts';
import type { CompatDeps } from '../call.ts';
import { contentOr } from '../find.ts';
import { sizeText } from '../size-text.ts';
import { contentJob, type MaildevContent } from './content.ts';

interface MaildevAddress {
  readonly address: string;
  readonly name: string;
}

/** The members of an email object that are in the stored summary of the message. */
export interface MaildevCommon {
  readonly id: string;
  readonly time: string;
  readonly read: boolean;
  readonly subject: string;
  readonly size: number;
  readonly sizeHuman: string;
  readonly from: readonly MaildevAddress[];
  readonly to: readonly MaildevAddress[];
  readonly cc?: readonly MaildevAddress[];
}

export interface MaildevSummary extends MaildevCommon {
  readonly attachmentCount: number;
  readonly preview: string;
}

interface EnvelopeAddress {
  readonly address: string;
  readonly args?: Readonly<Record<string, string | true>>;
}

export interface MaildevEmail extends MaildevCommon, MaildevContent {
  readonly source: string;
  readonly envelope: { readonly from: EnvelopeAddress; readonly to: readonly EnvelopeAddress[] };
  readonly calculatedBcc: readonly MaildevAddress[];
}

const addressOf = ({ name, address }: MailAddress): MaildevAddress => ({ address, name });

export const fileNameOf = ({ id }: MessageSummary): string => `${id}.eml`;

export function commonOf({ summary, seen }: ListedMessage): MaildevCommon {
  return {
    id: summary.id,
    time: new Date(summary.date ?? summary.receivedAt).toISOString(),
    read: seen,
    subject: summary.subject,
    size: summary.size,
    sizeHuman: sizeText(summary.size),
    from: summary.from.map(addressOf),
    to: summary.to.map(addressOf),
    ...(summary.cc.length === 0 ? {} : { cc: summary.cc.map(addressOf) }),
  };
}

/** The number of characters of the preview in a summary. */
const PREVIEW = 140;

export const summaryOf = (listed: ListedMessage): MaildevSummary => ({
  ...commonOf(listed),
  attachmentCount: listed.summary.attachments,
  preview: listed.summary.preview.slice(0, PREVIEW),
});

const envelopeAddress = ({ address, parameters }: EnvelopePath): EnvelopeAddress =>
  Object.keys(parameters).length === 0 ? { address } : { address, args: parameters };

/** Returns the recipients of the envelope that neither To nor Cc names. */
function hiddenRecipients({ to, cc, envelope }: MessageSummary): readonly MaildevAddress[] {
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
  return envelope.to
    .filter((address) => !named.has(address.toLowerCase()))
    .map((address) => ({ address, name: '' }));
}

/** Reads the content of a message. Throws a `ProblemError` for a message that cannot be read. */
export async function readMaildevContent(
  { reading }: Pick<CompatDeps, 'reading'>,
  summary: MessageSummary,
): Promise<MaildevContent> {
  return JSON.parse(new TextDecoder().decode(await reading.read(contentJob, summary, {}))) as MaildevContent;
}

/** The content that a list reports for an email that cannot be read. */
export const UNREADABLE: MaildevContent = { headers: {}, attachments: [] };

/**
 * Reads a message. Returns `undefined` if the message was removed.
 *
 * @param otherwise the content that is returned for a message that cannot be read; if absent, the error is thrown
 */
export async function readEmail(
  deps: Pick<CompatDeps, 'store' | 'reading' | 'logger'>,
  listed: ListedMessage,
  otherwise?: MaildevContent,
): Promise<MaildevEmail | undefined> {
  const { summary } = listed;
  const stored = await deps.store.messages.get(summary.id);
  if (stored === undefined) return undefined;
  return {
    ...commonOf(listed),
    source: fileNameOf(summary),
    envelope: {
      from: envelopeAddress(stored.fullEnvelope.from),
      to: stored.fullEnvelope.to.map(envelopeAddress),
    },
    calculatedBcc: hiddenRecipients(summary),
    ...(await contentOr(deps, readMaildevContent(deps, summary), otherwise)),
  };
}
