/** Shared sets of tags, which save memory because many messages have the same tags. */

/**
 * Maximum number of shared sets of tags. If there are more, nearly every message has different tags, and
 * sharing saves no memory.
 */
const SHARED = 1_000;

const NO_TAGS: readonly string[] = Object.freeze([]);

export class TagSets {
  readonly #sets = new Map<string, readonly string[]>();

  of(tags: readonly string[] | undefined): readonly string[] {
    if (tags === undefined || tags.length === 0) return NO_TAGS;
    const key = JSON.stringify(tags);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    if (this.#sets.size >= SHARED) this.#sets.clear();
    this.#sets.set(key, tags);
    return tags;
  }
}
