/**
 * Reads a new message and returns its summary (the fields of a message list) and its detail (all other stored
 * fields). Faults in the MIME structure of the message are stored in the detail as defects.
 */
import { crc32 } from 'node:zlib';
import { parseStructure } from '../../../message/parse.ts';
import type { Defect, MessageStructure } from '../../../message/structure.ts';
import { summarize } from '../../../message/summary.ts';
import type { MessageId } from '../../ids.ts';
import { detailText, type DetailText } from '../../model/entry.ts';
import type { MessageSummary, NewMessageFacts } from '../../store.ts';

/**
 * The data that is delivered with a new message (such as envelope and tags), without its bytes, its target
 * mailboxes and its records.
 */
export type NewEnvelope = Omit<NewMessageFacts, 'targets' | 'records'>;

export interface ReadMessage {
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the message's bytes as a signed number, which takes less memory than an unsigned number. */
  readonly sum: number;
  readonly structure: MessageStructure;
}

/**
 * Reads a message.
 * @param defects defects that are stored in place of those that the parser finds; given if `raw` is only a
 * part of the message
 */
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

/**
 * Returns a copy of the summary in which all strings are new. The original strings are substrings, which keep
 * the text of the whole message in memory.
 */
export const owned = (summary: ReadMessage['summary']): ReadMessage['summary'] =>
  JSON.parse(JSON.stringify(summary)) as ReadMessage['summary'];
