/** The store's values in the words of the contract. */
import type { MimePart } from '../message/structure.ts';
import { parseStructure } from '../message/parse.ts';
import { decodeWords } from '../message/header.ts';
import { readContent } from '../message/content.ts';
import type { Refusal as CaptureRefusal } from '../capture/refusals.ts';
import type { AccountInfo, ListedMessage, MessagePage as StorePage, StoredMessage } from '../store/store.ts';
import { instant } from './instant.ts';
import { presentRefusedRelay } from './present-delivery.ts';
import { presentHits } from './present-rule.ts';
import type { Account, Detail, MessagePage, Part, Refusal, Summary } from './contract.ts';

export function presentSummary({ summary, seen, flagged }: ListedMessage): Summary {
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
    attachments: summary.attachments,
    hasHtml: summary.hasHtml,
    preview: summary.preview,
  };
}

export function presentPage({ messages, total, unread, next, seq }: StorePage): MessagePage {
  return { messages: messages.map(presentSummary), total, unread, next, seq };
}

function presentPart(part: MimePart): Part {
  return {
    part: part.path,
    type: `${part.type}/${part.subtype}`,
    parameters: { ...part.parameters },
    encoding: part.encoding,
    disposition: part.disposition,
    filename: part.filename,
    contentId: part.contentId,
    offset: part.headerStart,
    bodyOffset: part.bodyStart,
    size: part.bodyEnd - part.bodyStart,
    parts: (part.message === null ? part.children : [part.message]).map(presentPart),
  };
}

/** Everything about a message: its record, and what its bytes say now. */
export async function presentDetail(
  listed: ListedMessage,
  stored: StoredMessage,
  raw: Buffer,
): Promise<Detail> {
  const structure = parseStructure(raw);
  const content = readContent(raw, structure);
  const summary = presentSummary(listed);
  const { from, to } = stored.fullEnvelope;
  return {
    ...summary,
    attachments: content.attachments.map((attachment) => ({ ...attachment })),
    envelope: {
      ...summary.envelope,
      parameters: { from: { ...from.parameters }, to: to.map(({ parameters }) => ({ ...parameters })) },
    },
    headers: structure.root.headers.map(({ name, value }) => ({
      name,
      value: decodeWords(value),
      raw: value,
    })),
    text: content.text,
    html: content.html,
    structure: presentPart(structure.root),
    origin: stored.origin,
    links: content.links.map(({ href, text, kind, source }) => ({ href, text, kind, source })),
    codes: content.codes.map(({ value, confidence, context }) => ({ value, confidence, context })),
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
