/** Reads a new message: its summary and what is kept beside it. Whatever is wrong with it becomes a defect. */
import { crc32 } from 'node:zlib';
import { parseStructure } from '../../message/parse.ts';
import { filenames, searchText } from '../../message/search-text.ts';
import type { Defect, MessageStructure } from '../../message/structure.ts';
import { summarize } from '../../message/summary.ts';
import type { MessageId, Seq } from '../ids.ts';
import { searchedFields } from '../list/searchable.ts';
import type { Candidate } from '../query/candidate.ts';
import { fold } from '../query/fold.ts';
import { detailText, type DetailText } from '../state/entry.ts';
import type { MessageSummary, NewMessageFacts } from '../store.ts';

/** A new message without its bytes, its targets and its records. */
export type NewEnvelope = Omit<NewMessageFacts, 'targets' | 'records'>;

export interface ReadMessage {
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the bytes, as a signed number: it takes less room in memory. */
  readonly sum: number;
  readonly structure: MessageStructure;
}

/** @param defects in place of the defects of the structure, where `raw` is not the whole message */
export function readMessage(
  message: NewEnvelope,
  raw: Buffer,
  id: MessageId,
  now: number,
  defects?: readonly Defect[],
): ReadMessage {
  const structure = parseStructure(raw);
  const { envelope, origin } = message;
  const summary = {
    id,
    receivedAt: message.receivedAt ?? now,
    size: raw.length,
    ...summarize(raw, structure, envelope),
    envelope: { from: envelope.from.address, to: envelope.to.map(({ address }) => address) },
    user: origin.user,
    tags: [...new Set(message.tags ?? [])].sort(),
  };
  const detail = detailText({
    parameters: { from: envelope.from.parameters, to: envelope.to.map(({ parameters }) => parameters) },
    origin,
    transcript: message.transcript ?? [],
    defects: defects ?? structure.defects,
    findings: message.findings ?? [],
    notes: message.notes ?? {},
  });
  return { summary, detail, structure, sum: crc32(raw) | 0 };
}

/** The same with strings of its own: those that were cut from the message would keep all of it in memory. */
export const owned = (summary: ReadMessage['summary']): ReadMessage['summary'] =>
  JSON.parse(JSON.stringify(summary)) as ReadMessage['summary'];

/** A message that was just read, as the search index sees it. */
export const candidateOf = ({ summary, structure }: ReadMessage, raw: Buffer): Candidate => ({
  summary: { ...summary, seq: 0 as Seq },
  seen: false,
  flagged: false,
  headers: () => searchedFields(structure),
  foldedText: () => fold(searchText(raw, structure)),
  filenames: () => filenames(structure),
});
