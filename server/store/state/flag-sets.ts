/**
 * Flag sets, interned: mailboxes of 100,000 messages know a handful of them, so a placement holds a reference.
 * System flags come in canonical case; a keyword keeps the spelling it was first seen with.
 */

const SYSTEM = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];
const canonical = new Map(SYSTEM.map((flag) => [flag.toLowerCase(), flag]));

export type FlagSet = readonly string[];

export const NO_FLAGS: FlagSet = Object.freeze([]);

export class FlagSets {
  readonly #keywords = new Map<string, string>();
  readonly #sets = new Map<string, FlagSet>([['', NO_FLAGS]]);

  /** The one set with these flags. `\Recent` and unknown system flags are left out: they are not stored. */
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

  /** `current` with the operation done. */
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
