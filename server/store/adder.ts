/** New messages up to their commit: ids, reading, bytes to the kernel. */
import { ALL, type MessageId } from './ids.ts';
import type { Journal } from './journal.ts';
import type { PreparedMessage } from './plan/add.ts';
import { readMessage } from './prepare.ts';
import type { State } from './state/state.ts';
import { StoreError, type NewMessage } from './store.ts';
import type { SharedSlice } from './time-slice.ts';

export interface AdderParts {
  readonly state: State;
  readonly journal: Journal;
  readonly slice: SharedSlice;
  readonly clock: () => number;
  readonly newMessageId: () => MessageId;
}

export class Adder {
  readonly #parts: AdderParts;

  constructor(parts: AdderParts) {
    this.#parts = parts;
  }

  /**
   * Reads messages, writes their bytes, then does `commit`. If anything of it fails, no bytes stay behind.
   *
   * @throws StoreError `exists` for an id that is taken, `io` when bytes cannot be written
   */
  async add<T>(
    messages: readonly NewMessage[],
    commit: (prepared: readonly PreparedMessage[]) => Promise<T>,
  ): Promise<T> {
    const { state, journal, slice, clock, newMessageId } = this.#parts;
    if (messages.some(({ id }) => id !== undefined && state.messages.has(id))) {
      throw new StoreError('exists', 'There is a message of that id already');
    }
    const written: MessageId[] = [];
    try {
      const prepared: PreparedMessage[] = [];
      for (const message of messages) {
        await slice.take();
        const id = message.id ?? newMessageId();
        const targets = message.targets.length === 0 ? [{ account: ALL }] : message.targets;
        prepared.push({ ...readMessage(message, id, clock()), targets });
        await journal.putRaw(id, message.raw);
        written.push(id);
      }
      return await commit(prepared);
    } catch (error) {
      journal.dropRaw(written.filter((id) => !state.messages.has(id)));
      throw error;
    }
  }
}
