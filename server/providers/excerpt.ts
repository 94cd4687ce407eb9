/** Shortens the JSON of a request before it is stored with the message that it describes. */

/** The maximum number of characters of a text, for example of an HTML body. */
const MAX_TEXT = 100_000;
/** The maximum number of characters of a text in an attachment: the attachment itself is in the message. */
const MAX_FILE_TEXT = 200;
/** The maximum number of characters of all texts together. */
const MAX_TOTAL = 400_000;
/** The maximum number of members and items. */
const MAX_VALUES = 5_000;
const MAX_DEPTH = 32;

/** Names of members that contain files or whole messages in Base64. */
const FILES = /^(?:attachments?|inline|images|inlineattachments|raw|rawmessage)$/i;

/**
 * Returns a copy of a JSON value whose long texts are cut; the end of a cut text gives the number of removed
 * characters.
 */
export function excerptOf(request: unknown): unknown {
  let left = MAX_TOTAL;
  let values = MAX_VALUES;

  const text = (value: string, limit: number): string => {
    const kept = Math.min(value.length, limit, Math.max(0, left));
    left -= kept;
    return kept === value.length
      ? value
      : `${value.slice(0, kept)}… (${value.length - kept} more characters)`;
  };
  const copy = (value: unknown, limit: number, depth: number): unknown => {
    if (typeof value === 'string') return text(value, limit);
    if (typeof value !== 'object' || value === null) return value;
    values--;
    if (depth > MAX_DEPTH || values < 0) return '…';
    if (Array.isArray(value)) return value.map((item) => copy(item, limit, depth + 1));
    const members = Object.entries(value).map(([name, member]): [string, unknown] => [
      name,
      copy(member, FILES.test(name) ? MAX_FILE_TEXT : limit, depth + 1),
    ]);
    return Object.fromEntries(members);
  };
  return copy(request, MAX_TEXT, 0);
}
