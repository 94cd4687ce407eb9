/**
 * Reads a command line: converts it to UTF-8 text, removes superfluous blanks, and records the deviations from
 * the protocol.
 */
import { isUtf8 } from 'node:buffer';
import { departure, type Departure } from './departure.ts';

export interface CommandLine {
  /** The command line as one text: the command's name as sent, one space and the argument. */
  readonly text: string;
  /** The name of the command in upper case; empty for an empty line. */
  readonly name: string;
  readonly departures: readonly Departure[];
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/**
 * Returns the text without spaces and tabs at its ends. Other white space, such as a lone CR, is not removed. Runs
 * in linear time.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

/**
 * Reads a command line.
 *
 * @param line the line without its line ending
 * @param bareLf whether the line ended with LF instead of CRLF
 */
export function readCommandLine(line: Buffer, bareLf: boolean): CommandLine {
  const departures: Departure[] = bareLf ? [departure('bare-lf-command')] : [];
  const utf8 = isUtf8(line);
  const sent = line.toString(utf8 ? 'utf8' : 'latin1');
  if (!utf8) departures.push(departure('command-not-utf8', sent));
  const trimmed = trimBlanks(sent);
  const name = /^[^ \t]*/.exec(trimmed)?.[0] ?? '';
  const argument = trimBlanks(trimmed.slice(name.length));
  const text = argument === '' ? name : `${name} ${argument}`;
  if (text !== sent) departures.push(departure('blank-in-command', sent));
  return { text, name: name.toUpperCase(), departures };
}
