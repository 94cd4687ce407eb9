/**
 * The check `protocol`: finds violations of RFC 5321 and RFC 5322 that Restante tolerated but a stricter
 * server would refuse, in the octets of a message and in the SMTP session that transferred it. The check is
 * pure: the same octets and session give the same findings. It runs once, when the message is captured.
 */
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import { UNKNOWN_MANNER, type Manner } from '../../smtp/departure.ts';
import { find } from './catalogue.ts';
import { headerFindings } from './header.ts';
import { octetFindings } from './octets.ts';
import { sessionFindings } from './session.ts';

/**
 * Returns the findings of the check `protocol`: first those about the session, then those about the octets,
 * then those about the header.
 */
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
