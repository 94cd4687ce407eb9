/**
 * Patterns in the conditions of rules: a glob (`*` and `?`) for the whole value, a `/regex/flags` for a part of
 * the value, or a network (`10.0.0.0/8`) for IP addresses. Patterns ignore case. The values come from untrusted
 * clients, so matching takes linear time: globs are matched by segments, regexes by RE2's algorithm. That
 * algorithm supports JavaScript's syntax except look-ahead and back-references. A regex with one of these
 * constructs runs in V8's engine and is interrupted at a deadline; after three interruptions it is not run
 * again.
 */
import { BlockList, isIP } from 'node:net';
import { createContext, Script } from 'node:vm';
import { addressSpellings, canonicalGlob } from '../message/canonical-address.ts';
import { makePattern } from '../store/find/language/pattern.ts';
import { compileLinear } from './linear-regex.ts';

/** The default of `PatternLimits.regexTime`, the maximum time to match a regex with one value, in milliseconds. */
const REGEX_TIME = 20;
/** The number of interruptions after which a regex is no longer run. */
const STRIKES = 3;
/** The maximum number of characters of a value that are matched; the rest is ignored. */
const MAX_VALUE = 1000;
/**
 * The maximum length of a pattern in characters. Together with the maximum length of a value, it bounds the
 * work for a glob with question marks.
 */
const MAX_PATTERN = 1000;

export interface Pattern {
  /** The source text from which the pattern was parsed. */
  readonly source: string;
  /**
   * Returns whether a value matches the pattern. Throws if the value could not be matched within the time
   * limit.
   */
  test(value: string): boolean;
}

export interface PatternLimits {
  /** The maximum time that V8's engine may take to match a regex with one value, in milliseconds. */
  readonly regexTime?: number;
}

/** The error for an invalid pattern; the message describes the problem. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Returns whether a glob that contains question marks matches a text, in time proportional to the length of the
 * glob times the length of the text.
 */
function globMatches(glob: string, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    if (glob[inGlob] === '*') {
      star = inGlob++;
      afterStar = at;
    } else if (glob[inGlob] === '?' || (inGlob < glob.length && glob[inGlob] === text[at])) {
      inGlob++;
      at++;
    } else if (star !== -1) {
      inGlob = star + 1;
      at = ++afterStar;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
}

function checkLength(source: string): void {
  if (source.length > MAX_PATTERN) throw new PatternError(`is longer than ${MAX_PATTERN} characters`);
}

function globPattern(source: string): Pattern {
  checkLength(source);
  const glob = source.toLowerCase();
  const whole = glob.includes('?') ? (text: string) => globMatches(glob, text) : makePattern(glob).whole;
  return { source, test: (value) => whole(value.slice(0, MAX_VALUE).toLowerCase()) };
}

function regexPattern(source: string, body: string, flags: string, regexTime: number): Pattern {
  checkLength(source);
  if (/[^imsu]/.test(flags))
    throw new PatternError('has an unknown flag: the flags of a regex are i, m, s and u');
  let regex: RegExp;
  try {
    regex = new RegExp(body, flags.includes('i') ? flags : `${flags}i`);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
  const test = compileLinear(regex) ?? interruptible(regex, regexTime);
  return { source, test: (value) => test(value.slice(0, MAX_VALUE)) };
}

/** Returns the processor time that this process has used, in microseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * Returns a function that matches a regex in a context that V8 can interrupt. The function throws after an
 * interruption.
 *
 * @param regexTime the maximum time for one value, in milliseconds
 */
function interruptible(regex: RegExp, regexTime: number): (value: string) => boolean {
  const context = createContext({ regex, value: '' });
  const script = new Script('regex.test(value)');
  let strikes = 0;
  return (value) => {
    if (strikes >= STRIKES) {
      throw new PatternError(
        `was too slow for ${STRIKES} values and is not run again: write it without look-ahead and back-references`,
      );
    }
    context['value'] = value;
    const before = processorTime();
    try {
      return script.runInContext(context, { timeout: regexTime }) === true;
    } catch (error) {
      // An interruption counts only if this process has used the elapsed time: on a busy machine, another
      // process may have used it.
      if (processorTime() - before >= (regexTime / 2) * 1000) strikes++;
      throw error;
    }
  };
}

const REGEX = /^\/(.+)\/([a-z]*)$/s;
const isRegex = (source: string): boolean => REGEX.test(source);

/** Parses a pattern. Throws a `PatternError` for an invalid one. */
export function parsePattern(source: string, { regexTime = REGEX_TIME }: PatternLimits = {}): Pattern {
  const regex = REGEX.exec(source);
  return regex === null
    ? globPattern(source)
    : regexPattern(source, regex[1] ?? '', regex[2] ?? '', regexTime);
}

/**
 * Parses a pattern for a mail address or a login name, which may be written in several ways. A glob is
 * matched with the canonical spellings of the address, a regex also with the address as sent. Throws a
 * `PatternError` for an invalid pattern.
 */
export function parseAddressPattern(source: string): Pattern {
  if (isRegex(source)) {
    const pattern = parsePattern(source);
    return {
      source,
      test: (value) => [value, ...addressSpellings(value)].some((spelling) => pattern.test(spelling)),
    };
  }
  const pattern = globPattern(canonicalGlob(source));
  return { source, test: (value) => addressSpellings(value).some((spelling) => pattern.test(spelling)) };
}

/**
 * Parses a pattern for an IP address, which may also be a network such as `10.0.0.0/8`. Throws a
 * `PatternError` for an invalid pattern.
 */
export function parseHostPattern(source: string): Pattern {
  const [network = '', bits = '', ...more] = source.split('/');
  const family = isIP(network);
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits)) return parsePattern(source);
  if (Number(bits) > (family === 4 ? 32 : 128))
    throw new PatternError('is not a network: its prefix is longer than the address');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return {
    source,
    test: (value) => isIP(value) !== 0 && list.check(value, isIP(value) === 4 ? 'ipv4' : 'ipv6'),
  };
}
