/** Reads a message that is not stored yet for the queries of rules. */
import type { Envelope } from '../../message/envelope.ts';
import { parseStructure } from '../../message/parse.ts';
import { summarize, type MessageDigest } from '../../message/summary.ts';
import { readSearchable, type Searchable } from '../../store/list/searchable.ts';

export interface JudgeInput {
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
}

export interface JudgedContent {
  readonly digest: MessageDigest;
  readonly searchable: Searchable;
}

export const job = {
  name: 'judge',
  run({ raw, envelope }: JudgeInput): JudgedContent {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    const structure = parseStructure(bytes);
    return { digest: summarize(bytes, structure, envelope), searchable: readSearchable(bytes, structure) };
  },
};
