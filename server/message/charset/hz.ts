/** HZ (RFC 1843): GB 2312 in seven bits, between `~{` and `~}`. One pass into one buffer. */
import { codedSet } from './sets.ts';
import { REPLACEMENT, TextBuffer } from './text-buffer.ts';

const LF = 0x0a;
const CR = 0x0d;
const TILDE = 0x7e;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** @param cut whether the text continues after `bytes`; half a character at the end is then left out */
export function decodeHz(bytes: Buffer, cut = false): string {
  const out = new TextBuffer(bytes.length);
  const { units } = codedSet('gb2312');
  let chinese = false;
  for (let at = 0; at < bytes.length;) {
    const octet = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (octet === TILDE && (next === OPEN || next === CLOSE)) {
      chinese = next === OPEN;
      at += 2;
    } else if (octet === TILDE && !chinese && next === TILDE) {
      out.push(TILDE);
      at += 2;
    } else if (octet === TILDE && !chinese && (next === LF || next === CR)) {
      // A line that continues on the next one.
      at += next === CR && bytes[at + 2] === LF ? 3 : 2;
    } else if (chinese && octet > 0x20 && octet < TILDE) {
      if (next !== undefined && next > 0x20 && next < 0x7f) {
        out.push(units[(octet - 0x21) * 94 + next - 0x21] ?? REPLACEMENT);
        at += 2;
      } else {
        if (next !== undefined || !cut) out.push(REPLACEMENT);
        at++;
      }
    } else {
      // A line ends in ASCII whatever was before (RFC 1843 §2).
      if (octet === LF || octet === CR) chinese = false;
      if (octet !== TILDE || next !== undefined || !cut) out.push(octet < 0x80 ? octet : REPLACEMENT);
      at++;
    }
  }
  return out.toString();
}
