/**
 * `npm run soak [-- --seconds N] [PHASE…]`: everybody at once, slow and vanishing clients, kill -9, a full disk, too many open
 * files, a clock that jumps; and in the end an account of every message: sent, acknowledged, found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parallel } from './parallel.ts';
import { phases } from './phases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' } },
});
const all = [...phases, parallel];
/** By a word of their names; all of them when none is named. */
const chosen = all.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
if (chosen.length === 0) {
  const names = all.map(({ name }) => `  ${name}`).join('\n');
  console.error(`No phase has ${positionals.join(', ')} in its name. There are:\n${names}`);
  process.exit(2);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

let wrong = 0;
for (const { name, run } of chosen) {
  console.log(name);
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'restante-soak-'));
  try {
    const found = await run({ scratch, duration: Number(values.seconds) * 1000, progress });
    progress('');
    for (const problem of found.slice(0, 20)) console.log(`  ✗ ${problem}`);
    if (found.length === 0) console.log('  ✓');
    wrong += found.length;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
console.log(wrong === 0 ? 'Nothing was lost.' : `${wrong} things are wrong.`);
process.exit(wrong === 0 ? 0 : 1);
