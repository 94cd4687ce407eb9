/**
 * Fuzzing: a target processes any octets and throws if they break an invariant. Inputs are the committed seeds of
 * `seeds/TARGET/`, unchanged and then mutated, with words of the target's language inserted. `npm test` runs it
 * briefly; `npm run fuzz [-- --seconds N] [TARGET…]` runs it for the given time and writes each failing input
 * beside the seeds, shrunk to its smallest form, to be committed with the fix.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { PATIENCE } from '../helpers/patience.ts';

/** The number of inputs that `npm test` generates for each target by default. */
const BRIEF = 150;
/**
 * Milliseconds of processor time for one input after which a long run reports it as hung; most inputs take less
 * than one. Only processor time counts, because other processes may use the disk. An input that waits without
 * using the processor exceeds the time limit of the test.
 */
const SLOW = 5_000;

/** The seconds of a long run for each target; `null` in `npm test`. */
export const seconds = process.env['FUZZ_SECONDS'] === undefined ? null : Number(process.env['FUZZ_SECONDS']);

export interface FuzzTarget {
  /** The name of the folder of the seeds. */
  readonly name: string;
  /** Words of the target's language, which are inserted at random positions. */
  readonly words: readonly string[];
  /** The number of inputs in `npm test`. */
  readonly brief?: number;
  /** Throws or rejects if the input breaks an invariant. */
  readonly run: (input: Buffer) => void | Promise<void>;
}

/** Returns options of fast-check for a run that is brief in `npm test` and long in `npm run fuzz`. */
export function runsOf(brief: number): {
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure?: boolean;
} {
  return seconds === null
    ? { numRuns: brief }
    : { numRuns: 1_000_000_000, interruptAfterTimeLimit: seconds * 1_000, markInterruptAsFailure: false };
}

/** The time limit in milliseconds of a test that uses `runsOf`. */
export const timeout = (seconds ?? 0) * 1_000 + 2 * PATIENCE;

const seedFolder = (name: string): string => path.join(import.meta.dirname, 'seeds', name);

/** Returns the seeds of a target by their name. */
export function seedsOf(name: string): ReadonlyMap<string, Buffer> {
  const folder = seedFolder(name);
  const files = readdirSync(folder).sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file))]));
}

type Edit =
  | { readonly kind: 'put'; readonly octets: Uint8Array }
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'splice'; readonly seed: number; readonly from: number };

/**
 * Generates seeds with octets removed, inserted or repeated, and with pieces of other seeds; positions are in
 * thousandths.
 */
export function mutated(seeds: readonly Buffer[], words: readonly string[]): fc.Arbitrary<Buffer> {
  const octets = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('', ...words).map((word) => Buffer.from(word)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }) },
  );
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), octets }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('repeat' as const), times: fc.integer({ min: 2, max: 200 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('splice' as const),
        seed: fc.nat(seeds.length - 1),
        from: fc.nat(999),
      }),
    },
  );
  const edits = fc.array(fc.record({ at: fc.nat(1_000), cut: fc.nat(24), edit }), { maxLength: 5 });
  return fc.tuple(fc.constantFrom(...seeds), edits).map(([seed, list]) => {
    let input = seed;
    for (const { at, cut, edit: one } of list) {
      const start = Math.floor((input.length * at) / 1_000);
      input = Buffer.concat([
        input.subarray(0, start),
        pieceOf(one, input.subarray(start, start + cut), seeds),
        input.subarray(start + cut),
      ]);
    }
    return input;
  });
}

function pieceOf(edit: Edit, cut: Buffer, seeds: readonly Buffer[]): Buffer {
  if (edit.kind === 'put') return Buffer.from(edit.octets);
  if (edit.kind === 'repeat') return Buffer.concat(Array<Buffer>(edit.times).fill(cut));
  const seed = seeds[edit.seed] ?? cut;
  return seed.subarray(Math.floor((seed.length * edit.from) / 1_000));
}

/** Creates the tests of a target: one with the unchanged seeds, one with mutated seeds. */
export function fuzz(target: FuzzTarget): void {
  const { name, words, brief = BRIEF, run } = target;
  const seeds = seedsOf(name);
  describe(name, () => {
    it('processes every seed', { timeout }, async () => {
      for (const [file, seed] of seeds) {
        try {
          await run(seed);
        } catch (error) {
          throw new Error(`seed ${file}: ${String(error)}`, { cause: error });
        }
      }
    });

    it('processes mutated seeds', { timeout }, async () => {
      const check = fc.asyncProperty(mutated([...seeds.values()], words), async (input) => {
        const before = process.cpuUsage();
        await run(input);
        const { user, system } = process.cpuUsage(before);
        if (seconds !== null && (user + system) / 1_000 > SLOW) throw new Error('hung');
      });
      const result = await fc.check(check, runsOf(brief));
      if (seconds !== null) console.log(`${name}: ${result.numRuns} inputs`);
      if (!result.failed) return;
      const input = result.counterexample?.[0];
      const kept = input === undefined || seconds === null ? '' : `, kept as ${keep(name, input)}`;
      const shown = input === undefined ? '' : JSON.stringify(input.toString('latin1'));
      throw new Error(`${shown}${kept} (seed ${result.seed}): ${String(result.errorInstance)}`, {
        cause: result.errorInstance,
      });
    });
  });
}

/** Writes a failing input beside the seeds; returns the name of the file. */
function keep(name: string, input: Buffer): string {
  const file = `found-${createHash('sha256').update(input).digest('hex').slice(0, 8)}`;
  mkdirSync(seedFolder(name), { recursive: true });
  writeFileSync(path.join(seedFolder(name), file), input);
  return file;
}
