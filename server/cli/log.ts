/**
 * The log of the process, which is written to standard error: readable text on a terminal, otherwise one line
 * of JSON for each entry.
 */
import { pino, type Logger } from 'pino';
import { printable, printableJson } from './printable.ts';

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [field: string]: unknown;
}

/**
 * The fields of a log entry that a readable line shows first or not at all; all other fields are at the end of
 * the line.
 */
const PLACED = new Set(['level', 'time', 'msg', 'err', 'reqId', 'req', 'res']);

/** Returns a log entry as readable text: time, level, message, and then all other fields. */
export function readable(line: string): string {
  const entry = JSON.parse(line) as Entry;
  const { level, time, msg = '', err } = entry;
  const label = pino.levels.labels[level] ?? String(level);
  const more = Object.entries(entry)
    .filter(([name]) => !PLACED.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .map(printable);
  const at = new Date(time).toTimeString().slice(0, 8);
  const words = [at, label.toUpperCase().padEnd(5), printable(msg), ...more].join(' ');
  return [words, ...(err === undefined ? [] : errorLines(err)), ''].join('\n');
}

/**
 * Returns the lines of an error for the log: the message on one line, with control characters escaped, then
 * the lines of the stack trace.
 */
function errorLines({ message = '', stack = '' }: NonNullable<Entry['err']>): string[] {
  const [name] = /^[\w$.]+(?=:|\n)/.exec(stack) ?? [];
  const places = stack.split('\n').filter((line) => line.startsWith('    at '));
  const said = printable(message);
  return [name === undefined ? said : `${name}: ${said}`, ...places.map(printable)];
}

/** The maximum size of the log entries that are kept in memory while they cannot be written, in octets. */
const KEPT = 1 << 20;

export function openLog(level: string): Logger {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: KEPT });
  // A log that cannot be written, for example on a full disk, does not stop the server.
  destination.on('error', () => undefined);
  const shown = process.stderr.isTTY ? readable : printableJson;
  return pino({ level, base: null }, { write: (line: string) => destination.write(shown(line)) });
}
