/**
 * Status responses (RFC 9051 §7.1) as values. A command that fails throws one; `statusOf` turns anything else
 * that was thrown into one, and `statusText` is the only place where either becomes text for the wire.
 */
import { StoreError } from '../../store/store.ts';

export type StatusKind = 'OK' | 'NO' | 'BAD' | 'BYE';

/** Every response code that is sent (RFC 9051 §7.1 and the extensions): clients act on these, not on the text. */
export const RESPONSE_CODES = [
  'ALREADYEXISTS',
  'APPENDUID',
  'AUTHENTICATIONFAILED',
  'BADCHARSET',
  'BADURL',
  'CANNOT',
  'CAPABILITY',
  'CLOSED',
  'COPYUID',
  'EXPUNGEISSUED',
  'HIGHESTMODSEQ',
  'LIMIT',
  'MAILBOXID',
  'MODIFIED',
  'NONEXISTENT',
  'NOPERM',
  'PERMANENTFLAGS',
  'PRIVACYREQUIRED',
  'READ-ONLY',
  'READ-WRITE',
  'SERVERBUG',
  'TOOBIG',
  'TRYCREATE',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNAVAILABLE',
  'UNKNOWN-CTE',
  'UNSEEN',
  'USEATTR',
] as const;
type CodeName = (typeof RESPONSE_CODES)[number];

/** What stands in the brackets, without them: a name, and for some what it says. */
export type ResponseCode = CodeName | `${CodeName} ${string}`;

/** A status response to send. */
export class Status extends Error {
  override readonly name = 'Status';
  readonly kind: StatusKind;
  readonly code: ResponseCode | null;

  constructor(kind: StatusKind, code: ResponseCode | null, text: string) {
    super(text);
    this.kind = kind;
    this.code = code;
  }
}

/** The command was understood and cannot be done. */
export const no = (code: ResponseCode | null, text: string): Status => new Status('NO', code, text);

/** The command was not understood, or not allowed now. */
export const bad = (text: string, code: ResponseCode | null = null): Status => new Status('BAD', code, text);

/** The connection ends. */
export const bye = (text: string, code: ResponseCode | null = null): Status => new Status('BYE', code, text);

/** One line of the wire: `tag` is `*` for an untagged response. */
export function statusText(tag: string, kind: StatusKind, code: ResponseCode | null, text: string): string {
  return `${tag} ${kind} ${code === null ? '' : `[${code}] `}${oneLine(text)}\r\n`;
}

/** What to answer for something thrown; `null` when it is a fault of ours that the log should hear of. */
export function statusOf(thrown: unknown): Status | null {
  if (thrown instanceof Status) return thrown;
  if (!(thrown instanceof StoreError)) return null;
  switch (thrown.code) {
    case 'exists':
      return no('ALREADYEXISTS', thrown.message);
    case 'not-found':
      return no('NONEXISTENT', thrown.message);
    case 'invalid-name':
      return no('CANNOT', thrown.message);
    case 'closed':
    case 'locked':
      return no('UNAVAILABLE', 'The store is not available');
    case 'unwritable':
      return no('UNAVAILABLE', thrown.message);
    case 'invalid-cursor':
    case 'io':
    case 'newer':
      return null;
  }
}

/** The answer when `statusOf` has none: says nothing of our insides. */
export const SERVER_FAULT = no('SERVERBUG', 'Internal error, see the server log');

/** Response text is ASCII on one line: whatever a client or a message brought into it is made so. */
function oneLine(text: string): string {
  const line = text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 500);
  return line === '' ? '.' : line;
}
