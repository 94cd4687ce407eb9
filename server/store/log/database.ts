/**
 * The database: lowdb with the append-only log. Its data is the state and the lines that are not written yet.
 * Reading replays the log; writing appends those lines, so that the cost of a write depends only on the size of the
 * change.
 */
import { Low, type Adapter } from 'lowdb';
import type { Entry, MailboxEntry } from '../model/entry.ts';
import type { MailboxId } from '../ids.ts';
import type { Position } from '../model/position.ts';
import type { State } from '../model/state.ts';
import { encodeLine } from './line.ts';
import type { Log } from './log-file.ts';
import { NOTHING_READ, replay, type Replayed, type ReplayOptions } from './replay.ts';

export interface Data {
  readonly state: State;
  /** Lines to be written. */
  unwritten: readonly (readonly Entry[])[];
  /** Positions of the lines that were written last. */
  written: readonly Position[];
}

export class LogAdapter implements Adapter<Data> {
  readonly path: string;
  /** Result of the last `read`. */
  replayed: Replayed = NOTHING_READ;
  mailboxes: ReadonlyMap<MailboxId, MailboxEntry> = new Map();
  readonly #state: State;
  readonly #options: Omit<ReplayOptions, 'mailboxes'>;
  readonly #open: (path: string) => Log;
  #log: Log | undefined;

  /** @param open opens the log, and creates a missing one */
  constructor(
    path: string,
    state: State,
    options: Omit<ReplayOptions, 'mailboxes'>,
    open: (path: string) => Log,
  ) {
    this.#open = open;
    this.path = path;
    this.#state = state;
    this.#options = options;
  }

  /** The open log. After a compaction it is a different one. */
  get log(): Log {
    this.#log ??= this.#open(this.path);
    return this.#log;
  }

  set log(log: Log) {
    this.#log?.retire();
    this.#log = log;
  }

  async read(): Promise<Data> {
    this.replayed = await replay(this.path, this.#state, { ...this.#options, mailboxes: this.mailboxes });
    return { state: this.#state, unwritten: [], written: [] };
  }

  async write(data: Data): Promise<void> {
    const lines = data.unwritten.map(encodeLine);
    data.unwritten = [];
    let offset = this.log.append(
      lines.length === 1 && lines[0] !== undefined ? lines[0] : Buffer.concat(lines),
    );
    data.written = lines.map((line) => {
      const position = { offset, length: line.length - 1 };
      offset += line.length;
      return position;
    });
  }
}

export function openDatabase(
  path: string,
  state: State,
  options: Omit<ReplayOptions, 'mailboxes'>,
  open: (path: string) => Log,
): {
  readonly db: Low<Data>;
  readonly adapter: LogAdapter;
} {
  const adapter = new LogAdapter(path, state, options, open);
  return { adapter, db: new Low<Data>(adapter, { state, unwritten: [], written: [] }) };
}
