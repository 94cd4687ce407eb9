/** Departures from the protocol that the dialogue detects and accepts; the check `protocol` makes findings of them. */
import type { UnstuffedDot } from './data-reader.ts';

/** The departures by their ids, which are rules of the check, too. */
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
  /** The text that departs, shortened; the finding shows it. */
  readonly excerpt?: string;
}

/** Characters of a departing text that its finding shows. */
const EXCERPT = 60;

export const departure = (rule: DepartureId, text?: string): Departure =>
  text === undefined ? { rule } : { rule, excerpt: text.slice(0, EXCERPT) };

/** How a message was sent. */
export interface Manner {
  /** The name that the client gave with HELO or EHLO. */
  readonly helo: string | null;
  readonly departures: readonly Departure[];
  readonly unstuffedDot: UnstuffedDot | null;
}

/** The manner of a message that SMTP did not transfer. */
export const UNKNOWN_MANNER: Manner = { helo: null, departures: [], unstuffedDot: null };
