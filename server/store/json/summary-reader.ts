/**
 * Summaries of messages, read back from the log: memory holds what changes messages and what finds them, the page
 * cache holds the rest. A page of a list costs some fifty reads of a kilobyte.
 */
import type { MessageId } from '../ids.ts';
import type { AddEntry } from '../state/entry.ts';
import type { MessageRecord } from '../state/mail.ts';
import { fullSummary, type StoredSummary } from '../state/stored-summary.ts';
import type { MessageSummary } from '../store.ts';
import { headLength, summaryOf } from './line.ts';
import type { Log } from './log-file.ts';

/** Summaries kept, the latest: those that listeners ask for as mail arrives, and the first pages. */
const CACHED = 2_000;
/** Octets that hold the summary of nearly every message. */
const FIRST_READ = 2_048;

export class SummaryReader {
  readonly #cache = new Map<MessageId, MessageSummary>();

  /** Remembers a message that was just written. */
  added({ message }: AddEntry): void {
    this.#keep(fullSummary(message, message.tags ?? []));
  }

  removed(ids: readonly MessageId[]): void {
    for (const id of ids) this.#cache.delete(id);
  }

  read(log: Log, record: MessageRecord): MessageSummary {
    const known = this.#cache.get(record.id);
    if (known?.tags === record.tags) return known;
    const { tags } = record;
    const summary = known === undefined ? fullSummary(readStored(log, record), tags) : { ...known, tags };
    this.#keep(summary);
    return summary;
  }

  #keep(summary: MessageSummary): void {
    this.#cache.set(summary.id, summary);
    if (this.#cache.size <= CACHED) return;
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest);
      break;
    }
  }
}

function readStored(log: Log, record: MessageRecord): StoredSummary {
  const { id, seq, receivedAt, size, offset, length } = record;
  try {
    let line = log.readNow(offset, Math.min(length, FIRST_READ));
    const needed = headLength(line) ?? length;
    if (needed > line.length) line = log.readNow(offset, needed);
    const stored = summaryOf(line, id);
    if (stored !== undefined) return stored;
  } catch {
    // The disk fails, or the log was damaged since the start: the list goes on with what memory has.
  }
  return { id, seq, receivedAt, size, envelope: { from: '', to: [] } };
}
