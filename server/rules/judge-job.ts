/**
 * A job of a worker thread: parses a message that is not stored yet, so that the queries of rules can examine
 * it.
 */
import type { Envelope } from '../message/envelope.ts';
import { parseStructure } from '../message/parse.ts';
import { summarize, type MessageDigest } from '../message/summary.ts';
import { bufferOf, type JobOctets } from '../thread/message-octets.ts';
import type { Searchable } from '../store/find/language/searched.ts';
import { readSearchable } from '../store/find/pages/searchable.ts';

export interface JudgeInput {
  readonly raw: JobOctets;
  readonly envelope: Envelope;
}

interface JudgedContent {
  readonly digest: MessageDigest;
  readonly searchable: Searchable;
}

export const job = {
  name: 'judge',
  async run({ raw, envelope }: JudgeInput): Promise<JudgedContent> {
    const bytes = await bufferOf(raw);
    const structure = parseStructure(bytes);
    return { digest: summarize(bytes, structure, envelope), searchable: readSearchable(bytes, structure) };
  },
};
