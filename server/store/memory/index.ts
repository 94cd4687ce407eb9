/**
 * A store that is only in memory and loses its mail when the process ends. It is used by tests, and with the
 * option `--memory`.
 */
import { readFile } from 'node:fs/promises';
import { openEngine } from '../engine/index.ts';
import type { MessageId } from '../ids.ts';
import type { Journal } from '../engine/journal.ts';
import { memoryHome } from '../find/index/segment-home.ts';
import { openStoreSearch } from '../find/pages/store-search.ts';
import type { NewRaw, RawRef } from '../raw-ref.ts';
import type { StoreOptions } from '../options.ts';
import { Reports } from '../engine/reports.ts';
import { ChangeRing } from '../model/change-ring.ts';
import {
  detailText,
  readDetailText,
  type AddEntry,
  type DetailText,
  type Entry,
  type MessageDetail,
  type NoteText,
} from '../model/entry.ts';
import { NOWHERE, OWN_FILE, type Position, type RawPlace } from '../position.ts';
import type { MessageRecord } from '../model/mail.ts';
import { State } from '../model/state.ts';
import { fullSummary } from '../model/stored-summary.ts';
import { StoreError, type MessageSummary, type Store } from '../store.ts';

class MemoryJournal implements Journal {
  readonly location = 'memory';
  readonly threadWorld = { directory: null, fsync: false };
  readonly refusal = null;
  readonly #raw = new Map<MessageId, Buffer>();
  readonly #details = new Map<MessageId, DetailText>();
  readonly #summaries = new Map<MessageId, MessageSummary>();

  assertTakesMail(): void {
    // Nothing is checked, because there is always space for mail in memory.
  }

  async putRaw({ id, raw }: NewRaw): Promise<RawPlace> {
    this.#raw.set(id, raw);
    return OWN_FILE;
  }

  async putFile(id: MessageId, file: string): Promise<RawPlace> {
    this.#raw.set(id, await readFile(file));
    return OWN_FILE;
  }

  async append(lines: readonly (readonly Entry[])[]): Promise<readonly Position[]> {
    for (const entry of lines.flat()) {
      if (entry.do === 'add') this.#keep(entry);
      if (entry.do === 'note') this.#note(entry.message, entry.key, entry.value);
    }
    return lines.map(() => NOWHERE);
  }

  async settled(): Promise<void> {
    // There is nothing to wait for, because data in memory is not synced to a disk.
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    return this.#raw.get(id);
  }

  async rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    return this.#raw.get(id)?.subarray(start, end);
  }

  rawNow(id: MessageId): Buffer | undefined {
    return this.#raw.get(id);
  }

  summary({ id, tags }: MessageRecord): MessageSummary {
    const known = this.#summaries.get(id);
    if (known === undefined) throw new StoreError('not-found', `There is no message ${id}`);
    if (known.tags === tags) return known;
    const summary = { ...known, tags };
    this.#summaries.set(id, summary);
    return summary;
  }

  async detail({ id }: MessageRecord): Promise<MessageDetail> {
    const detail = this.#details.get(id);
    if (detail === undefined) throw new StoreError('not-found', `There is no message ${id}`);
    return readDetailText(detail);
  }

  dropRaw(messages: readonly RawRef[]): void {
    for (const { id } of messages) {
      this.#raw.delete(id);
      this.#details.delete(id);
      this.#summaries.delete(id);
    }
  }

  async close(): Promise<void> {
    this.#raw.clear();
    this.#details.clear();
    this.#summaries.clear();
  }

  #keep({ message, detail }: AddEntry): void {
    this.#details.set(message.id, detail);
    this.#summaries.set(message.id, fullSummary(message, message.tags ?? []));
  }

  #note(id: MessageId, key: string, value: NoteText | undefined): void {
    const text = this.#details.get(id);
    if (text === undefined) return;
    const detail = readDetailText(text);
    const others = Object.entries(detail.notes).filter(([other]) => other !== key);
    const notes = Object.fromEntries(
      value === undefined ? others : [...others, [key, JSON.parse(value) as unknown]],
    );
    this.#details.set(id, detailText({ ...detail, notes }));
  }
}

export async function openMemoryStore(options: StoreOptions = {}): Promise<Store> {
  const reports = new Reports(options.report);
  const ring = new ChangeRing((error) => reports.add(`A listener failed: ${String(error)}`));
  const state = new State(ring);
  const journal = new MemoryJournal();
  const report = (line: string): void => reports.add(line);
  const search = openStoreSearch({
    state,
    reader: journal,
    home: memoryHome(),
    threads: options.threads,
    report,
  });
  return openEngine({ state, journal, reports, search }, options);
}
