/**
 * Fuzzing: a target takes any octets and throws when they break an invariant. Inputs are the committed seeds of
 * `seeds/TARGET/`, as they are and then mutated, with words of the target's language put in. `npm test` does it
 * briefly; `npm run fuzz [-- --seconds N] [TARGET…]` for as long as it is told, and then what it finds is written beside the
 * seeds, smallest form first found, to be committed with the repair.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';

/** Inputs that `npm test` makes for each target, unless the target says. */
const BRIEF = 150;
/**
 * Milliseconds of processor time for one input after which a long run calls it hung: most take less than one. A disk
 * that others keep busy is no fault of ours; who waits for nothing runs into the time limit of the test.
 */
const SLOW = 5_000;

/** Seconds that a long run may take for each target; `null` in `npm test`. */
export const seconds = process.env['FUZZ_SECONDS'] === undefined ? null : Number(process.env['FUZZ_SECONDS']);

export interface FuzzTarget {
  /** Folder of the seeds. */
  readonly name: string;
  /** Words that the language is made of, put in where chance has it. */
  readonly words: readonly string[];
  /** Inputs in `npm test`. */
  readonly brief?: number;
  /** Throws, or rejects, when the input breaks something. */
  readonly run: (input: Buffer) => void | Promise<void>;
}

/** Options of fast-check for a run that is brief in `npm test` and long where told to. */
export function runsOf(brief: number): {
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure?: boolean;
} {
  return seconds === null
    ? { numRuns: brief }
    : { numRuns: 1_000_000_000, interruptAfterTimeLimit: seconds * 1_000, markInterruptAsFailure: false };
}

/** Milliseconds for a test that `runsOf` bounds. */
export const timeout = (seconds ?? 0) * 1_000 + 60_000;

const seedFolder = (name: string): string => path.join(import.meta.dirname, 'seeds', name);

/** Every seed of a target by its name. */
export function seedsOf(name: string): ReadonlyMap<string, Buffer> {
  const folder = seedFolder(name);
  const files = readdirSync(folder).sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file))]));
}

type Edit =
  | { readonly kind: 'put'; readonly octets: Uint8Array }
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'splice'; readonly seed: number; readonly from: number };

/** Seeds with octets taken out, put in, repeated, and pieces of one in another; places are in thousandths. */
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

/** Makes the tests of a target: the seeds one by one, and what becomes of them. */
export function fuzz(target: FuzzTarget): void {
  const { name, words, brief = BRIEF, run } = target;
  const seeds = seedsOf(name);
  describe(name, () => {
    it('takes every seed', { timeout }, async () => {
      for (const [file, seed] of seeds) {
        try {
          await run(seed);
        } catch (error) {
          throw new Error(`seed ${file}: ${String(error)}`, { cause: error });
        }
      }
    });

    it('takes whatever else comes', { timeout }, async () => {
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

/** Writes what was found beside the seeds; returns the file's name. */
function keep(name: string, input: Buffer): string {
  const file = `found-${createHash('sha256').update(input).digest('hex').slice(0, 8)}`;
  mkdirSync(seedFolder(name), { recursive: true });
  writeFileSync(path.join(seedFolder(name), file), input);
  return file;
}
