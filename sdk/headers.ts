/** The header fields of a message: names in any letter case, repeated fields in their order, values decoded. */
import type { Header } from '../contract/index.ts';

export class MailHeaders implements Iterable<[name: string, value: string]> {
  readonly #fields: readonly Header[];

  constructor(fields: readonly Header[]) {
    this.#fields = fields;
  }

  /** The value of the first field with the name; `undefined` when there is none. */
  get(name: string): string | undefined {
    return this.#named(name)[0]?.value;
  }

  getAll(name: string): string[] {
    return this.#named(name).map(({ value }) => value);
  }

  /** The value as sent: unfolded, not decoded. */
  getRaw(name: string): string | undefined {
    return this.#named(name)[0]?.raw;
  }

  has(name: string): boolean {
    return this.#named(name).length > 0;
  }

  /** The names as sent, each once, in their order. */
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
