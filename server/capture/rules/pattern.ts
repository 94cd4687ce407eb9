/**
 * Patterns of rules: a glob (`*` and `?`) of the whole value, a `/regex/flags` of a part of it, or for addresses of
 * hosts a network (`10.0.0.0/8`). Case never counts.
 *
 * A regex of a user's may backtrack for ever, so it runs in a context of its own that V8 interrupts: that keeps the
 * whole of JavaScript's syntax and needs no other engine. The watchdog costs some 50 µs, for rules with a regex only.
 */
import { BlockList, isIP } from 'node:net';
import { createContext, Script } from 'node:vm';
import { addressSpellings, canonicalGlob } from '../../message/canonical-address.ts';

/** Milliseconds a regex may take on one value; values are addresses and names, a few hundred characters. */
const REGEX_TIME = 100;
/** Characters of a value that are looked at. */
const MAX_VALUE = 1000;

export interface Pattern {
  /** As it was written. */
  readonly source: string;
  /** Throws when the value cannot be judged in time. */
  test(value: string): boolean;
}

/** A pattern that cannot be understood; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Whether a text is what a glob says, in time that grows with both lengths and no more: stars never backtrack twice. */
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

function globPattern(source: string): Pattern {
  const glob = source.toLowerCase();
  return { source, test: (value) => globMatches(glob, value.slice(0, MAX_VALUE).toLowerCase()) };
}

function regexPattern(source: string, body: string, flags: string): Pattern {
  if (/[^imsu]/.test(flags)) throw new PatternError('knows only the flags i, m, s and u');
  let regex: RegExp;
  try {
    regex = new RegExp(body, flags.includes('i') ? flags : `${flags}i`);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
  const context = createContext({ regex, value: '' });
  const script = new Script('regex.test(value)');
  return {
    source,
    test(value) {
      context['value'] = value.slice(0, MAX_VALUE);
      return script.runInContext(context, { timeout: REGEX_TIME }) === true;
    },
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

/** The same for a host's address, where a network may stand. Throws `PatternError`. */
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
