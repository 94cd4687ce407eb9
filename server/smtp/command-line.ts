/** A command line as the commands read it: UTF-8 text without stray blanks, with what was odd about the line. */
import { isUtf8 } from 'node:buffer';
import { departure, type Departure } from './departure.ts';

export interface CommandLine {
  /** The command's name in upper case, one space and its argument. */
  readonly text: string;
  /** In upper case; empty for an empty line. */
  readonly name: string;
  readonly departures: readonly Departure[];
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** The text without spaces and tabs at its ends; other white space, such as a lone CR, stays. Takes linear time. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

/** @param line A line without its CRLF or LF. */
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
