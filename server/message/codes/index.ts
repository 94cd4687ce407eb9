/**
 * Finds one-time codes in a message: a list of candidates, the most likely one first, each with a confidence
 * and the text around it.
 *
 * A candidate is four to eight digits of any script, together or in groups, or a short run of letters and
 * digits. The confidence in a candidate is increased by a nearby word that announces a code (`words.ts` has
 * some seventy languages), by being alone in its line, by having six digits and by being in the subject. The
 * confidence is decreased by a word that names another meaning: an order, an invoice, a telephone number, a
 * year, a price, an address. Colours, dates, times, amounts and numbers in links are not candidates.
 *
 * Candidates of equal confidence are in the order of the message. A caller that needs a single code should
 * report an ambiguity if the first two candidates have the same confidence. A code in a header `OTP-Token`
 * (draft-goto-otp-token) has the confidence 1.
 */
import { readCandidates, type Candidate } from './candidate.ts';
import { asksForEntry } from './entry.ts';
import { namesSubject } from './instruction.ts';
import { nearnessOf } from './nearness.ts';
import { plainText } from './plain-text.ts';
import { isIdentity, isWarning, purposeOf } from './purpose.ts';
import { isAnnounced, isEnteredByLines, isSetApart } from './surroundings.ts';
import { COLONS } from './whole-word.ts';
import { hasCodeWord, type CodeWord } from './words.ts';
import { canBeYear } from './years.ts';

export interface MessageCode {
  /** The code as a user enters it: digits without separators between groups, letters with their dashes. */
  readonly value: string;
  /**
   * Confidence that the value is a one-time code, from 0 to 1. At 0.5 and above, words in the message announce
   * the value as a code.
   */
  readonly confidence: number;
  /** The text around the code, on one line. */
  readonly context: string;
}

interface CodeSources {
  readonly subject: string;
  /**
   * The texts in which codes are searched: the plain text of the message and the text of its HTML. A code
   * that occurs in both is returned only once.
   */
  readonly texts: readonly string[];
  /** Values of the OTP-Token header fields. */
  readonly tokens: readonly string[];
}

/** Maximum number of characters that are read from each text, because codes are near the beginning of a text. */
const MAX_TEXT = 100_000;
/** Maximum number of codes that are returned for one message. */
const MAX_CODES = 20;
/** Confidence that a word such as `code` contributes to the candidate directly after it. */
const ANNOUNCED = 0.65;
/** Minimum confidence of a candidate whose evidence can be clear (see `isClear`). */
const CLEAR_CONFIDENCE = 0.5;
/** Minimum confidence of the codes that are returned. */
const LEAST = 0.2;
/**
 * Maximum distance in characters at which an announcing word before a candidate is regarded as directly beside the
 * candidate.
 */
const DIRECTLY = 15;
/** Number of characters on each side of a code that are returned as its context. */
const CONTEXT = 50;

/**
 * Returns whether a candidate of digits is a postal code, such as `CA 94105`, `10115 Berlin` and (in India) `PIN
 * code 400001, Mumbai`.
 */
function isPostal({ value, before, after }: Candidate): boolean {
  if (value.length === 5) return /\b[A-Z]{2} $/.test(before) || /^ \p{Lu}\p{Ll}/u.test(after);
  return value.length === 6 && INDIAN_BEFORE.test(before) && /^,? \p{Lu}\p{Ll}/u.test(after);
}

/** Matches the words of an Indian address before its postal code of six digits. */
const INDIAN_BEFORE = /(?<!\p{L})pin(?: ?code)?[ :-]*$|\p{Ll} ?- ?$/iu;

/**
 * Returns whether a candidate that can be a year is announced so clearly that it is a code: alone in its line, or
 * directly after an announcing word or a verb such as `is`.
 */
function isDirectlyAnnounced({ alone, before }: Candidate, near: number): boolean {
  if (alone) return true;
  const last = before.slice(-DIRECTLY);
  return near >= ANNOUNCED && (isAnnounced(before) || (!/[.!?,;]/.test(last) && hasCodeWord(last)));
}

/**
 * Returns the confidence in a candidate of digits, computed from its form and from `near`, the confidence that
 * nearby words contribute.
 */
function digitsConfidence(candidate: Candidate, near: number): number {
  const { value, alone } = candidate;
  let confidence = near;
  if (canBeYear(candidate)) confidence -= isDirectlyAnnounced(candidate, near) ? 0.15 : 0.6;
  if (value.length === 6) confidence += 0.12;
  if (/^(\d)\1+$/.test(value)) confidence -= 0.1;
  if (near === 0 && !alone) confidence -= 0.1;
  return isPostal(candidate) ? confidence - 0.4 : confidence;
}

/**
 * Returns the confidence in a candidate with letters. Such a candidate needs a nearby word that announces a
 * code, because nearly every text has words in capital letters.
 */
function lettersConfidence({ value, alone, before }: Candidate, near: number): number {
  if (near < 0.5) return 0;
  const isMixed = /\d/.test(value) && /\p{L}/u.test(value);
  const isLowerCase = /^[a-z0-9]+$/.test(value) && !alone && !isAnnounced(before);
  return near + (isMixed ? 0.05 : -0.1) - (isLowerCase ? 0.2 : 0);
}

/** Confidence that a verb such as `enter` contributes to a candidate that is directly beside the verb. */
const ENTERED = 0.55;

/**
 * Confidence that a line with a verb such as `enter` adds to a candidate that is alone in the next line.
 * `ANNOUNCED_NEXT_LINE` is the confidence that any other line adds if it ends with a colon.
 */
const ENTERED_NEXT_LINE = 0.5;
const ANNOUNCED_NEXT_LINE = 0.25;

/** Confidence that a sentence such as `the code is in the subject` contributes to a candidate in the subject. */
const NAMED_SUBJECT = 0.55;

/**
 * Confidence that words about identity in the subject (`482913: your login`) contribute to a candidate in the
 * subject, and that an announcing word in the subject (`Your sign-in code`) contributes to the only candidate that
 * is alone in its line.
 */
const SUBJECT_OF_IDENTITY = 0.45;
const SUBJECT_ANNOUNCES = 0.5;
/**
 * Confidence that a word in the subject that only describes an action (`Verify your account`) contributes to the
 * only candidate that is alone in its line.
 */
const SUBJECT_ACTS = 0.35;

const ENDS_WITH_COLON = new RegExp(String.raw`[${COLONS}]\s*$`);

/**
 * Returns the confidence that a verb contributes to a candidate, if the verb instructs the reader to enter the
 * candidate.
 */
function nearnessOfVerb(candidate: Candidate): number {
  const { isEntered, isInstructed, alone, before, lineBefore } = candidate;
  if (isEntered) return ENTERED;
  if (isInstructed) return ENTERED_NEXT_LINE;
  if (!alone) return ENDS_WITH_COLON.test(before) && asksForEntry(before) ? ENTERED_NEXT_LINE : 0;
  if (asksForEntry(lineBefore) || isEnteredByLines(candidate)) return ENTERED_NEXT_LINE;
  return ENDS_WITH_COLON.test(lineBefore) ? ANNOUNCED_NEXT_LINE : 0;
}

/** Returns the confidence in a candidate, from 0 to 0.99; 0 for a candidate that is not a code. */
function confidenceIn(candidate: Candidate, nearWord: number, isSubject: boolean): number {
  const near = Math.max(nearWord, nearnessOfVerb(candidate));
  let confidence = candidate.digits ? digitsConfidence(candidate, near) : lettersConfidence(candidate, near);
  if (confidence <= 0) return 0;
  if (candidate.alone) confidence += 0.18;
  if (isSubject && near > 0) confidence += 0.1;
  if (candidate.isOtherNumber) confidence -= 0.5;
  return Math.max(0, Math.min(0.99, confidence));
}

/**
 * Returns whether the evidence for a candidate is so clear that weaker candidates of the same message are not codes: a
 * word directly before the candidate, or a word or an instruction for a candidate that is alone in its line.
 */
function isClear(candidate: Candidate, nearWord: number): boolean {
  if (candidate.isOtherNumber) return false;
  if (!candidate.alone) return nearWord >= ANNOUNCED;
  return Math.max(nearWord, nearnessOfVerb(candidate)) >= ENTERED_NEXT_LINE;
}

/** A text of the message with its candidates and announcing words. The first text is the subject. */
interface ReadText {
  readonly text: string;
  readonly candidates: readonly Candidate[];
  readonly words: readonly CodeWord[];
}

/**
 * Returns the confidence that the subject contributes to candidates: to those in the subject, if a text says that
 * the code is there or if the subject is about identity; else to the only candidate alone in its line, if a word in
 * the subject announces a code.
 */
function nearnessOfSubject([subject, ...texts]: readonly ReadText[]): ReadonlyMap<Candidate, number> {
  const nearness = new Map<Candidate, number>();
  if (subject === undefined) return nearness;
  if (subject.candidates.length > 0) {
    const isNamed = texts.some(({ text }) => namesSubject(text));
    const isOfIdentity = isIdentity(subject.text);
    for (const candidate of subject.candidates) {
      const isApart = isSetApart(candidate) && !canBeYear(candidate);
      if (isNamed) nearness.set(candidate, NAMED_SUBJECT);
      else if (isOfIdentity && isApart) nearness.set(candidate, SUBJECT_OF_IDENTITY);
    }
    return nearness;
  }
  const words = subject.words.filter(({ otherPurpose, qualifier }) => !otherPurpose && qualifier === 'known');
  if (words.length === 0) return nearness;
  const by = words.every(({ isAct }) => isAct) ? SUBJECT_ACTS : SUBJECT_ANNOUNCES;
  for (const { candidates } of texts) {
    const [only, ...others] = candidates.filter(({ alone }) => alone);
    if (only !== undefined && others.length === 0) nearness.set(only, by);
  }
  return nearness;
}

/** Returns the text around a code in whole words. A long word that is adjacent to the code is cut. */
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

/**
 * Returns the code of the OTP-Token header field, which is a structured-field string. If the field is
 * repeated, no code is returned.
 */
function tokenCode(values: readonly string[]): MessageCode[] {
  const value = values.length === 1 ? values[0] : undefined;
  const match = value === undefined ? null : /^\s*"((?:[^"\\]|\\["\\]){1,64})"\s*(?:;|$)/.exec(value);
  if (match === null) return [];
  return [
    { value: (match[1] ?? '').replace(/\\(.)/g, '$1'), confidence: 1, context: `OTP-Token: ${value ?? ''}` },
  ];
}

/** Returns the codes of a message, the most likely one first. */
export function findCodes(sources: CodeSources): readonly MessageCode[] {
  const best = new Map<string, MessageCode>();
  const clear = new Set<string>();
  const offer = (code: MessageCode): void => {
    const known = best.get(code.value);
    if (known === undefined || known.confidence < code.confidence) best.set(code.value, code);
  };
  tokenCode(sources.tokens).forEach(offer);
  const plain = [sources.subject, ...sources.texts].map((source) => plainText(source.slice(0, MAX_TEXT)));
  const purpose = purposeOf(plain);
  const texts = plain.map((text) => ({ text, ...readCandidates(text, purpose) }));
  const subject = nearnessOfSubject(texts);
  // The text may show that a code is a discount code while the same code is also in the subject. Therefore a
  // purpose other than authentication applies to all occurrences of the code.
  const otherPurposes = new Set(
    texts
      .flatMap(({ candidates }) => candidates)
      .filter(({ digits, hasOtherPurpose }) => !digits && hasOtherPurpose)
      .map(({ value }) => value),
  );
  // If a word in the subject shows that a code is a booking code, the same code in the text is a booking code
  // too. In the text, the code may be too far from its label.
  const named = new Set(
    texts
      .flatMap(({ candidates }) => candidates)
      .filter(({ digits, isNamed }) => !digits && isNamed)
      .map(({ value }) => value),
  );
  for (const [i, { text, candidates, words }] of texts.entries()) {
    const nearness = nearnessOf(text, candidates, words);
    for (const candidate of candidates) {
      const near = Math.max(nearness.get(candidate) ?? 0, subject.get(candidate) ?? 0);
      if (otherPurposes.has(candidate.value) || (named.has(candidate.value) && near < ANNOUNCED)) continue;
      const exact = confidenceIn(candidate, near, i === 0);
      const confidence = Math.round(exact * 100) / 100;
      if (confidence >= CLEAR_CONFIDENCE && isClear(candidate, near)) clear.add(candidate.value);
      if (confidence >= LEAST)
        offer({ value: candidate.value, confidence, context: contextOf(text, candidate) });
    }
  }
  // The sort is stable, which means that candidates of equal confidence remain in the order of the message.
  const isClearOnly = clear.size > 0 || isWarning(sources.subject);
  return [...best.values()]
    .filter(({ value, confidence }) =>
      isClearOnly ? clear.has(value) || /\D/.test(value) || confidence === 1 : true,
    )
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_CODES);
}
