/**
 * Recognizes verbs such as `enter` beside a number. A verb announces the number directly beside it as a code,
 * unless the number counts something (`type 12345 characters`). In languages with blanks between words, a word
 * after the number is taken as a counted noun unless it can continue the sentence after a complete object. The
 * words are in `entry-words.ts`.
 */
import {
  BETWEEN_UNSPACED,
  VERBS_AFTER,
  VERBS_BEFORE,
  VERBS_OF_PLACING,
  VERBS_OF_PLACING_UNSPACED,
  VERBS_OF_STATING,
  VERBS_OF_STATING_UNSPACED,
  VERBS_UNSPACED,
} from './entry-words.ts';
import { WHOLE_END, WHOLE_START } from './whole-word.ts';
import { LowerCaseExpression, WordExpression } from './word-expression.ts';

/** Matches blanks, colons and opening quotation marks between a verb and a number. */
export const OPENING = String.raw`[\s:："'“”„«»「『*_]{0,4}$`;
/** Matches closing quotation marks and brackets after a number. */
const CLOSING = String.raw`^["'“”»」』*_)\]]{0,3}`;

/** Matches a pronoun that is attached to a verb by a dash (`escriu-hi`), and an article after a verb. */
const ENCLITIC = String.raw`(?:-\p{L}{1,3})?(?:\s(?:bitte|please|simply|just|einfach))?(?:\s(?:the|den|die|de|het|les?|la|los|el|il|os?|az?|ang|ta|të|an|y|it|numrin))?`;

const languages = Object.values(VERBS_BEFORE);
const alternatives = (values: readonly (string | undefined)[]): string =>
  values.filter((value) => value !== undefined).join('|');
const ALL_VERBS = alternatives(languages.map(({ verbs }) => verbs));
const ALL_USES = alternatives(languages.map(({ use }) => use));

/** Returns an expression that matches the given verbs, as whole words, at the end of the text before a number. */
const beforeNumber = (words: string, suffix = ''): WordExpression =>
  new WordExpression({ words, start: WHOLE_START, end: WHOLE_END + suffix + OPENING });

const BEFORE_SPACED = languages.map(({ verbs, use, next }) => ({
  verb: beforeNumber(verbs, ENCLITIC),
  use: use === undefined ? undefined : beforeNumber(use),
  /**
   * Matches the text after a number if the clause ends there, or if the next word is not a counted noun. The
   * end of a range (`1000 to 5000`) is not matched.
   */
  next: new LowerCaseExpression(
    String.raw`${CLOSING}(?:\s?$|\s?[^\s\p{L}\p{N}]|\s?(?:${next})(?![\p{L}\p{M}])(?!\s\d{3}))`,
  ),
}));

/**
 * Matches a verb such as `enter` (and `ANY_USE` a verb such as `use`) of any language directly before a number.
 * These two expressions are tested first; only after a match are the languages tested one by one.
 */
const ANY_VERB = beforeNumber(ALL_VERBS, ENCLITIC);
const ANY_USE = beforeNumber(ALL_USES);
/**
 * Matches a verb such as `enter` directly before a number, with a suffix of at most four letters such as an
 * imperative ending, in languages that write no blanks between words or attach prefixes to words.
 */
const BEFORE_UNSPACED = new WordExpression({
  words: VERBS_UNSPACED,
  end: String.raw`[\p{L}\p{M}]{0,4}${OPENING}`,
});

/**
 * Matches a verb such as `enter` after a number, for languages in which the verb follows its object, with an
 * optional particle between them.
 */
const AFTER = new WordExpression({
  start: String.raw`(?<=^["'”»」』*_]{0,2}\s?)`,
  words: String.raw`(?:을\(를\)|를\(을\)|을|를)\s?입력|を\s?(?:ご?入力|打ち込)|दर्ज|डालें|را\s(?:(?!بار)[\p{L}\p{M}]+\s){0,4}?(?:وارد|درج)|(?:['’]?[yn]?[ıiuü]\s(?:\p{L}+\s){0,3})?(?:gir(?:in|iniz|erek|ip)?|yaz(?:ın|ınız|arak|ıp)?)(?!\p{L})|লিখ|টাইপ|দিন(?!\p{L})|と\s?(?:ご?入力|打)|넣어|써\s`,
});

/**
 * Matches a verb after the number, with particles and a few words between them (Kazakh `4169 деп теріңіз`). One
 * expression has the languages of the Latin and Cyrillic scripts, the second expression has all other languages.
 */
const AFTER_SPACED = new WordExpression(
  ...Object.values(VERBS_AFTER).map(({ verbs, between }) => ({
    words: verbs,
    start: String.raw`(?<=${CLOSING}(?:\s?(?:${between})\s(?:\p{L}{1,20}\s){0,4}?|\s))`,
  })),
);
const AFTER_UNSPACED = new WordExpression({
  words: VERBS_UNSPACED,
  start: String.raw`(?<=${CLOSING}(?:${BETWEEN_UNSPACED}\s?(?:[\p{L}\p{M}]{1,20}\s){0,4}?|\s?(?:を|と|という数字を|の数字を|の番号を|을|를|이라고|라고|번을|번호를|숫자를)?\s?))`,
});

const STEMS_AFTER = alternatives(Object.values(VERBS_AFTER).map(({ verbs }) => verbs));

/**
 * Matches the verbs such as `enter`, of all languages, at any position of a line, and the verb stems of languages in
 * which the verb follows the number.
 */
const ANYWHERE = new WordExpression(
  { words: ALL_VERBS, start: WHOLE_START, end: WHOLE_END },
  { words: VERBS_UNSPACED },
  { words: STEMS_AFTER, start: String.raw`(?<!\p{L})` },
);

/** Matches the verbs such as `use` and `put`, of all languages, at any position of a line. */
const PLACING = new WordExpression(
  { words: `${ALL_USES}|${VERBS_OF_PLACING}`, start: WHOLE_START, end: WHOLE_END },
  { words: VERBS_OF_PLACING_UNSPACED },
);

/**
 * Matches an instruction to open or to confirm something with a number (`unlock the locker with 9350`), up to the
 * number.
 */
const OPENED = new WordExpression({
  start: String.raw`(?<!\p{L})`,
  words: String.raw`confirm|approve|bestätig\p{L}+|valid(?:ez|e|er)|confirm(?:ez|e|er|a|ar)|conferm[ai]|bevestig|bekräfta|bekreft|bekræft|potwierdź|potvrď(?:te)?|potvrdi(?:te)?|подтверд\p{L}+|підтверд\p{L}+|потвърд\p{L}+|open|unlock|öffn\p{L}+|entsperr\p{L}+|ouvr\p{L}+|déverrouill\p{L}+|abr[aei]\p{L}{0,2}|desbloque\p{L}+|apri(?:re|te)?|apra|sblocc\p{L}+|ontgrendel|öppna|lås upp|åpne?|åbn|lås opp|lås op|otwórz|otwieraj|odblokuj|otevř\p{L}+|odemkn\p{L}+|otvor\p{L}+|odomkn\p{L}+|otključaj\p{L}{0,2}|otkleni\p{L}{0,2}|odkleni\p{L}{0,2}|откро\p{L}+|разблокиру\p{L}+|відкри\p{L}+|отвор\p{L}+|откључај\p{L}{0,2}`,
  end: String.raw`\s(?:[\p{L}\d]+\s){0,4}?(?:with|using|mit|avec|con|com|met|med|numerem|za pomocą|číslem|číslom|brojem|s številko|s|sa|z|с|со|з|із|номером|числом|цифрами|бројем|със)\s["'“„«]?$`,
});

/** Returns whether the text before a number instructs the reader to open or to confirm something with the number. */
export const isOpened = (before: string): boolean => OPENED.test(before);

/** Matches a verb that means `enter`, but also `dial` or `state`, directly before a number. */
const STATED = beforeNumber(VERBS_OF_STATING, ENCLITIC);
const STATED_UNSPACED = new WordExpression({
  words: VERBS_OF_STATING_UNSPACED,
  end: String.raw`[\p{L}\p{M}]{0,4}${OPENING}`,
});

/** Returns whether the verb before a number can also mean `dial` or `state`. */
export const isStated = (before: string): boolean => STATED.test(before) || STATED_UNSPACED.test(before);

/** Returns whether a text has a verb such as `enter`. */
export const asksForEntry = (line: string): boolean => ANYWHERE.test(line);

/** Returns whether a text has a verb such as `use` or `put`. */
export const asksForUse = (line: string): boolean => PLACING.test(line);

/** Returns whether a verb directly beside a number instructs the reader to enter the number. */
export const isEntered = (before: string, after: string): boolean =>
  AFTER.test(after) ||
  AFTER_SPACED.test(after) ||
  AFTER_UNSPACED.test(after) ||
  BEFORE_UNSPACED.test(before) ||
  (ANY_VERB.test(before) && BEFORE_SPACED.some(({ verb, next }) => verb.test(before) && next.test(after)));

/**
 * Returns whether a verb such as `use` is directly before a number, which means that the number is a code to be
 * entered.
 */
export const isUsed = (before: string, after: string): boolean =>
  ANY_USE.test(before) &&
  BEFORE_SPACED.some(({ use, next }) => use?.test(before) === true && next.test(after));
