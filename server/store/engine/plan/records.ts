/** Plans changes of the records: JSON values with a key, such as rules, deliveries and settings. */
import type { Seq } from '../../ids.ts';
import type { State } from '../../model/state.ts';
import { nothing, Numbering, type Plan } from './plan.ts';

export function planPut(state: State, collection: string, key: string, value: unknown): Plan<Seq> {
  const seq = new Numbering(state).take();
  return { lines: [[{ do: 'record', seq, collection, key, value }]], result: () => seq };
}

export function planDrop(state: State, collection: string, key: string): Plan<boolean> {
  if (state.records.get(collection)?.has(key) !== true) return nothing(false);
  const seq = new Numbering(state).take();
  return { lines: [[{ do: 'record', seq, collection, key }]], result: () => true };
}

/**
 * Plans the change of a record to the value that `change` returns; `undefined` deletes the record. If `change` returns
 * its argument, nothing is planned.
 */
export function planUpdate<T>(
  state: State,
  collection: string,
  key: string,
  change: (value: T | undefined) => T | undefined,
): Plan<T | undefined> {
  const before = state.records.get(collection)?.get(key) as T | undefined;
  const after = change(before);
  if (after === before) return nothing(after);
  if (after === undefined) return { ...planDrop(state, collection, key), result: () => undefined };
  // A copy of the value is stored, because the caller may change its object later.
  const copy = JSON.parse(JSON.stringify(after)) as T;
  return { ...planPut(state, collection, key, copy), result: () => copy };
}
