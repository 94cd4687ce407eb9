/**
 * Parses the replies of an SMTP server. The parser accepts malformed replies, because only the operator of that
 * server could correct them.
 */

export interface ServerReply {
  readonly code: number;
  /** The enhanced status code (RFC 2034), for example `5.1.1`; `null` for a reply without one. */
  readonly status: string | null;
  /** The text of all lines without their codes, joined by a space. */
  readonly text: string;
}

/** The maximum number of characters of a reply's text; the rest is cut off, so that replies do not fill the store. */
const MAX_TEXT = 1000;

/** Parses a reply; returns `null` for text that is not a reply. */
export function readServerReply(response: string): ServerReply | null {
  const lines = response.split(/\r?\n/).flatMap((line) => {
    const match = /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?:\s|$))?\s*(.*))?$/.exec(line);
    return match === null ? [] : [match];
  });
  const last = lines.at(-1);
  if (last === undefined) return null;
  const text = lines
    .map((line) => line[3] ?? '')
    .join(' ')
    .trim();
  return { code: Number(last[1]), status: last[2] ?? null, text: text.slice(0, MAX_TEXT) };
}

/** Returns a reply on one line, for example `550 5.1.1 No such user`. */
export const serverReplyText = ({ code, status, text }: ServerReply): string =>
  [String(code), status ?? '', text].filter((part) => part !== '').join(' ');
