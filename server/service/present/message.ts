/** Converts messages, accounts and refused sessions to the types of the API contract. */
import type { Refusal as CaptureRefusal } from '../../capture/refusals.ts';
import type {
  AccountInfo,
  ListedMessage,
  MessagePage as StorePage,
  StoredMessage,
} from '../../store/store.ts';
import { instant } from './instant.ts';
import { presentRefusedRelay } from './delivery.ts';
import { presentHits } from './rule.ts';
import type { Account, Detail, MessagePage, Refusal, Summary } from '../../../contract/index.ts';
import type { ContentDetail } from '../reading/jobs.ts';

export function presentSummary(listed: ListedMessage): Summary {
  return { ...presentCommon(listed), attachments: listed.summary.attachments };
}

/**
 * Returns the members that a message's summary and detail have in common. `attachments` is not one of them: a
 * summary contains the number of attachments, a detail lists them.
 */
function presentCommon({ summary, seen, flagged }: ListedMessage): Omit<Summary, 'attachments'> {
  return {
    id: summary.id,
    seq: summary.seq,
    receivedAt: instant(summary.receivedAt),
    size: summary.size,
    from: [...summary.from],
    to: [...summary.to],
    cc: [...summary.cc],
    bcc: [...summary.bcc],
    replyTo: [...summary.replyTo],
    subject: summary.subject,
    date: summary.date === null ? null : instant(summary.date),
    messageId: summary.messageId,
    envelope: { from: summary.envelope.from, to: [...summary.envelope.to] },
    user: summary.user,
    seen,
    flagged,
    tags: [...summary.tags],
    hasHtml: summary.hasHtml,
    preview: summary.preview,
  };
}

export function presentPage({ messages, ...page }: StorePage): MessagePage {
  return { messages: messages.map(presentSummary), ...page };
}

/** The members of a message's detail that come from its stored record, not from its bytes. */
export type RecordDetail = Omit<Detail, keyof ContentDetail>;

export function presentRecord(listed: ListedMessage, stored: StoredMessage): RecordDetail {
  const summary = presentCommon(listed);
  const { from, to } = stored.fullEnvelope;
  return {
    ...summary,
    envelope: {
      ...summary.envelope,
      parameters: { from: { ...from.parameters }, to: to.map(({ parameters }) => ({ ...parameters })) },
    },
    origin: { ...stored.origin, provider: stored.origin.provider ?? null },
    defects: stored.defects.map((defect) => ({ ...defect })),
    findings: stored.findings.map((finding) => ({
      ...finding,
      where: finding.where === null ? null : { ...finding.where },
    })),
    rules: presentHits(stored.notes),
    refusedRelay: presentRefusedRelay(stored.notes),
  };
}

export function presentAccount({ createdAt, ...account }: AccountInfo): Account {
  return { ...account, createdAt: instant(createdAt) };
}

export const presentRefusal = ({ at, to, ...rest }: CaptureRefusal): Refusal => ({
  at: instant(at),
  to: [...to],
  ...rest,
});
