/**
 * Finds candidates for one-time codes: the numbers and words of a plain text that have the form of a one-time
 * code.
 */
import type { Purpose } from './purpose.ts';
import {
  hasOtherMeaning,
  isAnnounced,
  isDiscount,
  isEnteredBeside,
  isEnteredByLines,
  isInstructed,
  isNamed,
  NAMED,
  surroundingsOf,
  type Surroundings,
} from './surroundings.ts';
import { CURRENCY_BEFORE, UNIT_AFTER } from './units.ts';
import { LETTERS, STOPS } from './whole-word.ts';
import { isOtherwiseNamed } from './other-numbers.ts';
import { isTime, isYearOfMonth } from './years.ts';
import { codeWords, hasCodeWord, NO_CODES, YEAR_AFTER, YEAR_BEFORE, type CodeWord } from './words.ts';

/** Maximum number of candidates for one-time codes that are read from one text. */
const MAX_CANDIDATES = 500;
const BEFORE = String.raw`(?<![${LETTERS}\p{N}_@/\\&?#%+€$£¥₽.,…•-]|[€$£¥₽#+]\s|\d[ -])`;
/** Case endings that are attached to a number by a dash (Hungarian `a 4827-et`, Armenian `4827-ը`). */
const CASE_ENDINGS = String.raw`(?:[oeöa]?t|ը|ն|[дтн][ыіи]|ни?|[ыи]й?г|ni|n[ıi])(?![\p{L}\p{N}])`;
const AFTER = String.raw`(?![${LETTERS}\p{N}_@/\\=&%€$£¥₽]|[.:'’-]\d|,\d(?!\d?\s?[分秒小])|-(?!${CASE_ENDINGS})\p{L}|\s?[€$£¥₽%])`;
/** Matches a digit, or a letter of an alphabet with capital letters other than the Latin one. */
const OTHER_ALPHABETS = String.raw`[\p{Script=Cyrillic}\p{Script=Greek}\d]`;
// Matches a number or word with the form of a one-time code. Each lookahead is limited to the length of the
// longest code, because a long run of letters would otherwise be scanned again from each letter.
const CANDIDATE = new RegExp(
  BEFORE +
    String.raw`(?:(?<grouped>\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{2}|\d(?: \d){3,7})(?![ -]\d)` +
    String.raw`|(?<digits>\d{4,8})(?![ -]\d)` +
    String.raw`|(?<irregular>\d{1,4}(?:-\d{1,4}){1,3}|\d{2}(?: \d{2}){3}|\d{2,4} \d{2,4}|\d{2,3} \d{2,3} \d{2,3})(?![ -]\d)` +
    String.raw`|\p{Lu}{1,2}-(?<prefixed>\d{4,8})` +
    String.raw`|(?<dashed>[A-Z0-9]{3,6}(?:-[A-Z0-9]{3,6}){1,3}(?!-)|(?=[\d-]{0,26}[A-Z])[A-Z0-9]{3,6}(?:-[A-Z0-9]{2,6}){1,3}|(?=[A-Z-]{0,9}\d)(?=[\d-]{0,9}[A-Z])[A-Z0-9]{2}(?:-[A-Z0-9]{3,6}){1,2}|(?=[\p{Lu}\d-]{7,20}(?!\p{L}))(?=[\p{Lu}-]{0,13}\d)${OTHER_ALPHABETS}{3,6}(?:-${OTHER_ALPHABETS}{3,6}){1,2})` +
    String.raw`|(?<lowerDashed>(?=[a-z\d-]{0,16}(?:[a-z]\d|\d[a-z]))[a-z0-9]{2,6}(?:-[a-z0-9]{2,6}){1,3})(?!-)` +
    String.raw`|(?<short>(?=[A-Z-]{0,13}\d)(?=[\d-]{0,13}[A-Z])[A-Z\d]{2,5}(?:-[A-Z\d]{2,5}){2})(?![A-Z\d-])` +
    String.raw`|(?<letters>[A-Z0-9]{4,10}|(?=[a-z]{0,9}\d)(?=\d{0,9}[a-z])[a-z0-9]{5,10}|(?=[A-Za-z]{0,7}\d)(?=\d{0,7}[A-Za-z])[A-Za-z0-9]{5,8}|(?=\p{Lu}{0,7}\d)(?=\d{0,7}\p{Lu})${OTHER_ALPHABETS}{5,8}))` +
    AFTER,
  'gu',
);

/**
 * Matches the first group of an account number (IBAN) or of a creditor reference (ISO 11649: `RF63 9055 5018
 * 2000`). `REFERENCE_REST` matches the two groups after it.
 */
const REFERENCE_START = /^[A-Z]{2}\d{2}$/;
const REFERENCE_REST = /^(?: [A-Z\d]{4}){2}/;

const MONTHS =
  /\b(?:jan(?:uar[iy]?|uary|vier|eiro)?|feb(?:ruar[iy]?|rero|braio)?|mar(?:ch|s|zo|ço|ts|t)?|apr(?:ile?)?|may|jun[ei]?|jul[yi]?|aug(?:usti?|ustus)?|sep(?:t|tember|tembre|tiembre)?|oct(?:ober|obre|ubre)?|nov(?:ember|embre|iembre|embro)?|dec(?:ember)?)\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?$|\b\d{1,2}[./]\s?$/i;

/** Matches a number that can be a year in any calendar, if a word such as `year` or `since` is beside it. */
const YEARS = /^(?:1[34]|19|20|25|57)\d\d$/;

/** Matches a year with a case ending (Basque `2024an`). */
const YEAR_WITH_SUFFIX = /^(?:19|20)\d\d\p{Ll}{1,5}$/u;

/** Matches the end of a sentence, and a number of at least three digits, or digits in groups. */
const SENTENCE_END = new RegExp(String.raw`[.!?](?=\s)|[${STOPS}]`);
const NUMBER = /\d[\d ]+\d/;
/** Maximum number of characters of a grouped candidate. */
const MAX_LENGTH = 12;

/** Matches a number that can be a date with a year of two digits. */
const SHORT_DATE = /^\d{1,2}-(?:[0-2]?\d|3[01])-\d\d$/;

export interface Candidate extends Surroundings {
  /** Offset of the candidate's first character in the plain text; `end` is the offset after its last character. */
  readonly start: number;
  readonly end: number;
  /**
   * Whether a word beside the candidate shows that the candidate is not a one-time code but, for example, an
   * order number or a year.
   */
  readonly isOtherNumber: boolean;
  /** Whether the sentences around the candidate instruct the reader to enter it somewhere. */
  readonly isInstructed: boolean;
  /** Whether a noun directly before the candidate shows that it is not a one-time code (`booking K7XTQM`). */
  readonly isNamed: boolean;
  /** Whether the candidate is a code for a purpose other than authentication, such as a discount code. */
  readonly hasOtherPurpose: boolean;
  /** Whether a verb directly beside the candidate (`enter 123456`) tells the reader to enter the candidate. */
  readonly isEntered: boolean;
}

/** Matches a word before a dash and four to eight digits (`PIN-4829`). */
const WORD_BEFORE_DIGITS = /^(\p{L}+)-(\d{4,8})$/u;

/**
 * Returns the number of a candidate without the word for a code that is attached to it by a dash (`PIN-4829`). Other
 * letters before a dash are a part of the code (`LEZ-4829`).
 */
function withoutCodeWord(value: string): string | undefined {
  const [, word = '', number] = WORD_BEFORE_DIGITS.exec(value) ?? [];
  return number !== undefined && hasCodeWord(word) ? number : undefined;
}

function valueOf(match: RegExpExecArray): { readonly value: string; readonly digits: boolean } {
  const { grouped, digits, irregular, prefixed, short, dashed, lowerDashed, letters } = match.groups ?? {};
  const number =
    digits ??
    prefixed ??
    (grouped ?? irregular)?.replace(/[^\d]/g, '') ??
    (dashed === undefined ? undefined : withoutCodeWord(dashed));
  const value = number ?? short ?? dashed ?? lowerDashed ?? letters ?? match[0];
  return { value, digits: number !== undefined || /^[\d-]+$/.test(value) };
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
 * Returns whether the last sentence of the line before a candidate that is alone in its line has a word for a code, or
 * the label directly before the candidate.
 */
const isAnnouncedByLine = ({ lineBefore, before }: Surroundings): boolean =>
  hasCodeWord(lineBefore.split(/[.!?](?=\s)|[。！？।]/).at(-1) ?? '') ||
  (isAnnounced(before) && hasCodeWord(before.split(/[.!?,;]/).at(-1) ?? ''));

/** Returns whether the text around a candidate shows that it is an amount, a date, a year or a time. */
function isMeasure(found: Surroundings): boolean {
  const { value, before, after } = found;
  if (UNIT_AFTER.test(after) || CURRENCY_BEFORE.test(before) || MONTHS.test(before)) return true;
  if (YEARS.test(value) && (YEAR_BEFORE.test(before) || YEAR_AFTER.test(after))) return true;
  return isYearOfMonth(found) || isTime(found);
}

/** Matches capital letters with a year after a dash (`INV-2025`), which are mostly a name. */
const NAME_WITH_YEAR = /^\p{Lu}+-(?:19|20)\d\d$/u;

/** Matches the text after the last word of a label with its value (`ICD-10: L20`). */
const LABEL_OF_VALUE = /^\s?[:：]\s?[\p{Lu}\d]/u;

/** Returns whether a candidate is a word for a code with one digit (`PIN1`), which is the name of a secret. */
function isNumberedWord(value: string): boolean {
  const word = /^(\p{L}{3,})\d$/u.exec(value)?.[1];
  return word !== undefined && hasCodeWord(word);
}

/**
 * Returns whether a candidate has the form of a code. A candidate without a digit has this form only if it
 * contains a dash, is announced by the text before it, or is alone in its line.
 */
function hasForm(found: Surroundings): boolean {
  const { value, digits, alone, before, after } = found;
  if (isMeasure(found)) return false;
  if (digits) return value.length >= 4 && value.length <= 8;
  if (NO_CODES.has(value) || YEAR_WITH_SUFFIX.test(value) || isNumberedWord(value)) return false;
  if (LABEL_OF_VALUE.test(after)) return false;
  if (alone || isAnnounced(before)) return true;
  const mixed = /\d/.test(value) && /\p{L}/u.test(value);
  return (mixed || value.includes('-')) && !NAME_WITH_YEAR.test(value);
}

/** Returns whether a match is the first group of a telephone number or of an account number. */
function isGroup(
  { groups }: RegExpExecArray,
  { value, digits }: ReturnType<typeof valueOf>,
  after: string,
): boolean {
  // The pattern for codes with letters also matches digits alone. Digits alone are not a code with letters, but for
  // example the first group of a telephone number (`0850 222 0 123`).
  if (digits && groups?.['letters'] !== undefined) return true;
  return REFERENCE_START.test(value) && REFERENCE_REST.test(after);
}

/**
 * Returns whether the characters of a match are grouped in a way that is unusual for one-time codes. Such a number is
 * mostly a date, a range, a score or an amount, and three short groups with letters are mostly the name of a product. A
 * word must announce them as a code, or the reader must be instructed to enter them.
 */
const isLoose = ({ groups, 0: match }: RegExpExecArray): boolean =>
  groups?.['irregular'] !== undefined || groups?.['short'] !== undefined || SHORT_DATE.test(match);

/** Returns whether a word for a code beside a candidate or in the line before it announces the candidate. */
const isAnnouncedBeside = (
  found: Surroundings,
  text: string,
  start: number,
  words: readonly CodeWord[],
): boolean =>
  followsCodeWord(text, start, words) ||
  isEnteredByLines(found) ||
  isAnnouncedByLine(found) ||
  isOnlyNumber(found, start, words);

/**
 * Returns whether the sentence of a candidate has a word for a one-time code and no other number, or whether the line
 * after a candidate that is alone in its line continues the sentence with such a word (`61-30-27`, `is your code`).
 */
function isOnlyNumber(found: Surroundings, start: number, words: readonly CodeWord[]): boolean {
  const { alone, lead, sentence, lineAfter } = found;
  if (alone) return /^\p{Ll}/u.test(lineAfter) && hasCodeWord(lineAfter.split(SENTENCE_END, 1)[0] ?? '');
  const first = lead.split(SENTENCE_END).at(-1) ?? '';
  if (NUMBER.test(first) || NUMBER.test(sentence)) return false;
  return words.some(
    (word) =>
      word.start >= start - first.length &&
      word.end <= start + MAX_LENGTH + sentence.length &&
      !word.otherPurpose &&
      !word.isAct &&
      word.qualifier === 'known',
  );
}

function readCandidate(
  text: string,
  match: RegExpExecArray,
  words: readonly CodeWord[],
  purpose: Purpose,
): Candidate | undefined {
  const form = valueOf(match);
  const start = match.index;
  const end = start + match[0].length;
  if (isGroup(match, form, text.slice(end, end + 10))) return undefined;
  const found = surroundingsOf(text, start, end, form);
  if (!hasForm(found)) return undefined;
  const entered = isEnteredBeside(found);
  const instructed = isInstructed(found, purpose);
  const isExpected = entered || instructed || isAnnouncedBeside(found, text, start, words);
  if (isLoose(match) && !isExpected) return undefined;
  const named = isNamed(found);
  const hasOtherPurpose = isDiscount(found, purpose) || followsOtherPurpose(text, start, words);
  return {
    ...found,
    start,
    end,
    isInstructed: instructed,
    isOtherNumber:
      named ||
      hasOtherPurpose ||
      hasOtherMeaning(found, entered) ||
      (found.digits && isOtherwiseNamed(found)),
    isNamed: named,
    hasOtherPurpose,
    isEntered: entered,
  };
}

/**
 * Returns the candidates for one-time codes in a plain text, in the order of the text; also returns the words
 * of the text that announce codes.
 */
export function readCandidates(
  text: string,
  purpose: Purpose,
): {
  readonly candidates: readonly Candidate[];
  readonly words: readonly CodeWord[];
} {
  const words = codeWords(text, purpose);
  const candidates: Candidate[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    if (candidates.length === MAX_CANDIDATES) break;
    const candidate = readCandidate(text, match, words, purpose);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return { candidates, words };
}
