/**
 * The interface of a part of the benchmark. A part measures and returns rows; the main program prints them. Ratios
 * are more meaningful than absolute times.
 */

import type { Target } from './target.ts';

/** A row of the results table: the value of Restante beside a baseline or a competing server in the same run. */
export interface BenchRow {
  /** The measured work, in the words of the budget. */
  readonly work: string;
  /** The median value of Restante with its unit, e.g. `1,820/s`. */
  readonly ours: string;
  /** The name of the comparison, e.g. `bare smtp-server`; `null` for an absolute budget. */
  readonly beside: string | null;
  readonly theirs: string | null;
  /** The ratio of both values, e.g. `0.72 ×`; `null` for an absolute budget. */
  readonly ratio: string | null;
  /** The lowest and the highest value of all rounds, e.g. `1,700–1,900/s`. */
  readonly spread: string;
  /** The budget as text, e.g. `≤ 100 ms`. */
  readonly budget: string;
  /** Whether the budget is met; `null` if the server to compare with is not installed on this machine. */
  readonly met: boolean | null;
}

export interface BenchContext {
  /** A folder for the files of this part, which is removed afterwards. */
  readonly scratch: string;
  /** Number of rounds; the rounds of all compared servers alternate. */
  readonly rounds: number;
  /** The largest number of stored messages that is measured. */
  readonly most: number;
  /** Other servers to measure in the same run. */
  readonly targets: readonly Target[];
  /** Stores a picture, which `--write` copies into docs/. */
  picture(name: string, svg: string): void;
  /** Shows one line of progress, which the next call replaces. */
  progress(text: string): void;
}

export interface BenchPart {
  /** The name of the part on the command line: `npm run bench -- name`. */
  readonly name: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

/** Returns the lowest and the highest value with their unit: `lowest–highest unit`. */
export const spread = (values: readonly number[], unit: string): string =>
  `${round(Math.min(...values))}–${round(Math.max(...values))}${unit}`;

export const figure = (value: number, unit: string): string => `${round(value)}${unit}`;

export const ratio = (ours: number, theirs: number): string => `${(ours / theirs).toPrecision(3)} ×`;

/** Returns a row with an absolute budget. */
export const absolute = (
  work: string,
  values: readonly number[],
  unit: string,
  budget: string,
  most: number,
): BenchRow => ({
  work,
  ours: figure(median(values), unit),
  beside: null,
  theirs: null,
  ratio: null,
  spread: spread(values, unit),
  budget,
  met: median(values) <= most,
});

/** Resolves with the milliseconds that the work takes. */
export async function timed<T>(work: () => Promise<T> | T): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
