/**
 * Versions of the log. A log of an older version is read through the steps from its version on and rewritten
 * before anything is appended; one of a newer version is refused, since appending to it could ruin it.
 */
import type { Entry } from '../state/entry.ts';

export const LOG_VERSION = 1;

/** `steps[n]` turns an entry of version n into one of version n + 1; `undefined` drops it. */
export type Migrations = Readonly<
  Record<number, (entry: Record<string, unknown>) => Record<string, unknown> | undefined>
>;

/** No log older than version 1 was ever released. */
export const MIGRATIONS: Migrations = {};

export function migrate(entry: Entry, from: number, to: number, steps: Migrations): Entry | undefined {
  let current: Record<string, unknown> | undefined = entry as unknown as Record<string, unknown>;
  for (let version = from; version < to && current !== undefined; version++) {
    current = steps[version]?.(current) ?? (steps[version] === undefined ? current : undefined);
  }
  return current as Entry | undefined;
}
