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
