/** The names of tags in Mailpit, and the tags in the header field X-Tags. */
import { bodyStartOf } from '../../message/body-start.ts';
import { decodeWords, headerValues, parseHeaders } from '../../message/header.ts';

const MAX_TAG = 100;

/**
 * Returns a tag in the form in which Mailpit stores it: every character that is not permitted in a tag becomes
 * a space, and a long tag is cut.
 */
export const cleanTag = (tag: string): string =>
  tag
    .replaceAll(/[^a-zA-Z0-9\- _.@]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TAG);

/** Returns the tags without blank tags and without repetitions in another case. */
export function cleanTags(tags: readonly string[]): readonly string[] {
  const byName = new Map<string, string>();
  for (const tag of tags.map(cleanTag)) {
    if (tag !== '' && !byName.has(tag.toLowerCase())) byName.set(tag.toLowerCase(), tag);
  }
  return [...byName.values()];
}

/** Returns the tags of the header fields X-Tags at the beginning of a message. */
export function headerTags(head: Buffer): readonly string[] {
  const headers = parseHeaders(head.subarray(0, bodyStartOf(head)));
  return cleanTags(headerValues({ headers }, 'x-tags').flatMap((value) => decodeWords(value).split(',')));
}
