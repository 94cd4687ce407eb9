/** A store that keeps nothing: for tests, and for `--memory`. */
import { StoreEngine } from './engine.ts';
import type { MessageId } from './ids.ts';
import type { Journal } from './journal.ts';
import { indexState } from './list/store-search.ts';
import type { StoreOptions } from './options.ts';
import { ChangeRing } from './state/change-ring.ts';
import type { Entry, MessageDetail } from './state/entry.ts';
import { NOWHERE, type MessageRecord, type Position } from './state/message-record.ts';
import { State } from './state/state.ts';
import { StoreError, type Store } from './store.ts';

class MemoryJournal implements Journal {
  readonly location = 'memory';
  readonly #raw = new Map<MessageId, Buffer>();
  readonly #details = new Map<MessageId, MessageDetail>();

  async putRaw(id: MessageId, raw: Buffer): Promise<void> {
    this.#raw.set(id, raw);
  }

  async append(lines: readonly (readonly Entry[])[]): Promise<readonly Position[]> {
    for (const entry of lines.flat()) {
      if (entry.do === 'add') this.#details.set(entry.message.id, entry.detail);
      if (entry.do === 'note') this.#note(entry.message, entry.key, entry.value);
    }
    return lines.map(() => NOWHERE);
  }

  async settled(): Promise<void> {
    // Memory is as safe as it gets at once.
  }

  async raw(id: MessageId): Promise<Buffer | undefined> {
    return this.#raw.get(id);
  }

  rawNow(id: MessageId): Buffer | undefined {
    return this.#raw.get(id);
  }

  async detail({ summary }: MessageRecord): Promise<MessageDetail> {
    const detail = this.#details.get(summary.id);
    if (detail === undefined) throw new StoreError('not-found', `There is no message ${summary.id}`);
    return detail;
  }

  dropRaw(ids: readonly MessageId[]): void {
    for (const id of ids) {
      this.#raw.delete(id);
      this.#details.delete(id);
    }
  }

  async close(): Promise<void> {
    this.#raw.clear();
    this.#details.clear();
  }

  #note(id: MessageId, key: string, value: unknown): void {
    const detail = this.#details.get(id);
    if (detail === undefined) return;
    const others = Object.entries(detail.notes).filter(([other]) => other !== key);
    const notes = Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
    this.#details.set(id, { ...detail, notes });
  }
}

export async function openMemoryStore(options: StoreOptions = {}): Promise<Store> {
  const warnings: string[] = [];
  const ring = new ChangeRing((error) => warnings.push(`A listener failed: ${String(error)}`));
  const state = new State(ring);
  const journal = new MemoryJournal();
  const index = indexState(state, (id) => journal.rawNow(id));
  const search = { narrow: index.narrow, close: async () => index.close() };
  return new StoreEngine(state, journal, options, { warnings, search }).open();
}
