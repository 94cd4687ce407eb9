/**
 * Flags (RFC 9051 §2.3.2): system flags in canonical case; keywords as written by the client, compared
 * case-insensitively.
 */
import type { FlagOperation } from '../../store/store.ts';
import { bad, no } from '../wire/response.ts';

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;
export const SEEN = '\\Seen';
export const DELETED = '\\Deleted';
/** Common keywords (RFC 9051 §2.3.2, RFC 5788), which are announced to clients even if no message has them. */
export const CUSTOM_KEYWORDS = ['$Forwarded', '$MDNSent', '$Junk', '$NotJunk', '$Phishing'] as const;

const MAX_KEYWORD = 100;
const MAX_FLAGS = 100;
const CANONICAL = new Map<string, string>(SYSTEM_FLAGS.map((flag) => [flag.toLowerCase(), flag]));

/**
 * Returns the flags of STORE or APPEND in the form in which they are stored: canonical, without duplicates and
 * without `\Recent`, which only the server sets.
 *
 * @throws Status for text that is neither a system flag nor a keyword
 */
export function storableFlags(flags: readonly string[]): string[] {
  const result = new Map<string, string>();
  for (const flag of flags) {
    const lower = flag.toLowerCase();
    if (lower === '\\recent') continue;
    const canonical = CANONICAL.get(lower) ?? flag;
    if (canonical.startsWith('\\') && !CANONICAL.has(lower)) throw bad(`${flag} is not a system flag`);
    if (flag.length > MAX_KEYWORD) throw no('LIMIT', 'The keyword is too long');
    if (!result.has(lower)) result.set(lower, canonical);
  }
  if (result.size > MAX_FLAGS) throw no('LIMIT', 'Too many flags');
  return [...result.values()];
}

/**
 * Returns the flags of a message after a STORE command. @param given the command's flags as returned by
 * `storableFlags`
 */
export function changedFlags(
  flags: readonly string[],
  operation: FlagOperation,
  given: readonly string[],
): readonly string[] {
  if (operation === 'replace') return given;
  const named = new Set(given.map((flag) => flag.toLowerCase()));
  const others = flags.filter((flag) => !named.has(flag.toLowerCase()));
  return operation === 'add' ? [...others, ...given] : others;
}

/** Returns whether `flags` contains a flag. @param flag in lower case */
export function hasFlag(flags: readonly string[], flag: string): boolean {
  return flags.some((candidate) => candidate.length === flag.length && candidate.toLowerCase() === flag);
}
