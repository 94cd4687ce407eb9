/**
 * Finds candidates for one-time codes: the numbers and words of a plain text that have the form of a one-time
 * code.
 */
import {
  CHECKOUT_AFTER,
  codeWords,
  DISCOUNT_AFTER,
  FIELD_AFTER,
  NO_CODES,
  NUMBER_IS,
  OTHER_NUMBER_AFTER,
  OTHER_NUMBERS,
  PREPOSITION_BEFORE,
  SHORT_NUMBER_BEFORE,
  YEAR_AFTER,
  YEAR_BEFORE,
  type CodeWord,
} from './words.ts';
import { asksForEntry, isEntered, isOpened, isUsed } from './entry.ts';
import { CURRENCY_BEFORE, UNIT_AFTER } from './units.ts';
import { LETTERS } from './whole-word.ts';

/** Maximum number of candidates for one-time codes that are read from one text. */
const MAX_CANDIDATES = 500;
/** Maximum number of characters that are read from the end of the line before the line of a candidate. */
const LINE_BEFORE = 120;
/**
 * Number of characters before a candidate that are searched for a word which shows that the candidate is not
 * a one-time code.
 */
const NAMED = 40;

const BEFORE = String.raw`(?<![${LETTERS}\p{N}_@/\\&?#%+€$£¥₽.,…•-]|[€$£¥₽#+]\s|\d[ -])`;
const AFTER = String.raw`(?![${LETTERS}\p{N}_@/\\=&%€$£¥₽]|[.:'’-]\d|,\d(?!\d?\s?[分秒小])|-\p{L}|\s?[€$£¥₽%])`;
// Matches a number or word with the form of a one-time code. Each lookahead is limited to the length of the
// longest code, because a long run of letters would otherwise be scanned again from each letter.
const CANDIDATE = new RegExp(
  BEFORE +
    String.raw`(?:(?<grouped>\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{2}|\d(?: \d){3,7})(?![ -]\d)` +
    String.raw`|(?<digits>\d{4,8})(?![ -]\d)` +
    String.raw`|(?<irregular>\d{1,4}(?:-\d{1,4}){1,3})(?![ -]\d)` +
    String.raw`|\p{Lu}{1,3}-(?<prefixed>\d{4,8})` +
    String.raw`|(?<dashed>[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,6}){1,3}(?!-)|(?=[\d-]{0,26}[A-Z])[A-Z0-9]{3,6}(?:-[A-Z0-9]{2,6}){1,3})` +
    String.raw`|(?<letters>[A-Z0-9]{4,10}|(?=[a-z]{0,9}\d)(?=\d{0,9}[a-z])[a-z0-9]{5,10}|(?=[A-Za-z]{0,7}\d)(?=\d{0,7}[A-Za-z])[A-Za-z0-9]{5,8}|(?=\p{Lu}{0,7}\d)(?=\d{0,7}\p{Lu})[\p{Script=Cyrillic}\p{Script=Greek}\d]{5,8}))` +
    AFTER,
  'gu',
);

const MONTHS =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?$|\b\d{1,2}[./]\s?$/i;

/** Matches a number that can be a year of the Gregorian calendar. */
export const YEAR = /^(?:19|20)\d\d$/;

/** Matches a number that can be a year, also in the Persian or the Thai calendar. */
const YEARS = /^(?:1[34]|19|20|25)\d\d$/;

/** Matches a number that can be a date with a year of two digits. */
const SHORT_DATE = /^\d{1,2}-(?:[0-2]?\d|3[01])-\d\d$/;

export interface Candidate {
  /** The code as a user enters it: digits without separators between groups, letters with their dashes. */
  readonly value: string;
  /** Offset of the candidate's first character in the plain text; `end` is the offset after its last character. */
  readonly start: number;
  readonly end: number;
  /** Whether the candidate consists of digits only. */
  readonly digits: boolean;
  /** Whether the candidate is the only text of its line, except for quotation marks and brackets. */
  readonly alone: boolean;
  /** The text before the candidate in its line; of a long text, the last `NAMED` characters. */
  readonly before: string;
  /** The previous line if the candidate is the only text of its line; else empty. */
  readonly lineBefore: string;
  /** The first characters of the next line if the candidate is the only text of its line; else empty. */
  readonly lineAfter: string;
  /**
   * The text after the candidate up to the end of its line, or of the next line if the sentence continues
   * there. Of a long text, the first `NAMED` characters.
   */
  readonly after: string;
  /**
   * Whether a word beside the candidate shows that the candidate is not a one-time code but, for example, an
   * order number or a year.
   */
  readonly isOtherNumber: boolean;
  /** Whether a noun directly before the candidate shows that it is not a one-time code (`booking K7XTQM`). */
  readonly isNamed: boolean;
  /** Whether the candidate is a code for a purpose other than authentication, such as a discount code. */
  readonly hasOtherPurpose: boolean;
  /** Whether a verb directly beside the candidate (`enter 123456`) tells the reader to enter the candidate. */
  readonly isEntered: boolean;
}

function valueOf(match: RegExpExecArray): { readonly value: string; readonly digits: boolean } {
  const { grouped, digits, irregular, prefixed, dashed, letters } = match.groups ?? {};
  const number = digits ?? prefixed ?? (grouped ?? irregular)?.replace(/[^\d]/g, '');
  const value = number ?? dashed ?? letters ?? match[0];
  return { value, digits: number !== undefined || /^[\d-]+$/.test(value) };
}

/** Matches a line of at most three words, such as the label of a field. */
const LABEL = /^[^\p{L}]*(?:\p{L}+[^\p{L}]+){0,2}\p{L}+[^\p{L}]*$/u;

/** Returns the line that ends at the offset `end`; of a long line, the last `LINE_BEFORE` characters. */
const lineEndingAt = (text: string, end: number): string =>
  text.slice(Math.max(text.lastIndexOf('\n', end - 1) + 1, end - LINE_BEFORE, 0), Math.max(0, end));

/**
 * Returns the text after a candidate up to the end of its line; if the next line continues the sentence, the
 * next line is included.
 */
function sentenceAfter(text: string, end: number): string {
  const after = text.slice(end, end + NAMED).replace(/^\n(?=\p{Ll})/u, ' ');
  return after.split('\n', 1)[0] ?? '';
}

/**
 * Returns whether the sentence of a candidate shows that it is a discount code (`use code X for 25% off`, `25%
 * off with code X`). For a candidate of digits, the words before it and on the lines around it are ignored,
 * because a message about a payment may contain both a discount and a one-time code.
 */
function isDiscount({ digits, before, lineBefore, after, lineAfter }: Surroundings): boolean {
  const rest = after.slice(0, NAMED / 2).split(/[.!?](?=\s|$)/)[0] ?? '';
  if (DISCOUNT_AFTER.test(rest)) return true;
  if (digits) return false;
  const start = before.split(/[.!?](?=\s)/).at(-1) ?? '';
  return (
    DISCOUNT_AFTER.test(start) || [rest, lineBefore, lineAfter].some((words) => CHECKOUT_AFTER.test(words))
  );
}

/**
 * Returns whether the name of a code that is not for authentication directly precedes the candidate: in the
 * same line (`promo code: X`) or as a label in the line before.
 */
function followsOtherPurpose(text: string, start: number, words: readonly CodeWord[]): boolean {
  return words.some(({ end, otherPurpose }) => {
    if (!otherPurpose || end > start || start - end > NAMED) return false;
    const between = text.slice(end, start);
    return !/[\n.!?]/.test(between) || /^[\s:：]*$/.test(between);
  });
}

/**
 * Returns whether a word that announces a code is directly before the candidate, with only blanks and
 * punctuation between them (`pickup code: X`).
 */
function followsCodeWord(text: string, start: number, words: readonly CodeWord[]): boolean {
  return words.some(
    ({ end, otherPurpose, isAct }) =>
      !otherPurpose &&
      !isAct &&
      end <= start &&
      /^[\s:：「『"'(]{0,3}$/.test(text.slice(end, Math.min(start, end + 4))),
  );
}

/**
 * Returns whether a candidate has the form of a code. A candidate without a digit has this form only if it
 * contains a dash, is announced by the text before it, or is alone in its line.
 */
function hasForm({
  value,
  digits,
  alone,
  before,
  after,
}: Pick<Candidate, 'value' | 'digits' | 'alone' | 'before' | 'after'>): boolean {
  if (UNIT_AFTER.test(after) || CURRENCY_BEFORE.test(before) || MONTHS.test(before)) return false;
  if (YEARS.test(value) && (YEAR_BEFORE.test(before) || YEAR_AFTER.test(after))) return false;
  if (digits) return value.length >= 4 && value.length <= 8;
  if (NO_CODES.has(value)) return false;
  const mixed = /\d/.test(value) && /\p{L}/u.test(value);
  return mixed || alone || isAnnounced(before) || value.includes('-');
}

/**
 * Returns whether the text before a candidate announces the candidate: the text ends with a colon or a verb
 * such as `is`.
 */
export const isAnnounced = (before: string): boolean =>
  /[:：=]\s*$|\b(?:is|ist|est|es|är|は)\s*$/u.test(before);

/** The fields of a candidate that are computed first: its value and the text around it. */
type Surroundings = Pick<
  Candidate,
  'value' | 'digits' | 'alone' | 'before' | 'lineBefore' | 'after' | 'lineAfter'
>;

function surroundingsOf(text: string, match: RegExpExecArray): Surroundings {
  const start = match.index;
  const end = start + match[0].length;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const feed = text.indexOf('\n', end);
  const lineEnd = feed === -1 ? text.length : feed;
  const alone =
    /^[\s*_>|"'`([]*$/.test(text.slice(lineStart, start)) &&
    /^[\s*_|"'`)\].]*$/.test(text.slice(end, lineEnd));
  return {
    ...valueOf(match),
    alone,
    before: text.slice(Math.max(lineStart, start - NAMED), start),
    lineBefore: alone ? lineEndingAt(text, lineStart - 1) : '',
    after: sentenceAfter(text, end),
    lineAfter: alone ? (text.slice(lineEnd + 1, lineEnd + 1 + NAMED).split('\n', 1)[0] ?? '') : '',
  };
}

/**
 * Returns whether the lines around a candidate ask the reader to enter the candidate: the line before it ends
 * with a colon (`Here is what you need:`), and the line after it contains a verb such as `enter` or `paste`.
 */
export const isEnteredByLines = ({ lineBefore, lineAfter }: Surroundings): boolean =>
  /[:：]\s*$/.test(lineBefore) && !LABEL.test(lineBefore) && asksForEntry(lineAfter);

/**
 * Returns whether a noun directly before a candidate shows that the candidate is not a one-time code, but for
 * example an order number.
 */
const isNamed = ({ before, lineBefore }: Surroundings): boolean =>
  OTHER_NUMBERS.test(before) ||
  (LABEL.test(lineBefore) && OTHER_NUMBERS.test(lineBefore)) ||
  NUMBER_IS.test(before) ||
  NUMBER_IS.test(lineBefore);

/**
 * Returns whether the words around a candidate show that it is not a one-time code, but a value for a form
 * field (such as an amount), a year or a short telephone number.
 */
const hasOtherMeaning = ({ before, after }: Surroundings, entered: boolean): boolean =>
  (entered ? FIELD_AFTER.test(after) : PREPOSITION_BEFORE.test(before)) ||
  SHORT_NUMBER_BEFORE.test(before) ||
  OTHER_NUMBER_AFTER.test(after);

function readCandidate(
  text: string,
  match: RegExpExecArray,
  words: readonly CodeWord[],
): Candidate | undefined {
  const found = surroundingsOf(text, match);
  if (!hasForm(found)) return undefined;
  const { before, after, digits } = found;
  const start = match.index;
  // A number with dashes at unusual positions is usually a date, a range or a score. It is a candidate for a
  // one-time code only if a word announces it as a code.
  const isLoose = match.groups?.['irregular'] !== undefined || SHORT_DATE.test(match[0]);
  if (isLoose && !followsCodeWord(text, start, words) && !isEnteredByLines(found)) return undefined;
  const named = isNamed(found);
  const entered = isEntered(before, after) || (digits && (isUsed(before, after) || isOpened(before)));
  const hasOtherPurpose = isDiscount(found) || followsOtherPurpose(text, start, words);
  return {
    ...found,
    start,
    end: start + match[0].length,
    isOtherNumber: named || hasOtherMeaning(found, entered) || hasOtherPurpose,
    isNamed: named,
    hasOtherPurpose,
    isEntered: entered,
  };
}

/**
 * Returns the candidates for one-time codes in a plain text, in the order of the text; also returns the words
 * of the text that announce codes.
 */
export function readCandidates(text: string): {
  readonly candidates: readonly Candidate[];
  readonly words: readonly CodeWord[];
} {
  const words = codeWords(text);
  const candidates: Candidate[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    if (candidates.length === MAX_CANDIDATES) break;
    const candidate = readCandidate(text, match, words);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return { candidates, words };
}
