/**
 * `npm run soak [-- --seconds N] [PHASE…]`: puts the server under load from all kinds of clients, slow clients,
 * clients that disappear, kill -9, a full disk, too many open files and a clock that jumps. At the end, it checks
 * every message: sent, acknowledged, found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { refuse, timedCommand } from '../helpers/timed-command.ts';
import { nodes } from './nodes.ts';
import { parallel } from './parallel.ts';
import { phases } from './phases.ts';
import { responsive } from './responsive.ts';

const all = [...phases, ...responsive, parallel, nodes];
const names = all.map(({ name }) => `  ${name}`).join('\n');

const usage = `Usage: npm run soak -- [WORD…] [--seconds N]

Runs load and faults against a whole server; at the end, it checks every message. Without WORD, it runs every phase:
${names}

  WORD         run only the phases whose name contains WORD
  --seconds N  duration of the load in each phase, in seconds (default: 20)
  --help       print this help`;

const { words, seconds } = timedCommand('soak', usage, 20);
const chosen = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0)
  refuse(`No phase has a name that contains ${words.join(', ')}. The phases are:\n${names}`);

/** Time between two lines of progress in a file, in milliseconds; on a terminal, one line is overwritten. */
const LINE_EVERY = 5000;
let lastLine = 0;

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '' && Date.now() >= lastLine + LINE_EVERY) {
    lastLine = Date.now();
    process.stderr.write(`  ${text}\n`);
  }
}

let wrong = 0;
for (const { name, run } of chosen) {
  console.log(name);
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'restante-soak-'));
  try {
    const found = await run({ scratch, duration: seconds * 1000, progress });
    progress('');
    for (const problem of found.slice(0, 20)) console.log(`  ✗ ${problem}`);
    if (found.length === 0) console.log('  ✓');
    wrong += found.length;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
console.log(wrong === 0 ? 'Nothing was lost.' : `${wrong} problems were found.`);
process.exit(wrong === 0 ? 0 : 1);
