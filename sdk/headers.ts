/**
 * The header fields of a message. Names are compared without regard to letter case, repeated fields are in
 * their order, and values are decoded.
 */
import type { Header } from '../contract/index.ts';

export class MailHeaders implements Iterable<[name: string, value: string]> {
  readonly #fields: readonly Header[];

  constructor(fields: readonly Header[]) {
    this.#fields = fields;
  }

  /** Returns the decoded value of the first field with the name; `undefined` if the message has no such field. */
  get(name: string): string | undefined {
    return this.#named(name)[0]?.value;
  }

  getAll(name: string): string[] {
    return this.#named(name).map(({ value }) => value);
  }

  /**
   * Returns the value of the first field with the name, unfolded but not decoded; `undefined` if the message
   * has no such field.
   */
  getRaw(name: string): string | undefined {
    return this.#named(name)[0]?.raw;
  }

  has(name: string): boolean {
    return this.#named(name).length > 0;
  }

  /** Returns the names of the fields as they were sent, in their order, each name once. */
  names(): string[] {
    const seen = new Set<string>();
    return this.#fields
      .map(({ name }) => name)
      .filter((name) => {
        const known = seen.has(name.toLowerCase());
        seen.add(name.toLowerCase());
        return !known;
      });
  }

  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    for (const { name, value } of this.#fields) yield [name, value];
  }

  #named(name: string): Header[] {
    const wanted = name.toLowerCase();
    return this.#fields.filter((field) => field.name.toLowerCase() === wanted);
  }
}
