/**
 * `npm run bench`: measures every performance budget together with a baseline or a competing server in the same run;
 * `--help` explains the options. The parts of the benchmark are the modules of this folder that export `part`.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readOptions, usage, UsageError, type BenchOptions } from './options.ts';
import type { BenchContext, BenchPart, BenchRow } from './part.ts';

async function loadParts(): Promise<BenchPart[]> {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'main.ts')
    .sort();
  const modules = await Promise.all(
    files.map(async (name) => (await import(`./${name}`)) as { part?: BenchPart }),
  );
  return modules.flatMap(({ part }) => part ?? []);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

function table(rows: readonly BenchRow[]): string {
  const verdict = ({ met, budget }: BenchRow): string =>
    met === null ? (budget === '' ? '' : 'not measured') : met ? 'met' : 'NOT MET';
  const cells = rows.map((row) => [
    row.work,
    row.ours,
    row.spread,
    row.theirs === null ? '' : `${row.beside ?? ''}: ${row.theirs}`,
    row.ratio ?? '',
    row.budget,
    verdict(row),
  ]);
  const head = ['work', 'restante', 'spread', 'beside', 'ratio', 'budget', ''];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/**
 * Returns the page with the results and a description of the machine. Absolute values from another machine are hardly
 * comparable; ratios are.
 */
function page(rows: readonly BenchRow[], pictures: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'a processor'}, Node ${process.version}`;
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${day}: ${machine}. Every row contains its baseline or competitor in the
same run; ratios can be compared with other machines better than seconds.

${table(rows)}
${pictures.map((name) => `\n![Rates against the number of messages stored](${name})\n`).join('')}`;
}

/** Prints one line about a wrong command line, and exits with the code for usage errors. */
function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function optionsOrEnd(): BenchOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) refuse(error.message);
    throw error;
  }
}

const options = optionsOrEnd();
const parts = await loadParts();
const names = parts.map((part) => part.name);
if (options.help) {
  console.log(usage(names));
  process.exit(0);
}
const unknown = options.parts.filter((name) => !names.includes(name));
if (unknown.length > 0) refuse(`Unknown part ${unknown.join(', ')}. Known: ${names.join(', ')}.`);

const docs = path.join(import.meta.dirname, '..', '..', 'docs');
const rows: BenchRow[] = [];
const pictures = new Map<string, string>();
// The files of all parts are removed at the end, because some file systems create files slowly after many files were
// removed.
const ground = mkdtempSync(path.join(os.tmpdir(), 'restante-bench-'));
// The folder must be readable for all users, because other servers may run as another user.
chmodSync(ground, 0o755);
process.on('exit', () => rmSync(ground, { recursive: true, force: true, maxRetries: 5 }));
// Removes the files also after an interruption, because they may have several gigabytes.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
for (const part of parts.filter(({ name }) => options.parts.length === 0 || options.parts.includes(name))) {
  const scratch = path.join(ground, part.name);
  mkdirSync(scratch);
  const context: BenchContext = {
    scratch,
    rounds: options.rounds,
    most: options.most,
    targets: options.targets,
    picture: (name, svg) => pictures.set(name, svg),
    progress: (text) => progress(`${part.name}: ${text}`),
  };
  rows.push(...(await part.run(context)));
}
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
if (options.json) console.log(JSON.stringify(rows, null, 2));
else console.log(table(rows));
if (options.write) {
  for (const [name, svg] of pictures) writeFileSync(path.join(docs, name), svg);
  // The table is written only after a run of all parts; a run of one part updates only its picture.
  if (options.parts.length === 0)
    writeFileSync(path.join(docs, 'benchmarks.md'), page(rows, [...pictures.keys()]));
}
process.exit(0);
