/** Connects the search index with the state and the messages of a store. */
import { copyOf, JobError } from '../../../thread/job.ts';
import type { ThreadPool } from '../../../thread/pool.ts';
import type { MessageId } from '../../ids.ts';
import { documentOf, type IndexedDocument } from '../index/document.ts';
import { MessageIndex } from '../index/message-index.ts';
import type { SegmentHome } from '../index/segment-home.ts';
import type { Searchable } from '../language/searched.ts';
import type { MessageRecord } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import type { MessageReader } from './candidate.ts';
import type { Answer } from './scan.ts';
import { job, NOTHING_TO_SEARCH, readSearchable } from './searchable.ts';

/**
 * Size in octets from which a message is read in a worker thread in order to index it. Smaller messages are
 * read in the main thread, because they do not block it for long.
 */
const THREADED = 1 << 20;

/** The functions of the search index that the engine uses. */
export interface StoreSearch {
  readonly answer: Answer;
  /** Stops the background indexing and saves the search index. */
  close(): Promise<void>;
}

export interface StoreSearchParts {
  readonly state: State;
  readonly reader: MessageReader & { raw(id: MessageId): Promise<Buffer | undefined> };
  readonly home: SegmentHome;
  /** The worker threads that read large messages; without them, the main thread reads all messages. */
  readonly threads?: ThreadPool | undefined;
  readonly report: (line: string) => void;
}

/** Opens the search index of a store. Must be called after the state of the store was read completely. */
export function openStoreSearch({ state, reader, home, threads, report }: StoreSearchParts): StoreSearch {
  async function read(record: MessageRecord): Promise<IndexedDocument | undefined> {
    const raw = await reader.raw(record.id);
    if (raw === undefined) return undefined;
    const searchable = await contentOf(raw, threads);
    if (searchable === undefined || state.messages.get(record.id) !== record) return undefined;
    return documentOf(reader.summary(record), searchable);
  }
  const index = new MessageIndex<MessageRecord>({
    changes: state.ring,
    messages: () => state.messages.values(),
    message: (id) => state.messages.get(id),
    read,
    home,
    report,
  });
  return { answer: (query) => index.answer(query), close: () => index.close() };
}

/** Returns the searchable content of a message; `undefined` if all worker threads are busy. */
async function contentOf(raw: Buffer, threads: ThreadPool | undefined): Promise<Searchable | undefined> {
  if (raw.length < THREADED || threads === undefined) return readSearchable(raw);
  try {
    return await threads.run(job, () => copyOf(raw));
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    // A message that takes too long to read is indexed with empty content. The matcher treats such a message
    // in the same way.
    return error.failure === 'busy' ? undefined : NOTHING_TO_SEARCH;
  }
}
