/**
 * One-time codes: the candidates of a message, likeliest first, each with a confidence and the text around it.
 *
 * A candidate is four to eight digits of any script, together or in groups, or a short run of letters and digits. A candidate
 * gains confidence by a word that announces a code near it (`words.ts` has some forty languages), by a line of its own, by six digits
 * and by a place in the subject. A candidate loses confidence by a word that names another meaning: an order, an invoice, a
 * telephone number, a year, a price, an address. Colours, dates, times, amounts and numbers in links are no candidates.
 *
 * Candidates of equal confidence stay in the order of the message; a caller that needs the one code should then refuse to
 * choose. A code in a header `OTP-Token` (draft-goto-otp-token) has the confidence 1.
 */
import { isAnnounced, readCandidates, YEAR, type Candidate } from './candidate.ts';
import { asksForEntry } from './entry.ts';
import { nearnessOf } from './nearness.ts';
import { plainText } from './plain-text.ts';

export interface MessageCode {
  /** As a person types it: grouping is removed from digits, dashes between letters are kept. */
  readonly value: string;
  /** 0 to 1. From 0.5 on, the message announces the code as one. */
  readonly confidence: number;
  /** The text around it, on one line. */
  readonly context: string;
}

interface CodeSources {
  readonly subject: string;
  /** The text, and the text of the HTML; a code in several of them counts once. */
  readonly texts: readonly string[];
  /** Values of OTP-Token headers. */
  readonly tokens: readonly string[];
}

/** Characters read of each text: codes are near its start. */
const MAX_TEXT = 100_000;
/** Codes returned. */
const MAX_CODES = 20;
/** The least confidence of a code that is returned. */
const LEAST = 0.2;
/** Characters of context on either side. */
const CONTEXT = 50;

/** The confidence that a candidate of digits is a code, from its form alone. */
function digitsConfidence({ value, alone, before, after }: Candidate, near: number): number {
  let confidence = near;
  if (YEAR.test(value)) confidence -= near >= 0.65 || alone ? 0.15 : 0.6;
  if (value.length === 6) confidence += 0.12;
  if (/^(\d)\1+$/.test(value)) confidence -= 0.1;
  if (near === 0 && !alone) confidence -= 0.1;
  // `CA 94105`, `10115 Berlin`: postal codes.
  const isPostal = value.length === 5 && (/\b[A-Z]{2} $/.test(before) || /^ \p{Lu}\p{Ll}/u.test(after));
  return isPostal ? confidence - 0.4 : confidence;
}

/** The same for a candidate with letters. It needs a word that announces it: nearly every text has words in capitals. */
function lettersConfidence({ value, alone, before }: Candidate, near: number): number {
  if (near < 0.5) return 0;
  const isMixed = /\d/.test(value) && /\p{L}/u.test(value);
  const isLowerCase = /^[a-z0-9]+$/.test(value) && !alone && !isAnnounced(before);
  return near + (isMixed ? 0.05 : -0.1) - (isLowerCase ? 0.2 : 0);
}

/** The nearness of a candidate beside a verb such as `enter`. */
const ENTERED = 0.55;

/** The nearness of a candidate alone in its line, after a line that asks to enter it, or after one that ends with a colon. */
const ENTERED_NEXT_LINE = 0.5;
const ANNOUNCED_NEXT_LINE = 0.25;

/** The nearness of a candidate to a verb that asks the reader to enter it. */
function nearnessOfVerb({ isEntered, alone, lineBefore }: Candidate): number {
  if (isEntered) return ENTERED;
  if (!alone) return 0;
  if (asksForEntry(lineBefore)) return ENTERED_NEXT_LINE;
  return /[:：]\s*$/.test(lineBefore) ? ANNOUNCED_NEXT_LINE : 0;
}

/** The confidence in a candidate, from 0 to 0.99; 0 means that it is no code. */
function confidenceIn(candidate: Candidate, nearWord: number, isSubject: boolean): number {
  const near = Math.max(nearWord, nearnessOfVerb(candidate));
  let confidence = candidate.digits ? digitsConfidence(candidate, near) : lettersConfidence(candidate, near);
  if (confidence <= 0) return 0;
  if (candidate.alone) confidence += 0.18;
  if (isSubject && near > 0) confidence += 0.1;
  if (candidate.isOtherNumber) confidence -= 0.5;
  return Math.max(0, Math.min(0.99, confidence));
}

/** Whole words around a code; a long word that reaches the code is cut. */
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

/** The codes of a message, likeliest first. */
export function findCodes(sources: CodeSources): readonly MessageCode[] {
  const best = new Map<string, MessageCode>();
  const offer = (code: MessageCode): void => {
    const known = best.get(code.value);
    if (known === undefined || known.confidence < code.confidence) best.set(code.value, code);
  };
  tokenCode(sources.tokens).forEach(offer);
  const texts = [sources.subject, ...sources.texts].map((source) => {
    const text = plainText(source.slice(0, MAX_TEXT));
    return { text, ...readCandidates(text) };
  });
  // A discount code can be in the subject, and the discount in the text.
  const otherPurposes = new Set(
    texts
      .flatMap(({ candidates }) => candidates)
      .filter(({ digits, hasOtherPurpose }) => !digits && hasOtherPurpose)
      .map(({ value }) => value),
  );
  for (const [i, { text, candidates, words }] of texts.entries()) {
    const nearness = nearnessOf(text, candidates, words);
    for (const candidate of candidates) {
      if (otherPurposes.has(candidate.value)) continue;
      const exact = confidenceIn(candidate, nearness.get(candidate) ?? 0, i === 0);
      const confidence = Math.round(exact * 100) / 100;
      if (confidence >= LEAST)
        offer({ value: candidate.value, confidence, context: contextOf(text, candidate) });
    }
  }
  // A stable sort: candidates of equal confidence stay in the order of the message.
  return [...best.values()].sort((a, b) => b.confidence - a.confidence).slice(0, MAX_CODES);
}
