/**
 * The argument of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2): a path and its parameters, both kept as they
 * were sent. Lenient where clients commonly are wrong and most servers let it pass; what was let pass is named.
 */
import type { EnvelopePath } from '../message/envelope.ts';

/** What a path had that the grammar does not. */
export type PathDeparture = 'space-in-path-command' | 'path-without-brackets' | 'source-route';

export interface ParsedPath extends EnvelopePath {
  readonly departures: readonly PathDeparture[];
}

export type PathProblem = 'syntax' | 'address' | 'parameter' | 'duplicate';

// Controls, and the invisible characters that make one address look like another.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff]/;
const PARAMETER = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=(\S+))?$/;
/** A source route before the mailbox, to be accepted and ignored (RFC 5321 §4.1.2 and appendix C). */
const ROUTE = /^@[^\s,:@]+(?:,@[^\s,:@]+)*:/;
const QUOTED_OR_BARE = /^(?:"(?:[^"\\]|\\.)*"|[^\s"@<>]+)@[^\s@<>]+$/u;

/**
 * @param keyword `FROM` or `TO`.
 * @param argument what follows `MAIL ` or `RCPT `.
 */
export function parsePath(keyword: string, argument: string): ParsedPath | PathProblem {
  const head = new RegExp(`^${keyword}:(\\s*)`, 'i').exec(argument);
  if (head === null) return 'syntax';
  const departures: PathDeparture[] = head[1] === '' ? [] : ['space-in-path-command'];
  const text = argument.slice(head[0].length);
  const end = text.startsWith('<') ? closingBracket(text) : undefined;
  if (end === -1) return 'syntax';
  const bare = end === undefined ? (/^\S*/.exec(text)?.[0] ?? '') : text.slice(1, end);
  const rest = end === undefined ? text.slice(bare.length) : text.slice(end + 1);
  if (end === undefined) departures.push('path-without-brackets');
  if (end === undefined && bare === '') return 'syntax';
  if (rest !== '' && !/^\s/.test(rest)) return 'syntax';
  const address = bare.replace(ROUTE, '');
  if (address !== bare) departures.push('source-route');
  if (address !== '' && !isMailbox(keyword, address)) return 'address';
  const parameters = parseParameters(rest);
  return typeof parameters === 'string' ? parameters : { address, parameters, departures };
}

/** Where the path that begins with `<` ends; brackets within a quoted local part are text. */
function closingBracket(text: string): number {
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && quoted) at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '>' && !quoted) return at;
  }
  return -1;
}

function isMailbox(keyword: string, address: string): boolean {
  if (UNSAFE.test(address)) return false;
  // The one recipient that needs no domain (RFC 5321 §4.1.1.3).
  return (keyword === 'TO' && /^postmaster$/i.test(address)) || QUOTED_OR_BARE.test(address);
}

function parseParameters(text: string): EnvelopePath['parameters'] | PathProblem {
  const parameters: Record<string, string | true> = {};
  for (const word of text.trim().split(/\s+/)) {
    if (word === '') continue;
    const match = PARAMETER.exec(word);
    if (match?.[1] === undefined || UNSAFE.test(word)) return 'parameter';
    const name = match[1].toUpperCase();
    if (Object.hasOwn(parameters, name)) return 'duplicate';
    parameters[name] = match[2] ?? true;
  }
  return parameters;
}
