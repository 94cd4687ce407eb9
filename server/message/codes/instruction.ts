/**
 * Recognizes sentences that instruct the reader to enter a code without naming it a code: `Type these digits into
 * the field`, `This is the number that you have to copy into the app`. Such a sentence has two of three: a verb
 * such as `enter`, a noun for what is entered, and a noun for the place in which it is entered. The nouns are in
 * `instruction-words.ts`.
 */
import { asksForEntry, asksForUse, OPENING } from './entry.ts';
import {
  ASKS_SPACED,
  ASKS_UNSPACED,
  DEVICES_SPACED,
  DEVICES_UNSPACED,
  NOUNS_SPACED,
  NOUNS_UNSPACED,
  type InstructionNouns,
} from './instruction-words.ts';
import { hasCodeWord } from './words.ts';
import { STOPS, WORD_START } from './whole-word.ts';
import { WordExpression } from './word-expression.ts';

const spaced = Object.values(NOUNS_SPACED);
const unspaced = Object.values(NOUNS_UNSPACED);

const alternatives = (languages: readonly InstructionNouns[], kind: keyof InstructionNouns): string =>
  languages.map((words) => words[kind]).join('|');

/** Returns an expression for the nouns of one kind, in all languages. */
const nouns = (kind: keyof InstructionNouns): WordExpression =>
  new WordExpression(
    { words: alternatives(spaced, kind), start: WORD_START },
    { words: alternatives(unspaced, kind) },
  );
const OBJECTS = nouns('objects');
const TARGETS = nouns('targets');
const SUBJECTS = nouns('subject');
const ASKS = new WordExpression({ words: ASKS_SPACED, start: WORD_START }, { words: ASKS_UNSPACED });

/** Matches a device on which the reader enters a code, such as `computer`. */
const DEVICES = new WordExpression({ words: DEVICES_SPACED, start: WORD_START }, { words: DEVICES_UNSPACED });

/** Matches a noun such as `number` that ends the text before a candidate. */
const OBJECT_BEFORE = new WordExpression(
  {
    words: alternatives(spaced, 'objects'),
    start: WORD_START,
    end: String.raw`[\p{L}\p{M}]{0,8}${OPENING}`,
  },
  { words: alternatives(unspaced, 'objects'), end: String.raw`[\p{L}\p{M}]{0,3}${OPENING}` },
);

/** Matches the end of a sentence or a line, and the end of a clause. */
const SENTENCE_END = new RegExp(String.raw`[.!?](?=\s)|[${STOPS}\n]`);
const CLAUSE_END = new RegExp(`[.!?;${STOPS}]`);

/**
 * For each element of an instruction, whether a sentence has it: a verb such as `enter`, a noun for what is
 * entered (`object`), and a noun for the place in which it is entered (`target`).
 */
export interface Instruction {
  readonly verb: boolean;
  readonly object: boolean;
  readonly target: boolean;
}

/**
 * Returns the elements of an instruction that a sentence has. A verb such as `use` or `put` counts only in a sentence
 * that has both nouns. A device is a place only in a sentence with a verb such as `enter`, because messages about
 * sign-ins often name a device.
 */
export function instructionOf(sentence: string): Instruction {
  const object = OBJECTS.test(sentence);
  const enters = asksForEntry(sentence);
  const target = TARGETS.test(sentence) || (enters && DEVICES.test(sentence));
  return { verb: enters || (object && target && asksForUse(sentence)), object, target };
}

/**
 * Returns whether a sentence instructs the reader to enter a code: it has a verb such as `enter`, and a noun for
 * what is entered or for the place in which it is entered.
 */
export const isInstruction = (sentence: string): boolean => {
  const { verb, object, target } = instructionOf(sentence);
  return verb && (object || target);
};

/** Returns whether a sentence says that a place asks for something (`the number that the app will ask for`). */
export const isAskedFor = (sentence: string): boolean =>
  TARGETS.test(sentence) && OBJECTS.test(sentence) && ASKS.test(sentence);

/** Returns whether a text has a verb such as `enter` or a noun for what is entered. */
export const namesEntry = (text: string): boolean => OBJECTS.test(text) || asksForEntry(text);

/** Returns whether a sentence has a verb such as `enter` and names the place in which the reader enters something. */
export function namesPlace(sentence: string): boolean {
  const { verb, target } = instructionOf(sentence);
  return verb && target;
}

/**
 * Returns whether a verb such as `enter`, followed by a noun such as `number`, is directly before a candidate
 * (`enter the number 4417`). If so, returns the text before the noun, else undefined.
 */
export function beforeObject(before: string): string | undefined {
  const index = OBJECT_BEFORE.search(before);
  if (index === -1) return undefined;
  const rest = before.slice(0, index);
  const words = rest.split(CLAUSE_END).at(-1) ?? '';
  return asksForEntry(words) ? rest : undefined;
}

/** Returns whether a sentence of a text says that the code is in the subject line of the message. */
export const namesSubject = (text: string): boolean =>
  SUBJECTS.test(text) &&
  text
    .split(SENTENCE_END)
    .some(
      (sentence) =>
        SUBJECTS.test(sentence) &&
        (OBJECTS.test(sentence) || hasCodeWord(sentence) || asksForEntry(sentence)),
    );
