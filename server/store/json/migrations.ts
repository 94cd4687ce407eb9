/**
 * Versions of the log. The entries of an older log are converted step by step to the current version, and the
 * log is rewritten before the first append. A log of a newer version is refused, because appending to it
 * could damage it.
 */
import type { Entry } from '../model/entry.ts';
import { newerVersion } from '../store.ts';

/**
 * Version 2 added segments: the entries `add` and `keep` may contain the place of the bytes in a segment, and the entry
 * `moved` changes it. A log of version 1 has the same format without them.
 */
export const LOG_VERSION = 2;

/** Throws `StoreError('newer')` for a version of the log that only a newer Restante can read. */
export function assertReadable(version: number): void {
  if (version <= LOG_VERSION) return;
  throw newerVersion(`its message log has version ${version}, this Restante reads up to ${LOG_VERSION}`);
}

/**
 * Functions that convert an entry of the log from version n to version n + 1, by n. A function returns
 * `undefined` to drop the entry.
 */
export type Migrations = Readonly<
  Record<number, (entry: Record<string, unknown>) => Record<string, unknown> | undefined>
>;

/**
 * The conversions between released versions. It is empty, because an entry of version 1 is also a valid entry
 * of version 2.
 */
export const MIGRATIONS: Migrations = {};

export function migrate(entry: Entry, from: number, to: number, steps: Migrations): Entry | undefined {
  let current: Record<string, unknown> | undefined = entry as unknown as Record<string, unknown>;
  for (let version = from; version < to && current !== undefined; version++) {
    current = steps[version]?.(current) ?? (steps[version] === undefined ? current : undefined);
  }
  return current as Entry | undefined;
}
