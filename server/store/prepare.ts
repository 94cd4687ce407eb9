/** Reads a new message: its summary and what is kept beside it. Whatever is wrong with it becomes a defect. */
import { parseStructure } from '../message/parse.ts';
import { summarize } from '../message/summary.ts';
import type { MessageId } from './ids.ts';
import type { MessageDetail } from './state/entry.ts';
import type { NewMessage, MessageSummary } from './store.ts';

export interface ReadMessage {
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: MessageDetail;
}

export function readMessage(message: NewMessage, id: MessageId, now: number): ReadMessage {
  const structure = parseStructure(message.raw);
  const { envelope, origin } = message;
  const digest = summarize(message.raw, structure, envelope);
  const summary = {
    id,
    receivedAt: message.receivedAt ?? now,
    size: message.raw.length,
    ...digest,
    envelope: { from: envelope.from.address, to: envelope.to.map(({ address }) => address) },
    user: origin.user,
    tags: [...new Set(message.tags ?? [])].sort(),
  };
  const detail: MessageDetail = {
    parameters: { from: envelope.from.parameters, to: envelope.to.map(({ parameters }) => parameters) },
    origin,
    transcript: message.transcript ?? [],
    defects: structure.defects,
    findings: message.findings ?? [],
    notes: message.notes ?? {},
  };
  // Through JSON, so that memory holds what a restart would read, and no substring keeps a whole message alive. The
  // detail goes to the journal and is not kept here.
  return { summary: JSON.parse(JSON.stringify(summary)) as ReadMessage['summary'], detail };
}
