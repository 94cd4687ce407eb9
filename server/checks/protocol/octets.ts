/** The protocol rules about the octets of a message: line ends, line lengths and forbidden octets. */
import { isAscii } from 'node:buffer';
import type { EsmtpParameters } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import { bodyStartOf } from '../../message/body-start.ts';
import { find, type ProtocolRule } from './catalogue.ts';

const LF = 10;
const CR = 13;
const DOT = 46;
/** The maximum length of a line in octets, without its CRLF (RFC 5321 §4.5.3.1.6). */
const MAX_LINE = 998;
/** The maximum number of characters of a line that a finding quotes. */
const EXCERPT = 60;

function place(
  raw: Buffer,
  offset: number,
): { offset: number; line: number; column: number; excerpt: string } {
  let line = 1;
  let lineStart = 0;
  for (let at = raw.indexOf(LF); at !== -1 && at < offset; at = raw.indexOf(LF, at + 1)) {
    line++;
    lineStart = at + 1;
  }
  const end = raw.indexOf(LF, offset);
  const shown = raw.subarray(lineStart, Math.min(end === -1 ? raw.length : end, lineStart + EXCERPT));
  return { offset, line, column: offset - lineStart + 1, excerpt: shown.toString('latin1').trimEnd() };
}

/** The offsets of the first bare line feed and of the first line that is too long; −1 if there is none. */
interface LineFaults {
  bareLf: number;
  longLine: number;
}

function lineFaults(raw: Buffer): LineFaults {
  const faults: LineFaults = { bareLf: -1, longLine: -1 };
  let start = 0;
  for (let end = raw.indexOf(LF); ; end = raw.indexOf(LF, start)) {
    const last = end === -1 ? raw.length : end;
    const strict = end !== -1 && raw[end - 1] === CR && end > start;
    if (end !== -1 && !strict && faults.bareLf === -1) faults.bareLf = end;
    if (last - start - (strict ? 1 : 0) > MAX_LINE && faults.longLine === -1) faults.longLine = start;
    if (end === -1) return faults;
    start = end + 1;
  }
}

function bareCr(raw: Buffer): number {
  let at = raw.indexOf(CR);
  while (at !== -1 && raw[at + 1] === LF) at = raw.indexOf(CR, at + 1);
  return at;
}

/**
 * Returns the offset of the first line that consists of one dot, unless the line ends before and after the dot are
 * both CRLF; −1 if there is none. Such a line is used for SMTP smuggling.
 */
function smugglingSequence(raw: Buffer): number {
  const isEnd = (octet: number | undefined): boolean => octet === LF || octet === CR;
  for (let at = raw.indexOf(DOT); at !== -1; at = raw.indexOf(DOT, at + 1)) {
    if (!isEnd(raw[at - 1]) || !isEnd(raw[at + 1])) continue;
    const strictBefore = raw[at - 2] === CR && raw[at - 1] === LF;
    const strictAfter = raw[at + 1] === CR && raw[at + 2] === LF;
    if (!strictBefore || !strictAfter) return at;
  }
  return -1;
}

export function octetFindings(raw: Buffer, parameters: EsmtpParameters): Finding[] {
  const found: Finding[] = [];
  const at = (rule: ProtocolRule, offset: number): void => {
    if (offset !== -1) found.push(find(rule, place(raw, offset)));
  };
  const declared = typeof parameters['BODY'] === 'string' ? parameters['BODY'].toUpperCase() : null;
  const body = bodyStartOf(raw);
  // A body that was sent with BODY=BINARYMIME is not divided into lines and may contain any octets (RFC 3030
  // §3), so only the header is checked.
  const inLines = declared === 'BINARYMIME' ? raw.subarray(0, body) : raw;
  const { bareLf, longLine } = lineFaults(inLines);
  const loneCr = bareCr(inLines);
  at('bare-lf', bareLf);
  at('bare-cr', loneCr);
  if (bareLf !== -1 || loneCr !== -1) at('smuggling-sequence', smugglingSequence(inLines));
  at('line-too-long', longLine);
  at('nul-octet', inLines.indexOf(0));
  if (isAscii(raw)) return found;
  const smtpUtf8 = parameters['SMTPUTF8'] !== undefined;
  if (!smtpUtf8 && !isAscii(raw.subarray(0, body))) found.push(find('utf8-header-without-smtputf8'));
  const eightBitMime = declared === '8BITMIME' || declared === 'BINARYMIME';
  if (!eightBitMime && !isAscii(raw.subarray(body))) found.push(find('8bit-without-8bitmime'));
  return found;
}
