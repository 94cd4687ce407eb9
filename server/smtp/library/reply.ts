/** The replies that smtp-server words itself, made replies of ours. */
import type { Reply } from '../reply.ts';

/** What the enhanced status code is asked for: a command's name, or nothing. */
type Context = string | false | undefined;

const isOpening = (context: Context): boolean =>
  context !== false && /^(?:EHLO|HELO|LHLO)$/.test(context ?? '');

/** Given a command's name the library leaves out the code, which only a greeting may lack (RFC 2034 §3). */
export const statusContext = (code: number, context: Context): Context =>
  isOpening(context) && code >= 400 ? undefined : context;

/** @param status the enhanced status code; empty where there is none */
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
