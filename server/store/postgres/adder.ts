/** Adds new messages: parses them, and commits them with their content. */
import { readFile } from 'node:fs/promises';
import type { SharedSlice } from '../../async/time-slice.ts';
import { ALL, type MessageId } from '../ids.ts';
import { planAdd, type PreparedMessage } from '../engine/plan/add.ts';
import { Preparer, type RawTarget } from '../engine/prepare/preparer.ts';
import type { StoreOptions } from '../options.ts';
import { OWN_FILE } from '../position.ts';
import type { AddedMessage, NewMessage, NewMessageFile } from '../store.ts';
import type { Upload } from './committer.ts';
import type { Core } from './core.ts';
import type { Need } from './need.ts';

export interface AdderParts {
  readonly core: Core;
  readonly newMessageId: () => MessageId;
  readonly slice: SharedSlice;
  readonly options: StoreOptions;
}

/** The bytes of messages are not stored when they are prepared: the commit uploads them. */
const AT_COMMIT: RawTarget = {
  threadWorld: { directory: null, fsync: false },
  assertTakesMail: () => undefined,
  putRaw: async () => OWN_FILE,
  putFile: async () => OWN_FILE,
};

export class Adder {
  readonly #parts: AdderParts;
  readonly #preparer: Preparer;

  constructor(parts: AdderParts) {
    this.#parts = parts;
    this.#preparer = new Preparer({ target: AT_COMMIT, slice: parts.slice, ...parts.options });
  }

  /** @throws StoreError `exists` for an id that is already used, `unavailable` */
  async add(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]> {
    const { core } = this.#parts;
    const preparing = await Promise.allSettled(messages.map((message) => this.#prepare(message)));
    const ready = preparing.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const uploads = ready.map(({ prepared, raw }): Upload => ({
      id: prepared.summary.id,
      raw,
      detail: prepared.detail,
    }));
    for (const each of preparing) if (each.status === 'rejected') throw each.reason;
    const prepared = ready.map((each) => each.prepared);
    return core.join({
      need: needOf(prepared),
      uploads,
      // The retention limits are enforced once for all requests of a commit.
      plan: (state) => planAdd(state, prepared, core.clock(), {}),
    });
  }

  close(): Promise<void> {
    return this.#preparer.close();
  }

  async #prepare(message: NewMessage | NewMessageFile): Promise<{ prepared: PreparedMessage; raw: Buffer }> {
    const id = message.id ?? this.#parts.newMessageId();
    const read = await this.#preparer.prepare(message, id, this.#parts.core.clock());
    const raw = 'file' in message ? await readFile(message.file.file) : message.raw;
    const targets = message.targets.length === 0 ? [{ account: ALL }] : message.targets;
    return { prepared: { ...read, targets, records: message.records ?? [] }, raw };
  }
}

function needOf(prepared: readonly PreparedMessage[]): Need {
  const targets = prepared.flatMap((each) => each.targets);
  return {
    accounts: targets.flatMap((target) => ('account' in target ? [target.account] : [])),
    mailboxes: targets.flatMap((target) => ('mailbox' in target ? [target.mailbox] : [])),
    flags: targets.flatMap(({ flags = [] }) => flags),
  };
}
