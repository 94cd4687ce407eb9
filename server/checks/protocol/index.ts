/**
 * The check `protocol`: departures from RFC 5321 and 5322 that a stricter server would punish, in the octets of a message and
 * in the session that transferred it. Pure: the same octets and session give the same findings. Capture runs it once.
 */
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import { UNKNOWN_MANNER, type Manner } from '../../smtp/departure.ts';
import { find } from './catalogue.ts';
import { headerFindings } from './header.ts';
import { octetFindings } from './octets.ts';
import { sessionFindings } from './session.ts';

/** The findings of a message in the order session, octets, header. */
export function protocolFindings(
  raw: Buffer,
  envelope: Envelope,
  manner: Manner = UNKNOWN_MANNER,
): readonly Finding[] {
  const found = [
    ...sessionFindings(manner.helo, manner.departures, envelope, raw.length),
    ...octetFindings(raw, envelope.from.parameters),
    ...headerFindings(raw),
  ];
  const dot = manner.unstuffedDot;
  if (dot !== null) {
    found.push(find('dot-not-stuffed', { offset: dot.offset }));
    if (dot.loneLineEnd) found.push(find('smuggling-sequence', { offset: dot.offset }));
  }
  return found;
}
