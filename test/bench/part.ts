/** What a part of the benchmark is and says. A part measures; the frame prints. Ratios matter, not seconds. */

import type { Target } from './target.ts';

/** One line of the table: our figure beside a floor or rival of the same run. */
export interface BenchRow {
  /** The work measured, as the budget words it. */
  readonly work: string;
  /** Our median with its unit, e.g. `1,820/s`. */
  readonly ours: string;
  /** What it was measured beside, e.g. `bare smtp-server`; `null` where the budget is absolute. */
  readonly beside: string | null;
  readonly theirs: string | null;
  /** Ours against theirs, as `0.72 ×`; `null` where the budget is absolute. */
  readonly ratio: string | null;
  /** Lowest and highest round, as `1,700–1,900/s`. */
  readonly spread: string;
  /** The budget in words. */
  readonly budget: string;
  /** Whether the budget is met; `null` where what it is measured against is not on this machine. */
  readonly met: boolean | null;
}

export interface BenchContext {
  /** A folder of this part's own, removed afterwards. */
  readonly scratch: string;
  /** Rounds to interleave. */
  readonly rounds: number;
  /** Other servers to measure in the same run. */
  readonly targets: readonly Target[];
  /** Keeps a picture, which `--write` puts into docs/. */
  picture(name: string, svg: string): void;
  /** Shows one line of progress, replaced by the next. */
  progress(text: string): void;
}

export interface BenchPart {
  /** As typed: `npm run bench -- name`. */
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

/** `lowest–highest unit` of the rounds. */
export const spread = (values: readonly number[], unit: string): string =>
  `${round(Math.min(...values))}–${round(Math.max(...values))}${unit}`;

export const figure = (value: number, unit: string): string => `${round(value)}${unit}`;

export const ratio = (ours: number, theirs: number): string => `${(ours / theirs).toPrecision(3)} ×`;

/** A row whose budget is a figure of its own. */
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

/** Milliseconds that the work takes. */
export async function timed<T>(work: () => Promise<T> | T): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
