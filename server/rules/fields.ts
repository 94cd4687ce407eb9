/**
 * Reads the fields of a JSON object that a user wrote, and collects the problems with the paths of the fields.
 */
/** A problem found in an invalid rule. */
export interface RuleProblem {
  /** The path of the offending field, e.g. `then.reject` or `script[1]`. */
  readonly path: string;
  readonly message: string;
}

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/**
 * The maximum duration in a rule, in milliseconds (20 days). No client waits that long, and a longer timer
 * would overflow.
 */
const MAX_DURATION = 86_400_000 * 20;

/**
 * Converts a duration, such as `250`, `"250ms"`, `"3s"`, `"5m"`, `"1h"` or `"2d"`, to milliseconds. Returns `null`
 * for an invalid duration.
 */
export function duration(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value.trim()) : null;
  const ms =
    typeof value === 'number'
      ? value
      : match === null
        ? null
        : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
  return ms !== null && Number.isFinite(ms) && ms >= 0 && ms <= MAX_DURATION ? Math.round(ms) : null;
}

/** Converts a size, such as `500`, `"10KB"`, `"2MB"` or `"1GB"`, to octets. Returns `null` for an invalid size. */
export function octets(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?$/i.exec(value.trim()) : null;
  if (match === null) return null;
  const power = ['B', 'KB', 'MB', 'GB'].indexOf((match[2] ?? 'B').toUpperCase());
  return Math.round(Number(match[1]) * 1024 ** power);
}

export class Fields {
  readonly path: string;
  readonly #value: Json;
  readonly #problems: RuleProblem[];
  readonly #known = new Set<string>();

  constructor(value: Json, path: string, problems: RuleProblem[]) {
    this.#value = value;
    this.path = path;
    this.#problems = problems;
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined && this.#value[name] !== null;
  }

  problem(name: string, message: string): void {
    this.#problems.push({ path: this.at(name), message });
  }

  raw(name: string): unknown {
    this.#known.add(name);
    return this.#value[name];
  }

  /**
   * Reads a field with the function `read`. Returns `undefined` if the field is absent or invalid. If the
   * field is invalid, `read` returns `null`, and a problem is added.
   */
  read<T>(name: string, read: (value: unknown) => T | null, expected: string): T | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    const result = read(value);
    if (result === null) this.problem(name, expected);
    return result ?? undefined;
  }

  text(name: string): string | undefined {
    return this.read(
      name,
      (value) => (typeof value === 'string' && value !== '' ? value : null),
      'must be a text that is not empty',
    );
  }

  boolean(name: string): boolean | undefined {
    return this.read(name, (value) => (typeof value === 'boolean' ? value : null), 'must be true or false');
  }

  integer(name: string, least: number, most: number): number | undefined {
    return this.read(
      name,
      (value) =>
        Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : null,
      `must be a whole number from ${least} to ${most}`,
    );
  }

  duration(name: string): number | undefined {
    return this.read(name, duration, 'must be a duration: milliseconds, or "250ms", "3s", "5m", "1h", "2d"');
  }

  /** Reads a field that contains a text or a list of texts. */
  texts(name: string): readonly string[] | undefined {
    const read = (value: unknown): readonly string[] | null => {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      return list.length > 0 && list.every((item) => typeof item === 'string' && item !== '')
        ? (list as string[])
        : null;
    };
    return this.read(name, read, 'must be a text or a list of texts');
  }

  /** Reads a field that contains one of the given words. */
  choice<T extends string>(name: string, words: readonly T[]): T | undefined {
    const read = (value: unknown): T | null => words.find((word) => word === value) ?? null;
    return this.read(name, read, `must be one of ${words.join(', ')}`);
  }

  /** Adds a problem for every field that no call has read, because such a field is unknown. */
  refuseOthers(what: string): void {
    for (const name of Object.keys(this.#value)) {
      if (!this.#known.has(name))
        this.problem(name, `is not a field of ${what}; the known fields are: ${[...this.#known].join(', ')}`);
    }
  }
}

/**
 * Reads the parameter of an action from an object, with the function `read`. A field that `read` does not read is a
 * problem.
 * @param what the parameter in words, for the problem of an unknown field
 */
export function readParameter<Parameter>(
  value: Json,
  what: string,
  read: (fields: Fields) => Parameter,
): { readonly parameter: Parameter } | { readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const fields = new Fields(value, '', problems);
  const parameter = read(fields);
  fields.refuseOthers(what);
  return problems.length > 0 ? { problems } : { parameter };
}
