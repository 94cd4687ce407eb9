/**
 * Reads summaries of messages from the log. The summaries are not held in memory, except in a small cache;
 * usually they are in the page cache of the kernel. A page of a message list needs about fifty reads of one
 * kilobyte.
 */
import type { MessageId } from '../ids.ts';
import type { AddEntry } from '../model/entry.ts';
import type { MessageRecord } from '../model/mail.ts';
import { fullSummary, type StoredSummary } from '../model/stored-summary.ts';
import type { MessageSummary } from '../store.ts';
import { headLength, summaryOf } from './entry-line.ts';
import type { Log } from '../log/index.ts';

/**
 * Number of cached summaries. The latest messages are cached, because their summaries are read by listeners
 * when mail arrives, and for the first page of a list. A larger cache would slow down the capture of mail,
 * because the garbage collector would copy each cached summary twice.
 */
const CACHED = 128;
/**
 * Number of octets at the start of a message's log line that are read first. For nearly every message, they
 * contain the complete summary.
 */
const FIRST_READ = 2_048;

export class SummaryReader {
  readonly #cache = new Map<MessageId, MessageSummary>();

  /** Caches the summary of a message that was just written to the log. */
  added({ message }: AddEntry): void {
    this.#keep(fullSummary(message, message.tags ?? []));
  }

  removed(messages: readonly { readonly id: MessageId }[]): void {
    for (const { id } of messages) this.#cache.delete(id);
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
    // The line cannot be read if the disk failed, or if the log was damaged after the start. The summary then
    // contains only the fields that are in memory, so that lists still show the message.
  }
  return { id, seq, receivedAt, size, envelope: { from: '', to: [] } };
}
