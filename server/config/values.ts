/**
 * The kinds of option values: how a value is written, parsed and shown. `parse` throws a `ValueError` whose
 * message completes a sentence that begins with the name of the option.
 */
import { parseOriginPattern } from '../net/origin-pattern.ts';

export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** A user name and password, as the options `--auth` and `--web-auth` accept them. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The port of a listener; 0 selects a free port, `null` disables the listener. */
export type Port = number | null;

/** One option of the server: its default, its parser and its help text. */
export interface Option<T> {
  readonly default: T;
  readonly help: string;
  /** The placeholder for the value in `--help`; `null` for a switch. */
  readonly placeholder: string | null;
  /** Whether the option may be given more than once; `parse` then receives all values. */
  readonly repeatable: boolean;
  parse(values: readonly string[]): T;
}

export function single<T>(placeholder: string, parse: (text: string) => T) {
  return (fallback: T, help: string): Option<T> => ({
    default: fallback,
    help,
    placeholder,
    repeatable: false,
    parse: (values) => parse(values.at(-1) ?? ''),
  });
}

export function list<T>(placeholder: string, parse: (text: string) => T) {
  return (help: string): Option<readonly T[]> => ({
    default: [],
    help,
    placeholder,
    repeatable: true,
    parse: (values) => values.map(parse),
  });
}

const truths = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/**
 * A switch option: `--memory`, `--no-memory`, or an environment variable with the value `true` or `false`.
 */
export function flag(help: string): Option<boolean> {
  return {
    default: false,
    help,
    placeholder: null,
    repeatable: false,
    parse(values) {
      const value = truths.get((values.at(-1) ?? '').toLowerCase());
      if (value === undefined)
        throw new ValueError(`must be true or false, not ${quote(values.at(-1) ?? '')}`);
      return value;
    },
  };
}

export const quote = (text: string): string => JSON.stringify(text);

function parsePort(text: string): Port {
  if (text === 'off') return null;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new ValueError(`must be a port from 0 (any free port) to 65535, or off, not ${quote(text)}`);
  }
  return Number(text);
}

const sizeUnits = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1024],
  ['kb', 1024],
  ['m', 1024 ** 2],
  ['mb', 1024 ** 2],
  ['g', 1024 ** 3],
  ['gb', 1024 ** 3],
]);

function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const unit = sizeUnits.get((match?.[2] ?? '').toLowerCase());
  if (match === null || unit === undefined) {
    throw new ValueError(`must be a size such as 500KB, 50MB or 2GB, not ${quote(text)}`);
  }
  return Math.round(Number(match[1]) * unit);
}

const durationUnits = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

function parseDuration(text: string): number {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text);
  const unit = durationUnits.get((match?.[2] ?? '').toLowerCase());
  if (match === null || unit === undefined) {
    throw new ValueError(`must be a duration such as 30s, 12h or 7d, not ${quote(text)}`);
  }
  return Math.round(Number(match[1]) * unit);
}

function parseCount(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new ValueError(`must be a whole number, not ${quote(text)}`);
  return Number(text);
}

function parseCredentials(text: string): Credentials {
  const colon = text.indexOf(':');
  if (colon < 1) throw new ValueError('must have the form user:password');
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** An API key, and the address that its mail belongs to; `null` for a key without an address. */
export interface ApiKey {
  readonly key: string;
  readonly user: string | null;
}

function parseApiKey(text: string): ApiKey {
  // A key may contain equals signs, for example at the end of Base64, so the address is the text after the last equals
  // sign.
  const match = /^(.+)=([^=\s@]+@[^=\s@]+)$/s.exec(text);
  const [key, user] = match === null ? [text, null] : [match[1] ?? '', match[2] ?? ''];
  if (!/^[!-~]+$/.test(key))
    throw new ValueError(`must have the form KEY or KEY=ADDRESS, not ${quote(text)}`);
  return { key, user };
}

function parseBasePath(text: string): string {
  if (!/^\/?[\w./~-]*$/.test(text) || text.includes('..') || text.includes('//')) {
    throw new ValueError(`must be a path such as /mail, not ${quote(text)}`);
  }
  return `/${text}/`.replaceAll(/\/+/g, '/');
}

function parseText(text: string): string {
  if (text === '') throw new ValueError('requires a value');
  return text;
}

export const port = single('PORT', parsePort);
export const size = single('SIZE', parseSize);
export const duration = single('TIME', parseDuration);
export const count = single('N', parseCount);
export const basePath = single('PATH', parseBasePath);
export const text = (placeholder: string) => single(placeholder, parseText);
export const optionalText = (placeholder: string) => single<string | null>(placeholder, parseText);
export const optionalCredentials = single<Credentials | null>('USER:PASS', parseCredentials);
export const credentials = list('USER:PASS', parseCredentials);
export const apiKeys = list('KEY[=ADDRESS]', parseApiKey);
export const texts = (placeholder: string) => list(placeholder, parseText);

/** An option with a list of web origins, which may contain `*` and wildcards. */
export const origins = list('ORIGIN', (text) => {
  try {
    parseOriginPattern(text);
  } catch (error) {
    throw new ValueError(`cannot be used: ${(error as Error).message}`);
  }
  return text;
});

/** An option whose value is one of the given words. */
export function choice<const T extends string>(words: readonly T[]) {
  return single<T>(words.join('|'), (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new ValueError(`must be one of ${words.join(', ')}, not ${quote(value)}`);
    return found;
  });
}
