/** `npm run fuzz [-- --seconds N] [TARGET…]`: runs the fuzz tests for the given time. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { refuse, timedCommand } from '../helpers/timed-command.ts';

const root = path.join(import.meta.dirname, '..', '..');
const targets = readdirSync(path.join(import.meta.dirname, 'seeds'));

const usage = `Usage: npm run fuzz -- [TARGET…] [--seconds N]

Gives every parser and server what nobody would send, made of the seeds in test/fuzz/seeds. What breaks one is written
beside the seeds, in the smallest form found. Without TARGET it takes them all, one after the other.

Targets: ${targets.join(' ')}

  --seconds N  for each target, 60 unless told
  --help       this`;

const { words, seconds } = timedCommand('fuzz', usage, 60);
const unknown = words.filter((word) => !targets.includes(word));
if (unknown.length > 0) refuse(`Unknown target ${unknown.join(', ')}. Known: ${targets.join(', ')}.`);

const chosen = words.length === 0 ? [] : ['-t', `^(${words.join('|')}) `];
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'test/fuzz', ...chosen], {
  cwd: root,
  env: { ...process.env, FUZZ_SECONDS: String(seconds) },
  stdio: 'inherit',
});
process.exit(status ?? 1);
