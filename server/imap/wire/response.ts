/**
 * Status responses (RFC 9051 §7.1) as values. A command that fails throws a `Status`, `statusOf` converts other
 * errors to a `Status`, and only `statusText` formats it for the client.
 */
import { StoreError } from '../../store/store.ts';

export type StatusKind = 'OK' | 'NO' | 'BAD' | 'BYE';

/**
 * All response codes that the server sends (RFC 9051 §7.1 and extensions). Clients interpret the codes, not the texts.
 */
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

/** The text in the brackets of a status response: the name of a response code, with arguments for some codes. */
export type ResponseCode = CodeName | `${CodeName} ${string}`;

/** A status response to send to the client; thrown as an error by a command that fails. */
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

/** The `NO` response: the command is valid but failed. */
export const no = (code: ResponseCode | null, text: string): Status => new Status('NO', code, text);

/** The `BAD` response: the command is invalid, or not allowed in this state. */
export const bad = (text: string, code: ResponseCode | null = null): Status => new Status('BAD', code, text);

/** The `BYE` response: the server closes the connection. */
export const bye = (text: string, code: ResponseCode | null = null): Status => new Status('BYE', code, text);

/** The response to a command with a message for which memory and the disk have no room. */
export const NO_ROOM = no('LIMIT', 'There is no room for the message, try again later');

/** Formats a status response as one line. @param tag `*` for an untagged response */
export function statusText(tag: string, kind: StatusKind, code: ResponseCode | null, text: string): string {
  return `${tag} ${kind} ${code === null ? '' : `[${code}] `}${oneLine(text)}\r\n`;
}

/** Returns the status response for an error; `null` for an unexpected error, which must be logged. */
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
    case 'unavailable':
    case 'busy':
      return no('UNAVAILABLE', thrown.message);
    case 'invalid-cursor':
    case 'io':
    case 'newer':
      return null;
  }
}

/** The response to a command that failed with an unexpected error. It reveals no details. */
export const SERVER_FAULT = no('SERVERBUG', 'Internal error, see the server log');

/** Makes text from clients or messages valid in a response: ASCII on one line. */
function oneLine(text: string): string {
  const line = text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 500);
  return line === '' ? '.' : line;
}
