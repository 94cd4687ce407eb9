/**
 * Reads the text around a candidate, and decides what that text says about the candidate: that it announces a
 * code, instructs the reader to enter it, or gives it another meaning.
 */
import { asksForEntry, isEntered, isOpened, isStated, isUsed } from './entry.ts';
import { LINKS } from './instruction-words.ts';
import { beforeObject, instructionOf, isAskedFor, isInstruction, namesPlace } from './instruction.ts';
import { isConversation } from './other-numbers.ts';
import { hasPrice, isIdentity, isSale, type Purpose } from './purpose.ts';
import { COLONS, LETTERS, STOPS } from './whole-word.ts';
import { LowerCaseExpression, WordExpression } from './word-expression.ts';
import {
  CHECKOUT_AFTER,
  DISCOUNT_AFTER,
  FIELD_AFTER,
  hasCodeWord,
  isOtherCode,
  NUMBER_IS,
  OTHER_NUMBER_AFTER,
  OTHER_NUMBERS,
  PREPOSITION_BEFORE,
  SHORT_NUMBER_BEFORE,
} from './words.ts';

/** Maximum number of characters that are read from the lines before and after a candidate's line. */
const LINE = 160;
/**
 * Number of characters before a candidate that are searched for a word which shows that the candidate is not
 * a one-time code.
 */
export const NAMED = 40;

/** The text around a candidate. */
export interface Surroundings {
  /** The code as a user enters it: digits without separators between groups, letters with their dashes. */
  readonly value: string;
  /** Whether the candidate consists of digits only. */
  readonly digits: boolean;
  /** Whether the candidate is the only text of its line, except for quotation marks and brackets. */
  readonly alone: boolean;
  /** Whether the candidate is the first word of its sentence. */
  readonly isFirst: boolean;
  /** The text before the candidate in its line; of a long text, the last 160 characters. */
  readonly lead: string;
  /** The text before the candidate in its line; of a long text, the last 40 characters. */
  readonly before: string;
  /**
   * The text after the candidate up to the end of its line, or of the next line if the sentence continues
   * there. Of a long text, the first characters.
   */
  readonly after: string;
  /**
   * The text after the candidate up to the end of its sentence or line; the next sentence if the candidate is the
   * last word of its sentence. Of a long text, the first characters.
   */
  readonly sentence: string;
  /** The previous line if the candidate is the only text of its line; else empty. */
  readonly lineBefore: string;
  /** The next two lines if the candidate is the only text of its line; else empty. */
  readonly lineAfter: string;
  readonly secondAfter: string;
}

/** Matches a line of at most three words, such as the label of a field. */
const LABEL = /^[^\p{L}]*(?:\p{L}+[^\p{L}]+){0,2}\p{L}+[^\p{L}]*$/u;

/** Returns the line that ends at the offset `end`; of a long line, the last characters. */
const lineEndingAt = (text: string, end: number): string =>
  text.slice(Math.max(text.lastIndexOf('\n', end - 1) + 1, end - LINE, 0), Math.max(0, end));

/**
 * Returns the text after a candidate up to the end of its line; if the next line continues the sentence, the
 * next line is included.
 */
function sentenceAfter(text: string, end: number): string {
  const after = text.slice(end, end + NAMED).replace(/^\n(?=\p{Ll})/u, ' ');
  return after.split('\n', 1)[0] ?? '';
}

/** Matches a colon or a verb such as `is` at the end of the text before a candidate. */
const ANNOUNCED = new RegExp(
  String.raw`[${COLONS}=]\s*$|(?<![\p{L}\p{M}])(?:is|ist|est|es|és|è|é|är|este|е|є|είναι|là|adalah|ialah|yra|lautet|luidt|lyder|brzmi|zní|znie|glasi|është|هو|هي|הוא|היא)\s*$|(?:は|[是为為]|คือ|ແມ່ນ|គឺ)\s*$`,
  'u',
);

/**
 * Returns whether the text before a candidate announces the candidate: the text ends with a colon or a verb
 * such as `is`.
 */
export const isAnnounced = (before: string): boolean => ANNOUNCED.test(before);

/** Matches a text without letters and digits, such as quotation marks, brackets and arrows, beside a candidate. */
const DECORATION = /^[^\p{L}\p{M}\p{N}%#+&@$€£¥₽]*$/u;

/** Matches the start of a sentence at the end of the text before a candidate. */
const SENTENCE_START = new RegExp(String.raw`(?:^|[.!?${STOPS}]\s?|\n)["'([*_]*$`);
/** Matches the end of a sentence or a line. */
const SENTENCE_END = new RegExp(String.raw`[.!?](?=\s)|[${STOPS}\n]`);

/**
 * Returns the surroundings of the candidate that is in the text from the offset `start` to the offset `end`
 * (exclusive).
 */
export function surroundingsOf(
  text: string,
  start: number,
  end: number,
  form: Pick<Surroundings, 'value' | 'digits'>,
): Surroundings {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const feed = text.indexOf('\n', end);
  const lineEnd = feed === -1 ? text.length : feed;
  const alone =
    DECORATION.test(text.slice(Math.max(lineStart, start - NAMED), start)) &&
    start - lineStart <= NAMED &&
    DECORATION.test(text.slice(end, Math.min(lineEnd, end + NAMED)));
  const [lineAfter = '', secondAfter = ''] = alone
    ? text.slice(lineEnd + 1, lineEnd + 1 + 2 * LINE).split('\n', 2)
    : [];
  return {
    ...form,
    alone,
    isFirst: SENTENCE_START.test(text.slice(Math.max(0, start - 8), start)),
    lead: text.slice(Math.max(lineStart, start - LINE), start),
    before: text.slice(Math.max(lineStart, start - NAMED), start),
    after: sentenceAfter(text, end),
    sentence:
      text
        .slice(end, end + LINE)
        .replace(/^[.!?] /, '')
        .split(SENTENCE_END, 1)[0] ?? '',
    lineBefore: alone ? lineEndingAt(text, lineStart - 1) : '',
    lineAfter: lineAfter.slice(0, LINE),
    secondAfter: secondAfter.slice(0, LINE),
  };
}

/** Matches a word with a number of one to three digits at its end, which is the usual form of coupon codes. */
const COUPON = /^\p{Lu}{3,}\d{1,3}$/u;

/**
 * Returns whether the sentence of a candidate shows that it is a discount code (`use code X for 25% off`, `25%
 * off with code X`). In a message that sells something and proves no identity, a candidate with letters is a
 * discount code. For a candidate of digits, the words before it and on the lines around it are ignored if the
 * message proves an identity, because a message about a payment may contain both a discount and a one-time code.
 */
export function isDiscount(
  { value, digits, before, lineBefore, after, lineAfter }: Surroundings,
  { identity, sale }: Purpose,
): boolean {
  const rest = after.slice(0, NAMED / 2).split(/[.!?](?=\s|$)/)[0] ?? '';
  if (DISCOUNT_AFTER.test(rest)) return true;
  const around = [before, after, lineBefore];
  if (digits) {
    // If the line before digits announces them, the line after them may advertise something else.
    if (!isAnnounced(lineBefore)) around.push(lineAfter);
    return sale && !identity && around.some(isSale);
  }
  around.push(lineAfter);
  if (sale && !identity) return true;
  if (COUPON.test(value) && (around.some(isSale) || (!identity && around.some(hasPrice)))) return true;
  const start = before.split(/[.!?](?=\s)/).at(-1) ?? '';
  return (
    DISCOUNT_AFTER.test(start) || [rest, lineBefore, lineAfter].some((words) => CHECKOUT_AFTER.test(words))
  );
}

/**
 * Returns whether the lines around a candidate ask the reader to enter the candidate: the line before it ends
 * with a colon (`Here is what you need:`), and the line after it contains a verb such as `enter` or `paste`.
 */
export const isEnteredByLines = ({ lineBefore, lineAfter }: Surroundings): boolean =>
  /[:：]\s*$/.test(lineBefore) && !LABEL.test(lineBefore) && asksForEntry(lineAfter);

/**
 * Returns whether the text before a candidate instructs the reader to enter a number (`enter the number 4417`),
 * and not a number with another meaning (`enter the order number 4417`).
 */
function isObject({ before, digits }: Surroundings): boolean {
  const rest = digits ? beforeObject(before) : undefined;
  return rest !== undefined && !OTHER_NUMBERS.test(rest);
}

/**
 * Returns whether a noun directly before a candidate shows that the candidate is not a one-time code, but for
 * example an order number.
 */
export function isNamed(found: Surroundings): boolean {
  const { before, lineBefore } = found;
  if (isObject(found)) return false;
  return (
    OTHER_NUMBERS.test(before) ||
    (LABEL.test(lineBefore) && OTHER_NUMBERS.test(lineBefore)) ||
    [before, lineBefore].some((words) => NUMBER_IS.test(words) && !asksForEntry(words))
  );
}

/**
 * Matches the text after a candidate if it begins with a sign such as a dash or a comma, or with a letter of a
 * script without blanks between words.
 */
const CONTINUED_BY_SIGN = new LowerCaseExpression(
  String.raw`^["'”»)\]*_]{0,3}\s?(?:[—–,:;|=-]|(?![${LETTERS}\s\p{N}])[\p{L}\p{M}])`,
);
/** Matches the text after a candidate that continues with a word such as `is` or `this`. */
const CONTINUED_BY_WORD = new WordExpression({
  start: String.raw`(?<=^["'”»)\]*_]{0,3}\s?)`,
  words: LINKS,
  end: String.raw`(?!\p{L})`,
});

/** Returns whether the text after a candidate continues the sentence of the candidate. */
const isContinued = (after: string): boolean =>
  CONTINUED_BY_WORD.test(after) || CONTINUED_BY_SIGN.test(after);

/**
 * Returns whether a sentence instructs the reader to enter a candidate, or if it has no verb, whether it names
 * both the candidate and the field for it, for example in a message about identity.
 */
function instructs(sentence: string, { identity }: Purpose, alone: boolean): boolean {
  if (isOtherCode(sentence.slice(0, NAMED))) return false;
  const { verb, object, target } = instructionOf(sentence);
  if (verb) return object || target;
  return object && target && (identity || isAskedFor(sentence) || (alone && isContinued(sentence)));
}

/**
 * Returns whether a candidate is set apart in its line: at the start before a dash or a verb such as `is`, or after a
 * colon or such a verb.
 */
export const isSetApart = ({ before, after, isFirst }: Surroundings): boolean =>
  (isFirst && isContinued(after)) || isAnnounced(before);

/** Matches the text after a number if the sentence continues with a word. */
const CONTINUES = /^["'”»)\]*_]{0,3}\s?[\p{L}\p{M}]/u;

/** Matches a number of at least four digits, or digits in groups. */
const NUMBER = /\d[\d ]{2,}\d/;

/** Matches a code of at least six characters with digits and capital letters. */
const MIXED = /^(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z\d-]{6,}$/;

/**
 * Returns whether the sentence of a candidate instructs the reader to enter it: a verb and a place, with no other
 * number, or an instruction that ends with a colon directly before the candidate. For a code with digits and letters in
 * a message about identity, the verb is enough.
 */
function isInstructedBeside({ value, digits, lead, sentence }: Surroundings, { identity }: Purpose): boolean {
  const start = lead.split(SENTENCE_END).at(-1) ?? '';
  if (isAnnounced(start) && isInstruction(start)) return true;
  if ((!digits && !MIXED.test(value)) || NUMBER.test(start) || NUMBER.test(sentence) || isOtherCode(start))
    return false;
  if (!digits && identity && asksForEntry(start.split(/[,;:]/).at(-1) ?? '')) return true;
  return namesPlace(`${start} ${sentence}`);
}

/** Returns whether the sentences around a candidate instruct the reader to enter it. */
export function isInstructed(found: Surroundings, purpose: Purpose): boolean {
  const { alone, lineBefore, lineAfter, secondAfter, isFirst, sentence } = found;
  if (!alone && isFirst)
    return isAskedFor(sentence) || (isContinued(sentence) && instructs(sentence, purpose, false));
  if (!alone) return isInstructedBeside(found, purpose);
  if (isInstruction(lineBefore) || instructs(lineAfter, purpose, true)) return true;
  if (isAnnounced(lineBefore) && asksForEntry(lineBefore)) return true;
  const { verb, object } = instructionOf(secondAfter);
  return verb && object && !isOtherCode(secondAfter.slice(0, NAMED));
}

/**
 * Returns whether the sentence of a number says where or why the reader enters it: the sentence continues after the
 * number, or it names a place, a proof of identity or a code.
 */
function hasReason({ lead, after }: Surroundings): boolean {
  if (isConversation(after)) return false;
  if (CONTINUES.test(after)) return true;
  const start = lead.split(SENTENCE_END).at(-1) ?? '';
  return instructionOf(start).target || isIdentity(start) || hasCodeWord(start);
}

/**
 * Returns whether a verb such as `enter` is directly beside a candidate. A verb that can also mean `dial` or `state`
 * counts for a number only in a sentence that says where or why the reader enters the number.
 */
const isEnteredByVerb = (found: Surroundings): boolean =>
  isEntered(found.before, found.after) &&
  (!found.digits || found.alone || !isStated(found.before) || hasReason(found));

/** Returns whether a verb directly beside a candidate instructs the reader to enter or to use it. */
export const isEnteredBeside = (found: Surroundings): boolean =>
  isObject(found) ||
  isEnteredByVerb(found) ||
  (found.digits && (isUsed(found.before, found.after) || isOpened(found.before)));

/**
 * Returns whether the words around a candidate show that it is not a one-time code, but a value for a form
 * field (such as an amount), a year or a short telephone number.
 */
export const hasOtherMeaning = ({ before, after }: Surroundings, entered: boolean): boolean =>
  (entered ? FIELD_AFTER.test(after) : PREPOSITION_BEFORE.test(before)) ||
  SHORT_NUMBER_BEFORE.test(before) ||
  OTHER_NUMBER_AFTER.test(after);
