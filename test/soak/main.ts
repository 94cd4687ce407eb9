/**
 * `npm run soak [-- --seconds N]`: everybody at once, slow and vanishing clients, kill -9, a full disk, too many open
 * files, a clock that jumps; and in the end an account of every message: sent, acknowledged, found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { phases } from './phases.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

let wrong = 0;
for (const { name, run } of phases) {
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
