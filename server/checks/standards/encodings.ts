/**
 * The standards rules about transfer encodings: whether a body matches its Content-Transfer-Encoding (RFC
 * 2045 §6).
 */
import { isAscii } from 'node:buffer';
import { partNumber, partsOf } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { MimePart } from '../../message/structure.ts';
import { MAX_READ, type CheckedMessage } from '../checked-message.ts';
import { find, type StandardsRule } from './catalogue.ts';

/** The maximum length of an encoded line in characters (RFC 2045 §6.7 (5), §6.8). */
const LINE = 76;

/** For each rule, the offset in the body where it is first violated; −1 if it is not violated. */
type Faults = readonly (readonly [rule: StandardsRule, at: number])[];

function firstLongLine(body: string): number {
  let start = 0;
  for (let feed = body.indexOf('\n'); start < body.length; feed = body.indexOf('\n', start)) {
    const end = feed === -1 ? body.length : feed;
    const length = end - start - (body[end - 1] === '\r' ? 1 : 0);
    if (length > LINE) return start;
    start = end + 1;
  }
  return -1;
}

function base64Faults(body: string, whole: boolean): Faults {
  const stray = /[^A-Za-z0-9+/=\s]/.exec(body)?.index ?? -1;
  const inside = stray === -1 ? body.search(/=[\s=]*[A-Za-z0-9+/]/) : stray;
  const digits = body.replace(/\s/g, '').length;
  const short = whole && inside === -1 && digits % 4 !== 0 ? 0 : -1;
  return [
    ['bad-base64', inside === -1 ? short : inside],
    ['base64-line-too-long', firstLongLine(body)],
  ];
}

function quotedPrintableFaults(body: string): Faults {
  // In quoted-printable, a = at the end of a line is a soft line break; some servers add blanks after it.
  const bad = body.search(/=(?![0-9A-Fa-f]{2}|[ \t]{0,75}(?:\r?\n|$))|[^\t\r\n -~]/);
  return [
    ['bad-quoted-printable', bad],
    ['quoted-printable-line-too-long', firstLongLine(body)],
  ];
}

function faultsOf(body: Buffer, encoding: string, whole: boolean): Faults {
  if (encoding === 'base64') return base64Faults(body.toString('latin1'), whole);
  if (encoding === 'quoted-printable') return quotedPrintableFaults(body.toString('latin1'));
  if (encoding !== '7bit' || isAscii(body)) return [];
  return [['8bit-in-7bit', body.findIndex((octet) => octet > 127)]];
}

const isLeaf = (part: MimePart): boolean => part.children.length === 0 && part.message === null;

export function* encodingFindings(message: CheckedMessage): Generator<Finding> {
  let left = MAX_READ;
  for (const part of partsOf(message.structure.root)) {
    if (!isLeaf(part) || left <= 0) continue;
    const end = Math.min(part.bodyEnd, part.bodyStart + left);
    const body = message.raw.subarray(part.bodyStart, end);
    left -= body.length;
    for (const [rule, at] of faultsOf(body, part.encoding, end === part.bodyEnd)) {
      if (at === -1) continue;
      yield find(rule, { part: partNumber(part), ...message.placeAt(part.bodyStart + at) });
    }
  }
}
