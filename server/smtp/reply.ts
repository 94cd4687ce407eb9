/** SMTP replies (RFC 5321 §4.2) with enhanced status codes (RFC 2034): as values, and as text for the wire. */

export interface Reply {
  readonly code: number;
  /** Enhanced status code, e.g. `5.7.1`; `null` to send none. */
  readonly status: string | null;
  /** Lines are separated by `\n`. */
  readonly text: string;
  /** Close the connection after the reply; 421 does so anyhow. */
  readonly close?: boolean;
}

/** A reply thrown to refuse. */
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

/** Thrown to end the connection without a word, as a crashed server or a cut cable does. */
export class SmtpDisconnect extends Error {
  override readonly name = 'SmtpDisconnect';

  constructor() {
    super('disconnected on purpose');
  }
}

export const reply = (code: number, status: string | null, text: string): Reply => ({ code, status, text });

// What a reply may not hold: whatever could be read as another line, or as terminal commands.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** The lines of a reply, without their CRLF. */
export function replyLines({ code, status, text }: Reply): string[] {
  const prefix = status === null ? '' : `${status} `;
  const lines = text.split('\n').map((line) => `${prefix}${line.replaceAll(CONTROL, ' ')}`);
  return lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${line}`);
}

/** A reply on one line, for people. */
export const replyText = (of: Reply): string => replyLines(of).join(' / ').trimEnd();

const PATTERN = /^([2-5][0-5]\d)(?:[ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/s;

/** What to say where only a code is given. */
const usual: Readonly<Record<string, string>> = {
  '2': 'Ok',
  '3': 'Go ahead',
  '4': 'Try again later',
  '5': 'Refused',
};

/** Reads `451 4.7.1 Try later`, also `451 Try later` and `451`; `null` when it is no reply. */
export function parseReply(text: string): Reply | null {
  const match = PATTERN.exec(text.trim());
  const code = match?.[1];
  if (match === null || code === undefined) return null;
  const status = match[2] ?? null;
  // The class of both codes must agree (RFC 2034 §4).
  if (status !== null && !status.startsWith(code.charAt(0))) return null;
  const words = match[3]?.trim() ?? '';
  return { code: Number(code), status, text: words === '' ? (usual[code.charAt(0)] ?? '') : words };
}
