/**
 * Recognizes the purpose of a whole message: to prove an identity, to sell something, or to invite to an online
 * meeting. The purpose decides between meanings of a word such as `code` that the words beside it leave open. The
 * words are in `purpose-words.ts`.
 */
import {
  MEETING,
  PURPOSES_SPACED,
  PURPOSES_UNSPACED,
  WARNINGS_SPACED,
  WARNINGS_UNSPACED,
} from './purpose-words.ts';
import { WORD_START } from './whole-word.ts';
import { WordExpression } from './word-expression.ts';

/** The purposes of a message. A message can have several of them. */
export interface Purpose {
  readonly identity: boolean;
  readonly sale: boolean;
  readonly meeting: boolean;
}

const spaced = Object.values(PURPOSES_SPACED);
const expression = (kind: 'identity' | 'sale'): WordExpression => {
  const words = spaced.map((language) => language[kind]).join('|');
  const unspaced = PURPOSES_UNSPACED.map((language) => language[kind]).join('|');
  return new WordExpression({ words, start: WORD_START }, { words: unspaced });
};
const IDENTITY = expression('identity');
const SALE = expression('sale');
const MEETINGS = new WordExpression({ words: MEETING });

const WARNINGS = new WordExpression(
  { words: WARNINGS_SPACED, start: WORD_START },
  { words: WARNINGS_UNSPACED },
);

/** Matches a part of a price: a percentage, or an amount of money. */
const PART_OF_PRICE =
  /\d\s?[%٪％]|[%٪％]\s?\d|[€$£¥₹₺₽₴₩₫฿₪₦₱₸₾]\s?\d|\d\s?(?:[€$£¥₹₺₽₴₩₫฿₪₦₱₸₾元円원折]|บาท)|\d\s?(?:TL|USD|EUR|RM|zł|Kč|kr|lei|Ft|лв|руб|грн)(?!\p{L})/u;

/** Returns whether a text has a word about a proof of identity. */
export const isIdentity = (text: string): boolean => IDENTITY.test(text);

/** Returns whether a subject shows that a message warns about fraud or gives advice. */
export const isWarning = (subject: string): boolean => WARNINGS.test(subject);

/** Returns whether a text has a word about a sale. */
export const isSale = (text: string): boolean => SALE.test(text);

/** Returns whether a text has a percentage or an amount of money. */
export const hasPrice = (text: string): boolean => PART_OF_PRICE.test(text);

/** Returns the purposes of a message with the given texts. */
export const purposeOf = (texts: readonly string[]): Purpose => ({
  identity: texts.some(isIdentity),
  sale: texts.some(isSale),
  meeting: texts.some((text) => MEETINGS.test(text)),
});
