/**
 * `npm run bench [-- part …] [--json] [--write] [--rounds N] [--target URL …]`: every budget beside its floor or
 * rival in the same run; `--write` puts the table into docs/benchmarks.md. Parts are the modules of this folder that export `part`.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchContext, BenchPart, BenchRow } from './part.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    target: { type: 'string', multiple: true, default: [] },
  },
});

async function loadParts(): Promise<BenchPart[]> {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const modules = await Promise.all(
    files
      .filter((name) => !['main.ts', 'part.ts', 'plot.ts'].includes(name))
      .map(async (name) => (await import(`./${name}`)) as { part?: BenchPart }),
  );
  return modules.flatMap(({ part }) => part ?? []);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

function table(rows: readonly BenchRow[]): string {
  const verdict = (met: boolean | null): string => (met === null ? 'not measured' : met ? 'met' : 'NOT MET');
  const cells = rows.map((row) => [
    row.work,
    row.ours,
    row.spread,
    row.theirs === null ? '' : `${row.beside ?? ''}: ${row.theirs}`,
    row.ratio ?? '',
    row.budget,
    verdict(row.met),
  ]);
  const head = ['work', 'restante', 'spread', 'beside', 'ratio', 'budget', ''];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** The table with what it was measured on: figures of another machine say little, ratios say more. */
function page(rows: readonly BenchRow[], pictures: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'a processor'}, Node ${process.version}`;
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${day}: ${machine}. Every row stands beside its floor or rival of the
same run; ratios carry to other machines better than seconds do.

${table(rows)}
${pictures.map((name) => `\n![Rates against the number of messages stored](${name})\n`).join('')}`;
}

const parts = await loadParts();
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`Unknown part ${unknown.join(', ')}. Known: ${parts.map((part) => part.name).join(', ')}.`);
  process.exit(2);
}

const docs = path.join(import.meta.dirname, '..', '..', 'docs');
const rows: BenchRow[] = [];
const pictures = new Map<string, string>();
for (const part of parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), `restante-bench-${part.name}-`));
  const context: BenchContext = {
    scratch,
    rounds: Number(values.rounds),
    targets: values.target.map((address) => new URL(address)),
    picture: (name, svg) => pictures.set(name, svg),
    progress: (text) => progress(`${part.name}: ${text}`),
  };
  try {
    rows.push(...(await part.run(context)));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
if (values.json) console.log(JSON.stringify(rows, null, 2));
else console.log(table(rows));
if (values.write) {
  for (const [name, svg] of pictures) writeFileSync(path.join(docs, name), svg);
  // The table is of one whole run; a part alone renews its picture.
  if (positionals.length === 0)
    writeFileSync(path.join(docs, 'benchmarks.md'), page(rows, [...pictures.keys()]));
}
process.exit(0);
