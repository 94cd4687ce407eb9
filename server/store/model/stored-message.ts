/** Builds a whole message from its summary, its detail and the notes that were added to it later. */
import type { MessageSummary, StoredMessage } from '../store.ts';
import type { MessageDetail } from './entry.ts';

/** Returns a message with its envelope, which the store keeps in two parts: addresses, and ESMTP parameters. */
export function storedMessage(
  summary: MessageSummary,
  { parameters, ...detail }: MessageDetail,
): StoredMessage {
  const to = summary.envelope.to.map((address, i) => ({ address, parameters: parameters.to[i] ?? {} }));
  const from = { address: summary.envelope.from, parameters: parameters.from };
  return { ...summary, fullEnvelope: { from, to }, ...detail };
}

/** Returns notes with later changes applied in their order; a change without a value deletes its note. */
export function withNotes(
  notes: MessageDetail['notes'],
  late: readonly { readonly key: string; readonly value?: unknown }[],
): MessageDetail['notes'] {
  const merged = new Map(Object.entries(notes));
  for (const { key, value } of late) {
    merged.delete(key);
    if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}
