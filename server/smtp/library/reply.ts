/** Converts the replies that the package smtp-server creates to replies of this server. */
import type { Reply } from '../reply.ts';

/** The argument by which smtp-server chooses the enhanced status code of a reply: a command's name, or no value. */
type Context = string | false | undefined;

const isOpening = (context: Context): boolean =>
  context !== false && /^(?:EHLO|HELO|LHLO)$/.test(context ?? '');

/**
 * Returns the argument by which smtp-server chooses the enhanced status code. For HELO and EHLO the library
 * omits the code, but only positive replies to these commands may lack it (RFC 2034 §3).
 */
export const statusContext = (code: number, context: Context): Context =>
  isOpening(context) && code >= 400 ? undefined : context;

/**
 * Converts a reply of the package smtp-server to a reply of this server.
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
