/**
 * Deviations of a client from the SMTP protocol that the session detects and accepts; the check `protocol`
 * reports them as findings.
 */
import type { UnstuffedDot } from './data-reader.ts';

/** The ids of the deviations from the protocol, which are also ids of rules of the check `protocol`. */
export type DepartureId =
  | 'helo-missing'
  | 'blank-in-command'
  | 'command-not-utf8'
  | 'bare-lf-command'
  | 'early-talker'
  | 'space-in-path-command'
  | 'path-without-brackets'
  | 'address-malformed'
  | 'address-without-domain'
  | 'repeated-parameter'
  | 'parameter-malformed'
  | 'source-route';

export interface Departure {
  readonly rule: DepartureId;
  /** The text that deviates from the protocol, shortened; the finding shows it. */
  readonly excerpt?: string;
}

/** The maximum number of characters of the client's text that is stored with a deviation; the rest is cut off. */
const EXCERPT = 60;

export const departure = (rule: DepartureId, text?: string): Departure =>
  text === undefined ? { rule } : { rule, excerpt: text.slice(0, EXCERPT) };

/**
 * The transmission details of a message: the client's name from HELO, and the client's deviations from the protocol.
 */
export interface Manner {
  /** The name that the client gave with HELO or EHLO. */
  readonly helo: string | null;
  readonly departures: readonly Departure[];
  readonly unstuffedDot: UnstuffedDot | null;
}

/** The transmission details of a message that was not received by SMTP: no client name and no deviations. */
export const UNKNOWN_MANNER: Manner = { helo: null, departures: [], unstuffedDot: null };
