/** `npm run fuzz [-- --seconds N] [TARGET…]`: runs the fuzz tests and the property tests for the given time. */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { refuse, timedCommand } from '../helpers/timed-command.ts';

const root = path.join(import.meta.dirname, '..', '..');
const seeded = readdirSync(path.join(import.meta.dirname, 'seeds'));
/** The name of the target that stands for all unit tests, with a new seed for the property tests in each round. */
const PROPERTIES = 'properties';
const targets = [...seeded, PROPERTIES];

const usage = `Usage: npm run fuzz -- [TARGET…] [--seconds N]

Sends mutated inputs to every parser and server. The inputs are made from the seeds in test/fuzz/seeds. An input
that fails is written beside the seeds, in the smallest form that was found. The target "${PROPERTIES}" runs the
unit tests round after round, with a new seed for the property tests in each round. Without TARGET, all targets run
one after the other.

Targets: ${targets.join(' ')}

  --seconds N  seconds for each target; the default is 60
  --help       prints this text`;

const { words, seconds } = timedCommand('fuzz', usage, 60);
const unknown = words.filter((word) => !targets.includes(word));
if (unknown.length > 0) refuse(`Unknown target ${unknown.join(', ')}. Known: ${targets.join(', ')}.`);

/** Runs the unit tests with more arguments and environment variables. Returns the exit code. */
function run(args: readonly string[], env: Readonly<Record<string, string>>): number {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return status ?? 1;
}

const chosen = words.filter((word) => word !== PROPERTIES);
let status = 0;
if (words.length === 0 || chosen.length > 0) {
  const names = chosen.length === 0 ? [] : ['-t', `^(${chosen.join('|')}) `];
  status = run(['test/fuzz', ...names], { FUZZ_SECONDS: String(seconds) });
}
if (words.length === 0 || words.includes(PROPERTIES)) {
  const end = performance.now() + seconds * 1_000;
  do {
    const seed = randomInt(2 ** 31);
    process.stdout.write(`Property tests with TEST_SEED=${seed}\n`);
    status ||= run(['--exclude', 'test/fuzz/**'], { TEST_SEED: String(seed) });
  } while (status === 0 && performance.now() < end);
}
process.exit(status);
