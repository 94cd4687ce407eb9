/**
 * SMTP replies (RFC 5321 §4.2) with enhanced status codes (RFC 2034): their type, their text form, and a parser for
 * replies in options and rules.
 */

export interface Reply {
  readonly code: number;
  /** The enhanced status code, for example `5.7.1`; `null` to send none. */
  readonly status: string | null;
  /** The text of the reply; lines are separated by `\n`. */
  readonly text: string;
  /** Whether the server closes the connection after the reply; after a reply 421 it always does. */
  readonly close?: boolean;
}

/** A reply that is thrown to refuse a command. */
export class SmtpReply extends Error implements Reply {
  override readonly name = 'SmtpReply';
  readonly code: number;
  readonly status: string | null;
  readonly close: boolean;

  constructor(code: number, status: string | null, text: string, close = false) {
    super(text);
    this.code = code;
    this.status = status;
    this.close = close;
  }

  get text(): string {
    return this.message;
  }
}

/** Thrown to end the connection without a reply, as a crashed server or a network failure does. */
export class SmtpDisconnect extends Error {
  override readonly name = 'SmtpDisconnect';

  constructor() {
    super('disconnected on purpose');
  }
}

export const reply = (code: number, status: string | null, text: string): Reply => ({ code, status, text });

/**
 * Matches characters that a reply must not contain: they could be read as the start of another line, or as
 * commands of a terminal.
 */
// eslint-disable-next-line no-control-regex -- the expression must find control characters
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** Returns the lines of a reply, without their CRLF. */
export function replyLines({ code, status, text }: Reply): string[] {
  const prefix = status === null ? '' : `${status} `;
  const lines = text.split('\n').map((line) => `${prefix}${line.replaceAll(CONTROL, ' ')}`);
  return lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${line}`);
}

/** Returns a reply as one line, for logs and the UI. */
export const replyText = (of: Reply): string => replyLines(of).join(' / ').trimEnd();

const PATTERN = /^([2-5][0-5]\d)(?:[ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/s;

/** The default text of a reply for which only the code is given, by the first digit of the code. */
const usual: Readonly<Record<string, string>> = {
  '2': 'Ok',
  '3': 'Go ahead',
  '4': 'Try again later',
  '5': 'Refused',
};

/**
 * Parses a reply such as `451 4.7.1 Try later`, `451 Try later` or `451`; returns `null` when the text is not a
 * reply.
 */
export function parseReply(text: string): Reply | null {
  const match = PATTERN.exec(text.trim());
  const code = match?.[1];
  if (match === null || code === undefined) return null;
  const status = match[2] ?? null;
  // The reply code and the enhanced status code must have the same first digit (RFC 2034 §4).
  if (status !== null && !status.startsWith(code.charAt(0))) return null;
  const words = match[3]?.trim() ?? '';
  return { code: Number(code), status, text: words === '' ? (usual[code.charAt(0)] ?? '') : words };
}
