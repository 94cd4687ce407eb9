/**
 * Patterns of rules: a glob (`*` and `?`) of the whole value, a `/regex/flags` of a part of it, or for addresses of
 * hosts a network (`10.0.0.0/8`). Case never counts.
 *
 * Anybody can send a value, so matching takes linear time: globs by segments, regexes by RE2's algorithm. That algorithm
 * supports all of JavaScript's syntax but look-ahead and back-references. A regex with those runs in V8's engine, which interrupts it at
 * a deadline; after three interruptions the regex is not run again.
 */
import { BlockList, isIP } from 'node:net';
import { createContext, Script } from 'node:vm';
import { addressSpellings, canonicalGlob } from '../message/canonical-address.ts';
import { makePattern } from '../store/find/language/pattern.ts';
import { compileLinear } from './linear-regex.ts';

/** Milliseconds that a regex in V8's engine may take on one value. */
const REGEX_TIME = 20;
/** The number of times that a regex may exceed its time limit; after that, it is no longer evaluated. */
const STRIKES = 3;
/** Characters of a value that are matched. */
const MAX_VALUE = 1000;
/** Characters of a pattern: with the limit on values, what bounds the work of a glob with question marks. */
const MAX_PATTERN = 1000;

export interface Pattern {
  /** The source text of the pattern. */
  readonly source: string;
  /** Throws at the deadline. */
  test(value: string): boolean;
}

/** A pattern is invalid; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Whether a glob with question marks matches a text, in time proportional to the product of their lengths. */
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

function regexPattern(source: string, body: string, flags: string): Pattern {
  checkLength(source);
  if (/[^imsu]/.test(flags)) throw new PatternError('knows only the flags i, m, s and u');
  let regex: RegExp;
  try {
    regex = new RegExp(body, flags.includes('i') ? flags : `${flags}i`);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
  const test = compileLinear(regex) ?? interruptible(regex);
  return { source, test: (value) => test(value.slice(0, MAX_VALUE)) };
}

/** Microseconds of processor time that this process has taken. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Runs a regex in a context that V8 can interrupt. Throws after an interruption. */
function interruptible(regex: RegExp): (value: string) => boolean {
  const context = createContext({ regex, value: '' });
  const script = new Script('regex.test(value)');
  let strikes = 0;
  return (value) => {
    if (strikes >= STRIKES) {
      throw new PatternError(
        `was too slow for ${STRIKES} values and is no longer tried: write it without look-ahead and back-references`,
      );
    }
    context['value'] = value;
    const before = processorTime();
    try {
      return script.runInContext(context, { timeout: REGEX_TIME }) === true;
    } catch (error) {
      // On a busy machine the time may have been that of another process.
      if (processorTime() - before >= (REGEX_TIME / 2) * 1000) strikes++;
      throw error;
    }
  };
}

const REGEX = /^\/(.+)\/([a-z]*)$/s;
const isRegex = (source: string): boolean => REGEX.test(source);

/** Throws `PatternError`. */
export function parsePattern(source: string): Pattern {
  const regex = REGEX.exec(source);
  return regex === null ? globPattern(source) : regexPattern(source, regex[1] ?? '', regex[2] ?? '');
}

/**
 * The same for a mail address or a login name, which may be spelled in several ways: a glob is tested against the
 * canonical spellings, a regex also against the address as it was sent. Throws `PatternError`.
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

/** The same for a host's address; the pattern may also be a network. Throws `PatternError`. */
export function parseHostPattern(source: string): Pattern {
  const [network = '', bits = '', ...more] = source.split('/');
  const family = isIP(network);
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits)) return parsePattern(source);
  if (Number(bits) > (family === 4 ? 32 : 128)) throw new PatternError('is no network: too many bits');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return {
    source,
    test: (value) => isIP(value) !== 0 && list.check(value, isIP(value) === 4 ? 'ipv4' : 'ipv6'),
  };
}
