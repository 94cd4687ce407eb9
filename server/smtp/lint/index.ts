/** The protocol lint: everything that can be said of a message and the session it came by, at its capture. */
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import type { UnstuffedDot } from '../data-reader.ts';
import type { Departure } from './departure.ts';
import { finding } from './finding.ts';
import { lintHeader } from './header.ts';
import { lintOctets } from './octets.ts';
import { lintSession } from './session.ts';

/** What is known of how a message came; empty for one that did not come by SMTP. */
export interface Manner {
  readonly helo: string | null;
  /** What the dialogue noticed and accepted. */
  readonly departures: readonly Departure[];
  readonly unstuffedDot: UnstuffedDot | null;
}

export const UNKNOWN_MANNER: Manner = { helo: null, departures: [], unstuffedDot: null };

export function lint(raw: Buffer, envelope: Envelope, manner: Manner = UNKNOWN_MANNER): Finding[] {
  const found = [
    ...lintSession(manner.helo, manner.departures, envelope, raw.length),
    ...lintOctets(raw, envelope.from.parameters),
    ...lintHeader(raw),
  ];
  const dot = manner.unstuffedDot;
  if (dot !== null) {
    found.push(finding('dot-not-stuffed', { offset: dot.offset }));
    if (dot.loneLineEnd) found.push(finding('smuggling-sequence', { offset: dot.offset }));
  }
  return found;
}
