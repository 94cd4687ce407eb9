/**
 * Recognizes numbers that a sentence names as the number of something else than a one-time code: the number of a
 * customer, of a card or of a booking, a telephone number, and an example of a password. The words are in
 * `other-number-words.ts`.
 */
import {
  CALLS_AFTER,
  CALLS_SPACED,
  CALLS_UNSPACED,
  CONVERSATION_SPACED,
  CONVERSATION_UNSPACED,
  EXAMPLES_SPACED,
  EXAMPLES_UNSPACED,
  NUMBER_NOUNS,
  NUMBER_SIGNS,
  OWNERS,
  SERVICES_AFTER,
} from './other-number-words.ts';
import { WORD_START } from './whole-word.ts';
import { hasCodeWord } from './words.ts';
import { LowerCaseExpression, WordExpression } from './word-expression.ts';

/** The characters between a label and its number, as a part of a regular expression. */
const SIGNS = String.raw`[\s:：.#№º°"'“„«-]*`;

/** Matches the signs at the end of a text that are between a label and its number, except a dot. */
const TRAILING_SIGNS = /[\s:：#№º°"'“„«-]*$/u;

/** Matches stems of nouns for the owner of a number, such as `customer`. */
const OWNER = new WordExpression({
  words: Object.values(OWNERS).join('|'),
  start: WORD_START,
  end: String.raw`[^\s\d.:,-]{0,14}`,
});
/** Matches nouns such as `number` and their abbreviations. */
const NUMBER_NOUN = new WordExpression(
  { words: NUMBER_NOUNS, start: WORD_START, end: String.raw`[^\s\d.:,-]{0,8}` },
  { words: NUMBER_SIGNS, start: WORD_START, end: String.raw`(?![^\s\d.:,-])` },
);
/** Matches the text between the owner and a noun such as `number`; an article or a preposition may be there. */
const BETWEEN_NOUNS = /^\.?[\s-](?:[^\s\d.:,-]{1,3}['’\s]){0,2}$/;
/** Matches the text between the name of a number and the number. */
const TO_NUMBER = new RegExp(
  String.raw`^(?:\s(?:is|starts with|begins with|est|es|é|è|ist|lautet|beginnt mit|je|alkaa|on|er|är))?${SIGNS}$`,
  'i',
);
const NUMBER_SIGN = /(?:[°º]|[#№])\s?$/;
/** Matches a noun such as `medlemsnr.`, whose second part means `number`, directly before the number. */
const COMPOUND = /[\p{L}\p{M}](?:n(?:umme)?r|nro|number|numret|numero)\.?$/iu;

/**
 * Returns whether the text before a number names another number: its owner and a noun such as `number` (`zákaznické
 * číslo 1094472`, `karta br. 77120048`), in any order (`ID abonat: 204417`).
 */
function isOwned(before: string): boolean {
  const nouns = NUMBER_NOUN.matches(before, 10);
  const hasSign = NUMBER_SIGN.test(before);
  const compound = COMPOUND.exec(before.replace(TRAILING_SIGNS, ''));
  const owner =
    nouns.length > 0 || hasSign || compound !== null ? OWNER.matches(before, 10).at(-1) : undefined;
  if (owner === undefined) return false;
  if (compound !== null && owner.start < compound.index && owner.end >= compound.index) return true;
  if (hasSign && /^\P{L}*$/u.test(before.slice(owner.end))) return true;
  return nouns.some((noun) => {
    const [first, last] = noun.start < owner.start ? [noun, owner] : [owner, noun];
    return BETWEEN_NOUNS.test(before.slice(first.end, last.start)) && TO_NUMBER.test(before.slice(last.end));
  });
}

/**
 * Matches an instruction to call a telephone number at the end of the text before the number. `CALLED_AFTER` matches
 * it after the number.
 */
const CALLED = new WordExpression(
  {
    words: CALLS_SPACED,
    start: WORD_START,
    end: String.raw`(?:\s[^\s\d.,;:!?]{1,12}){0,3}?\s?${SIGNS}$`,
  },
  { words: CALLS_UNSPACED, end: String.raw`[^\s\d]{0,4}${SIGNS}$` },
);
const CALLED_AFTER = new WordExpression({
  start: String.raw`(?<=^["'”»」]?['’]?[\p{L}\p{M}]{0,4}[\s-]?(?:\p{L}{1,10}\s)?)`,
  words: `${CALLS_AFTER}|${SERVICES_AFTER}`,
});

/**
 * Returns whether the text before a number instructs the reader to call it. A word for a code between the verb and the
 * number shows that the number is a code.
 */
function isCalled(before: string): boolean {
  const index = CALLED.search(before);
  return index !== -1 && !hasCodeWord(before.slice(index));
}

/** Matches stems of nouns and verbs for a conversation with the staff of a company. */
const CONVERSATION = new WordExpression(
  { words: CONVERSATION_SPACED, start: WORD_START },
  { words: CONVERSATION_UNSPACED },
);

/**
 * Returns whether the rest of a sentence after a number mentions a conversation with the staff of a company (`state
 * 448120 if you call`).
 */
export const isConversation = (after: string): boolean => CONVERSATION.test(after);

/** Matches a word such as `like` directly before an example. */
const EXAMPLE = new WordExpression(
  {
    words: EXAMPLES_SPACED,
    start: String.raw`(?<![\p{L}\p{M}\p{N}.])`,
    end: String.raw`[\s:]{1,2}["'“”„«‘]?$`,
  },
  { words: EXAMPLES_UNSPACED, end: String.raw`[\s:：]{0,2}["'“”„«「『‘]?$` },
);

/** Matches digits that people use as a bad password. */
const TRIVIAL =
  /^(?:(\d)\1+|1234(?:5(?:6(?:78?)?)?)?|0123(?:45?)?|(?:8765|7654|6543|654)?4?321|1212(?:12)?|112233|123123)$/;
const QUOTED = new LowerCaseExpression(String.raw`["“”„«»「『‘']\s?$`);

/** Matches a star directly after a number, but not before it: a short telephone number of Israel (`2700*`). */
const STARRED = /^\*(?!\*)/;

interface Found {
  readonly value: string;
  readonly before: string;
  readonly after: string;
}

/** Returns whether a number in quotation marks is an example of a bad password (`"123456"`). */
const isBadPassword = ({ value, before }: Found): boolean => TRIVIAL.test(value) && QUOTED.test(before);

/**
 * Returns whether the words beside a number show that it is the number of something else, a telephone number or an
 * example.
 */
export const isOtherwiseNamed = (found: Found): boolean =>
  isOwned(found.before) ||
  isCalled(found.before) ||
  CALLED_AFTER.test(found.after) ||
  EXAMPLE.test(found.before) ||
  (STARRED.test(found.after) && !found.before.includes('*')) ||
  isBadPassword(found);
