/** Prepares new messages for their commit: assigns message ids, reads the messages, and writes their bytes. */
import { ALL, type MessageId } from '../ids.ts';
import type { Journal } from './journal.ts';
import type { PreparedMessage } from './plan/add.ts';
import type { Preparer } from './prepare/preparer.ts';
import type { State } from '../model/state.ts';
import { StoreError, type NewMessage, type NewMessageFile } from '../store.ts';

export interface AdderParts {
  readonly state: State;
  readonly journal: Journal;
  readonly preparer: Preparer;
  readonly clock: () => number;
  readonly newMessageId: () => MessageId;
}

export class Adder {
  readonly #parts: AdderParts;

  constructor(parts: AdderParts) {
    this.#parts = parts;
  }

  /**
   * Reads messages and writes their bytes, then runs `commit`. If a step fails, the written bytes are deleted.
   *
   * @throws StoreError `exists` for an id that is already used, `io` when bytes cannot be written
   */
  async add<T>(
    messages: readonly (NewMessage | NewMessageFile)[],
    commit: (prepared: readonly PreparedMessage[]) => Promise<T>,
  ): Promise<T> {
    const { state, journal } = this.#parts;
    if (messages.some(({ id }) => id !== undefined && state.messages.has(id))) {
      throw new StoreError('exists', 'A message with this id exists already');
    }
    const preparing = await Promise.allSettled(messages.map((message) => this.#prepare(message)));
    const prepared = preparing.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    try {
      for (const each of preparing) if (each.status === 'rejected') throw each.reason;
      return await commit(prepared);
    } catch (error) {
      const written = prepared.map(({ summary: { id, size }, sum, raw }) => ({ id, size, sum, raw }));
      journal.dropRaw(written.filter(({ id }) => !state.messages.has(id)));
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#parts.preparer.close();
  }

  async #prepare(message: NewMessage | NewMessageFile): Promise<PreparedMessage> {
    const { preparer, clock, newMessageId } = this.#parts;
    const prepared = await preparer.prepare(message, message.id ?? newMessageId(), clock());
    const targets = message.targets.length === 0 ? [{ account: ALL }] : message.targets;
    return { ...prepared, targets, records: message.records ?? [] };
  }
}
