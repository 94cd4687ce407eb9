/**
 * The protocol rules about the header: required fields, and fields that may occur only once (RFC 5322 §3.6).
 */
import { bodyStartOf } from '../../message/body-start.ts';
import type { Finding } from '../../message/finding.ts';
import { find } from './catalogue.ts';

/**
 * The maximum size of a header in octets, which is the default of Postfix. Large mail providers have similar
 * limits.
 */
const MAX_HEADER = 102_400;
/** The maximum number of characters of an invalid line that a finding quotes. */
const EXCERPT = 60;

const once = new Set([
  'date',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
]);

const FIELD = /^([!-9;-~]+)[ \t]*:/;
/**
 * Matches the first line of a message from an mbox file or from some old clients; all mail programs skip such
 * a line.
 */
const ENVELOPE_LINE = /^(?:>?From |--)/;

/** Returns the lines of the header, up to `MAX_HEADER` octets. */
function headerLines(raw: Buffer, end: number): string[] {
  const lines = raw.toString('latin1', 0, Math.min(end, MAX_HEADER)).split(/\r?\n/);
  // If the header was truncated, its last line is incomplete and is ignored.
  if (end > MAX_HEADER) lines.pop();
  return lines;
}

/**
 * Adds the findings about single header lines to `found`, and returns the names of the header fields in lower
 * case.
 */
function readLines(lines: readonly string[], found: Finding[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (/^(?:[ \t]|$)/.test(line)) continue;
    const name = FIELD.exec(line)?.[1];
    if (name === undefined) {
      if (index === 0 && ENVELOPE_LINE.test(line)) continue;
      found.push(find('header-line-malformed', { line: index + 1, excerpt: line.slice(0, EXCERPT) }));
      // A line that is not a header field most likely begins the body, because the empty line after the header is
      // missing. The remaining lines are therefore not checked as header lines.
      break;
    }
    const lower = name.toLowerCase();
    if (seen.has(lower) && once.has(lower) && !twice.has(lower)) {
      twice.add(lower);
      found.push(find('duplicate-header', { header: name, line: index + 1 }));
    }
    seen.add(lower);
  }
  return seen;
}

export function headerFindings(raw: Buffer): Finding[] {
  const found: Finding[] = [];
  const end = bodyStartOf(raw);
  if (end > MAX_HEADER) found.push(find('header-too-large', { excerpt: `${end} octets` }));
  const names = readLines(headerLines(raw, end), found);
  if (!names.has('date')) found.push(find('missing-date'));
  if (!names.has('from')) found.push(find('missing-from'));
  if (!names.has('message-id')) found.push(find('missing-message-id'));
  return found;
}
