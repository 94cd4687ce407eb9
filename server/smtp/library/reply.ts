/** Converts the replies that smtp-server creates to this server's replies. */
import type { Reply } from '../reply.ts';

/** The argument that selects the enhanced status code in smtp-server: a command's name, or nothing. */
type Context = string | false | undefined;

const isOpening = (context: Context): boolean =>
  context !== false && /^(?:EHLO|HELO|LHLO)$/.test(context ?? '');

/**
 * Returns the context to pass to smtp-server. For a greeting command the library omits the enhanced status code,
 * but only positive replies to a greeting may lack it (RFC 2034 §3).
 */
export const statusContext = (code: number, context: Context): Context =>
  isOpening(context) && code >= 400 ? undefined : context;

/**
 * Converts a reply of the library.
 *
 * @param status the enhanced status code; empty for a reply without one
 */
export function libraryReply(
  code: number,
  status: string,
  data: string | readonly string[] | null | undefined,
): Reply {
  const lines = typeof data === 'string' ? data : (data ?? []).join('\n');
  const text = lines.replace(/^Error: /, '');
  return {
    code,
    status: status === '' ? null : status,
    text: code >= 400 ? text.replace(/^[a-z]/, (letter) => letter.toUpperCase()) : text,
  };
}
