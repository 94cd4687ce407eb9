/**
 * Shared sets of flags, which save memory: the messages in a mailbox have only a few different sets of flags.
 * System flags have their canonical case; a keyword has the spelling that was stored first.
 */

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
    const kept = [...new Set(flags.flatMap((flag) => this.#canonical(flag) ?? []))].sort();
    const key = kept.join(' ');
    const set = this.#sets.get(key) ?? Object.freeze(kept);
    this.#sets.set(key, set);
    return set;
  }

  /**
   * Returns the set of flags that results when an operation (add, remove or replace) is applied to the set
   * `current`.
   */
  apply(current: FlagSet, operation: 'add' | 'remove' | 'replace', flags: FlagSet): FlagSet {
    if (operation === 'replace') return flags;
    if (operation === 'add') return this.of([...current, ...flags]);
    return this.of(current.filter((flag) => !flags.includes(flag)));
  }

  #canonical(flag: string): string | undefined {
    const lower = flag.toLowerCase();
    if (flag.startsWith('\\')) return canonical.get(lower);
    const known = this.#keywords.get(lower);
    if (known !== undefined) return known;
    this.#keywords.set(lower, flag);
    return flag;
  }
}
