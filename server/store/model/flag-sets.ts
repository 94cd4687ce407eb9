/**
 * Shared sets of flags, which save memory: the messages in a mailbox have only a few different sets of flags.
 * System flags have their canonical case; a keyword has the spelling that was stored first.
 */

import type { FlagOperation } from '../store.ts';

const SYSTEM = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];
const canonical = new Map(SYSTEM.map((flag) => [flag.toLowerCase(), flag]));

export type FlagSet = readonly string[];

const NO_FLAGS: FlagSet = Object.freeze([]);

export class FlagSets {
  readonly #keywords = new Map<string, string>();
  readonly #sets = new Map<string, FlagSet>([['', NO_FLAGS]]);

  /**
   * Returns the shared set with these flags. `\Recent` and unknown system flags are left out, because they are
   * never stored.
   */
  of(flags: readonly string[] | undefined): FlagSet {
    if (flags === undefined || flags.length === 0) return NO_FLAGS;
    const known = this.#sets.get(flags.join(' '));
    if (known !== undefined) return known;
    const kept = this.#spelled(flags);
    for (const flag of kept) if (!flag.startsWith('\\')) this.#keywords.set(flag.toLowerCase(), flag);
    const key = kept.join(' ');
    const set = this.#sets.get(key) ?? Object.freeze(kept);
    this.#sets.set(key, set);
    return set;
  }

  /**
   * Plans an operation (add, remove or replace) with the flags `given`. Returns a function that maps the current set
   * of a message to its new set: `current` itself if no flag changes, and the same array for equal results. A new
   * keyword is not registered, because the operation may change no message.
   */
  plan(operation: FlagOperation, given: readonly string[]): (current: FlagSet) => FlagSet {
    const flags = this.#spelled(given);
    const byCurrent = new Map<FlagSet, FlagSet>();
    const byKey = new Map<string, FlagSet>();
    const result = (current: FlagSet): FlagSet => {
      const after = this.#spelled(applied(operation, current, flags));
      const key = after.join(' ');
      if (key === current.join(' ')) return current;
      const shared = byKey.get(key) ?? after;
      byKey.set(key, shared);
      return shared;
    };
    return (current) => {
      const after = byCurrent.get(current) ?? result(current);
      byCurrent.set(current, after);
      return after;
    };
  }

  /** Returns flags without duplicates, sorted, each in its canonical case or its registered spelling. */
  #spelled(flags: readonly string[]): FlagSet {
    const spellings = new Map<string, string>();
    for (const flag of flags) {
      const lower = flag.toLowerCase();
      const spelling = flag.startsWith('\\') ? canonical.get(lower) : (this.#keywords.get(lower) ?? flag);
      if (spelling !== undefined && !spellings.has(lower)) spellings.set(lower, spelling);
    }
    return [...spellings.values()].sort();
  }
}

function applied(operation: FlagOperation, current: FlagSet, flags: FlagSet): FlagSet {
  if (operation === 'replace') return flags;
  if (operation === 'add') return [...current, ...flags];
  return current.filter((flag) => !flags.includes(flag));
}
