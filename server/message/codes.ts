/**
 * One-time codes: the candidates of a message, likeliest first, each with a confidence and the text around it.
 *
 * A candidate is four to eight digits, together or grouped by blanks or dashes, or a short run of capitals and
 * digits. It gains by a word like *code*, *PIN* or its translations near it (before more than after, near more
 * than far), by standing alone in its line, by having six digits, and by standing in the subject. It loses by what
 * says that the number is something else: order, phone and reference numbers, years, prices, units, addresses.
 * Colours, dates, times, amounts and whatever stands in a link are no candidates at all.
 *
 * Equal confidence is a tie and stays one: the order is then that of the message, and a caller who needs the one
 * code should refuse to choose. A header `OTP-Token` (draft-goto-otp-token) is certain.
 */
import { CODE_WORDS, LETTERS, NO_CODES, OTHER_CODE, OTHER_NUMBERS, UNITS } from './code-words.ts';

export interface MessageCode {
  /** As it is to be typed: grouping removed from digits, dashes kept between letters. */
  readonly value: string;
  /** 0 to 1. From 0.5 on the message says that it is a code. */
  readonly confidence: number;
  /** The text around it, on one line. */
  readonly context: string;
}

export interface CodeSources {
  readonly subject: string;
  /** Text, and text of the HTML; a code in several of them counts once. */
  readonly texts: readonly string[];
  /** Values of OTP-Token headers. */
  readonly tokens: readonly string[];
}

/** Characters read of each text: codes stand at the top. */
const MAX_TEXT = 100_000;
/** Candidates weighed in each text. */
const MAX_CANDIDATES = 500;
/** Codes returned. */
const MAX_CODES = 20;
/** Less is no candidate worth naming. */
const LEAST = 0.2;
/** Characters between a word and a code beyond which they have nothing to do with each other. */
const FAR = 300;
const FAR_AFTER = 120;
/** Characters of context on either side. */
const CONTEXT = 50;

const BEFORE = String.raw`(?<![${LETTERS}\p{N}_@/\\=&?#%+€$£¥₽.,-]|[€$£¥₽#+]\s)`;
const AFTER = String.raw`(?![${LETTERS}\p{N}_@/\\=&%€$£¥₽]|[.,:'’-]\d|-\p{L}|\s?[€$£¥₽%])`;
const CANDIDATE = new RegExp(
  BEFORE +
    String.raw`(?:(?<grouped>\d{3}[ \u00a0-]\d{3}|\d{4}[ \u00a0-]\d{4}|\d{2}[ \u00a0-]\d{2}[ \u00a0-]\d{2}|\d(?:[ \u00a0]\d){3,7})(?![ -]\d)` +
    String.raw`|(?<digits>\d{4,8})` +
    String.raw`|\p{Lu}{1,3}-(?<prefixed>\d{4,8})` +
    String.raw`|(?<dashed>[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,6}){1,3})` +
    String.raw`|(?<letters>[A-Z0-9]{4,10}|(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{5,10}|(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{5,8}))` +
    AFTER,
  'gu',
);

/** Addresses of any kind: numbers in them are no codes. Blanked out, so that offsets stay. */
const ADDRESSES = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+|\bwww\.\S+|[^\s@<>]{1,64}@[^\s@<>]{1,255}/giu;
/** Dates and times in figures. */
const MOMENTS = /\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
/** Telephone numbers: a plus sign or an area code in brackets, then groups. */
const PHONES =
  /(?:\+\d{1,3}|\(\d{2,5}\))[\s./-]?\d[\d\s./-]{4,16}\d|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|\b1-8\d\d-[\w-]{7,}/g;
const MONTHS =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?$|\b\d{1,2}[./]\s?$/i;

interface Line {
  readonly start: number;
  readonly end: number;
}

interface Text {
  readonly text: string;
  /** Ends of the words that announce a code, and their starts, ascending. */
  readonly words: readonly { readonly start: number; readonly end: number }[];
  readonly isSubject: boolean;
}

const blank = (match: string): string => ' '.repeat(match.length);

function prepare(source: string, isSubject: boolean): Text {
  const text = source
    .slice(0, MAX_TEXT)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .replace(ADDRESSES, blank)
    .replace(PHONES, blank)
    .replace(MOMENTS, blank);
  const words = [...text.matchAll(CODE_WORDS)]
    .filter((match) => !OTHER_CODE.test(text.slice(Math.max(0, match.index - 20), match.index)))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return { text, words, isSubject };
}

function lineAt(text: string, start: number, end: number): Line {
  const feed = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: feed === -1 ? text.length : feed };
}

/** What the nearest word that announces a code is worth: 0 when none is near. */
function nearness({ text, words }: Text, start: number, end: number): number {
  let best = 0;
  for (const word of words) {
    if (word.end < start - FAR) continue;
    if (word.start > end + FAR_AFTER) break;
    if (word.end <= start) {
      const between = text.slice(word.end, start);
      const distance = between.length;
      // A sentence or a line that ends between them sets them apart.
      const apart = (between.match(/[.!?](?=\s)|\n/g)?.length ?? 0) * 20;
      const gap = distance + Math.max(0, apart - 20);
      best = Math.max(best, gap <= 30 ? 0.65 : gap <= 80 ? 0.55 : gap <= 160 ? 0.4 : gap <= 300 ? 0.2 : 0);
    } else if (word.start >= end) {
      const gap = word.start - end;
      best = Math.max(best, gap <= 30 ? 0.55 : gap <= 80 ? 0.4 : 0.15);
    }
  }
  return best;
}

interface Candidate {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly digits: boolean;
}

function candidateOf(match: RegExpExecArray): Candidate {
  const { grouped, digits, prefixed, dashed, letters } = match.groups ?? {};
  const number = digits ?? prefixed ?? grouped?.replace(/[^\d]/g, '');
  const value = number ?? dashed ?? letters ?? match[0];
  return {
    value,
    start: match.index,
    end: match.index + match[0].length,
    digits: number !== undefined || /^[\d-]+$/.test(value),
  };
}

/** The confidence in one candidate; 0 when it is none. */
function weigh(source: Text, candidate: Candidate): number {
  const { text } = source;
  const { value, start, end } = candidate;
  const line = lineAt(text, start, end);
  const before = text.slice(Math.max(line.start, start - 40), start);
  const after = text.slice(end, Math.min(line.end, end + 20));
  const alone =
    /^[\s*_>|"'`([]*$/.test(text.slice(line.start, start)) &&
    /^[\s*_|"'`)\].]*$/.test(text.slice(end, line.end));
  if (UNITS.test(after) || MONTHS.test(before)) return 0;
  const near = nearness(source, start, end);
  let confidence = near;
  if (candidate.digits) {
    if (value.length > 8 || value.length < 4) return 0;
    if (/^(?:19|20)\d\d$/.test(value)) confidence -= near >= 0.65 || alone ? 0.15 : 0.6;
    if (value.length === 6) confidence += 0.12;
    if (/^(\d)\1+$/.test(value)) confidence -= 0.1;
    if (near === 0 && !alone) confidence -= 0.1;
    // `CA 94105`, `10115 Berlin`: postal codes.
    if (value.length === 5 && (/\b[A-Z]{2} $/.test(before) || /^ \p{Lu}\p{Ll}/u.test(after)))
      confidence -= 0.4;
  } else {
    // Letters need the message's word for it: nearly every text has words in capitals.
    if (NO_CODES.has(value) || near < 0.5) return 0;
    const mixed = /\d/.test(value) && /\p{L}/u.test(value);
    const announced = /[:：]\s*$|\b(?:is|ist|est|es|är|は)\s*$/u.test(before);
    if (!mixed && !alone && !announced && !value.includes('-')) return 0;
    if (/^[a-z0-9]+$/.test(value) && !alone && !announced) confidence -= 0.2;
    confidence += mixed ? 0.05 : -0.1;
  }
  if (alone) confidence += 0.18;
  if (source.isSubject && near > 0) confidence += 0.1;
  if (OTHER_NUMBERS.test(before)) confidence -= 0.5;
  return Math.max(0, Math.min(0.99, confidence));
}

/** Whole words around a code; a long one that reaches the code is cut. */
function contextOf(text: string, { start, end }: Candidate): string {
  const from = Math.max(0, start - CONTEXT);
  const before = text.slice(from, start);
  const after = text.slice(end, end + CONTEXT);
  const isCutBefore = from > 0 && /\S/.test(text[from - 1] ?? '');
  const isCutAfter = /\S/.test(text[end + CONTEXT] ?? '');
  return (
    (isCutBefore ? before.replace(/^\S+(?=\s)/, '') : before) +
    text.slice(start, end) +
    (isCutAfter ? after.replace(/(?<=\s)\S+$/, '') : after)
  )
    .replace(/\s+/g, ' ')
    .trim();
}

/** The passcode of an OTP-Token header: a structured-field string; several headers make none valid. */
function tokenCode(values: readonly string[]): MessageCode[] {
  const value = values.length === 1 ? values[0] : undefined;
  const match = value === undefined ? null : /^\s*"((?:[^"\\]|\\["\\]){1,64})"\s*(?:;|$)/.exec(value);
  if (match === null) return [];
  return [
    { value: (match[1] ?? '').replace(/\\(.)/g, '$1'), confidence: 1, context: `OTP-Token: ${value ?? ''}` },
  ];
}

/** The codes of a message, likeliest first; see above for what ties mean. */
export function findCodes(sources: CodeSources): readonly MessageCode[] {
  const best = new Map<string, MessageCode>();
  const offer = (code: MessageCode): void => {
    const known = best.get(code.value);
    if (known === undefined || known.confidence < code.confidence) best.set(code.value, code);
  };
  tokenCode(sources.tokens).forEach(offer);
  const texts = [prepare(sources.subject, true), ...sources.texts.map((text) => prepare(text, false))];
  for (const source of texts) {
    let weighed = 0;
    for (const match of source.text.matchAll(CANDIDATE)) {
      if (++weighed > MAX_CANDIDATES) break;
      const candidate = candidateOf(match);
      const confidence = Math.round(weigh(source, candidate) * 100) / 100;
      if (confidence >= LEAST)
        offer({ value: candidate.value, confidence, context: contextOf(source.text, candidate) });
    }
  }
  // A stable sort: candidates of equal confidence stay in the order of the message.
  return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, MAX_CODES);
}
