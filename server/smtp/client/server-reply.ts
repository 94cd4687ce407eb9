/** What a server answered, as a client reads it: lenient, since it is theirs to get right. */

export interface ServerReply {
  readonly code: number;
  /** Enhanced status code (RFC 2034), e.g. `5.1.1`; `null` where there is none. */
  readonly status: string | null;
  /** Lines joined by a blank, codes left out. */
  readonly text: string;
}

/** Characters kept of a reply: enough to explain, too few to fill a store. */
const MAX_TEXT = 1000;

/** `null` for what is no reply. */
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

/** `550 5.1.1 No such user`, on one line. */
export const serverReplyText = ({ code, status, text }: ServerReply): string =>
  [String(code), status ?? '', text].filter((part) => part !== '').join(' ');
