/**
 * The base subject (RFC 5256 §2.1): a subject without the prefixes and suffixes of replies, forwards and mailing
 * lists.
 */

/** Maximum number of characters of a subject that are processed. */
const MAX_SUBJECT = 10_000;

const REPLY = /^(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:\s*/i;
const BLOB = /^\[[^[\]]*\]\s*/;
const TRAILER = /\s*\(fwd\)$/i;

interface BaseSubject {
  /** The base subject in upper case, for comparison. */
  readonly base: string;
  /** Whether a prefix or suffix of a reply or a forward was removed. */
  readonly isReply: boolean;
}

/** Returns the base subject. @param subject already decoded (RFC 2047) */
export function baseSubject(subject: string): BaseSubject {
  let text = subject.slice(0, MAX_SUBJECT).replace(/\s+/g, ' ').trim();
  let isReply = false;
  for (let before = ''; before !== text;) {
    before = text;
    if (TRAILER.test(text)) [text, isReply] = [text.replace(TRAILER, ''), true];
    text = text.trim();
    const leader = skipBlobs(text);
    if (REPLY.test(leader)) [text, isReply] = [leader.replace(REPLY, ''), true];
    else if (BLOB.test(text) && text.replace(BLOB, '') !== '') text = text.replace(BLOB, '');
    if (/^\[fwd:.*\]$/i.test(text)) [text, isReply] = [text.slice(5, -1).trim(), true];
  }
  return { base: text.toUpperCase(), isReply };
}

function skipBlobs(text: string): string {
  let rest = text;
  while (BLOB.test(rest)) rest = rest.replace(BLOB, '');
  return rest;
}
