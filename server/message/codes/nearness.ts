/**
 * Computes the nearness of candidates to the words that announce a code, such as `code` or `PIN`. The nearness
 * (0 to 0.65) is the confidence that such a word contributes to a candidate. Each word announces one candidate:
 * the nearest one before or after it. More distant candidates gain almost nothing from the same word, unless
 * they form a list with the nearest one.
 */
import type { Candidate } from './candidate.ts';
import { namesEntry } from './instruction.ts';
import { isIdentity } from './purpose.ts';
import type { Qualifier } from './qualifier.ts';
import { isAnnounced } from './surroundings.ts';
import { COLONS, STOPS, WORD_START } from './whole-word.ts';
import { WordExpression } from './word-expression.ts';
import { hasCodeWord, type CodeWord } from './words.ts';
import { canBeYear } from './years.ts';

/**
 * Maximum distance in characters between an announcing word and a code after it. `FAR_BEFORE` is the maximum
 * distance between a code and the announcing word after it.
 */
const FAR_AFTER = 300;
const FAR_BEFORE = 120;
/**
 * Maximum confidence that a word such as `code` contributes to a candidate if the word announces another
 * candidate.
 */
const SHARED = 0.1;
/** Distance in characters that is added for each end of a sentence or line between a word and a candidate. */
const APART = 20;

/** Matches the end of a sentence or a line. A line that ends with a colon continues on the next line. */
const SENTENCE_END = new RegExp(String.raw`[.!?](?=\s)|[${STOPS}]|(?<![${COLONS}])\n`, 'u');

/**
 * Maximum confidence that an announcing word contributes to a number in another sentence. It is low, because
 * a warning about codes is often followed by sentences with other numbers.
 */
const OTHER_SENTENCE = 0.35;

/**
 * Maximum confidence that an announcing word contributes, by the words that qualify it. The maximum of an uncertain
 * qualifier is less than that of a word directly before a number, so a number with a clear word is preferred.
 */
const MOST: Readonly<Record<Qualifier, number>> = { known: 1, uncertain: 0.6, unknown: OTHER_SENTENCE };

/** Maximum distance in characters between a code in the middle of a sentence and the announcing word after it. */
const DIRECTLY = 30;

/**
 * Returns whether a candidate is the first word of its sentence, is announced by a colon or a verb such as
 * `is`, or is beside a verb such as `enter`.
 */
const isProminent = ({ before, alone, isFirst, isEntered, isInstructed }: Candidate): boolean =>
  alone || isFirst || isEntered || isInstructed || isAnnounced(before);

/**
 * Matches a comma with words after it. A number after it is in another clause than the announcing word (`you did
 * not enter the code, and request 77120 was cancelled`).
 */
const OTHER_CLAUSE = /[,;،؛，；、፣]['"“”]?\s?[\p{L}\p{M}]/u;

/**
 * Confidence that an announcing word contributes to a candidate, by their distance: pairs of a distance in
 * characters and the confidence up to that distance, in ascending order of distance.
 */
type Steps = readonly (readonly [distance: number, contribution: number])[];

const STEPS_AFTER: Steps = [
  [30, 0.65],
  [80, 0.55],
  [160, 0.4],
  [FAR_AFTER, 0.2],
];
const STEPS_BEFORE: Steps = [
  [30, 0.55],
  [80, 0.4],
  [FAR_BEFORE, 0.15],
];

const atDistance = (steps: Steps, gap: number): number =>
  steps.find(([distance]) => gap <= distance)?.[1] ?? 0;

/** Returns the confidence, from 0 to 0.65, that an announcing word contributes to a candidate. */
function contribution(text: string, word: CodeWord, candidate: Candidate): number {
  if (word.end <= candidate.start) return contributionToNext(text, word, candidate);
  return word.start < candidate.end ? 0 : contributionToPrevious(text, word, candidate);
}

/** Matches stems of nouns such as `key`, which some services use for a code. */
const KEYS = new WordExpression(
  {
    words:
      'key|passkey|token|schlüssel|clé|clef|clave|chave|chiave|clau|sleutel|nyckel|nøkkel|nøgle|lykil|avain|võti|võtme|atslēg|rakt|klucz|klíč|kľúč|kulcs|chei|ключ|кључ|клуч|ključ|κλειδ|anahtar|açar|kalit|khóa|kunci',
    start: WORD_START,
  },
  { words: 'مفتاح|کلید|מפתח|कुंजी|কী|คีย์|กุญแจ|密钥|密鑰|口令|キー|키' },
);

/** Matches a label of at most four words before a number, up to the number (`ID abonat: 204417`). */
const OWN_LABEL = new RegExp(String.raw`(?:^|\||[.!?] )\s*[^${COLONS}.!?,;]{2,30}[${COLONS}]\s*$`, 'u');

/**
 * Returns whether a number has a label of its own (as in `Order: 123456`) that neither names a code nor tells the
 * reader to enter the number. If so, an announcing word in another line does not announce this number.
 */
function hasOtherLabel({ before, alone, digits }: Candidate): boolean {
  const label = alone || !digits ? undefined : OWN_LABEL.exec(before)?.[0];
  if (label === undefined || label.trim().split(/\s+/).length > 4) return false;
  return !hasCodeWord(label) && !namesEntry(label) && !isIdentity(label) && !KEYS.test(label);
}

/** Returns the confidence that an announcing word contributes to a candidate after the word. */
function contributionToNext(text: string, word: CodeWord, candidate: Candidate): number {
  const between = text.slice(word.end, candidate.start);
  // A heading such as `Verification` announces a code that is the only text of the next line.
  const isHeading = candidate.alone && between === '\n';
  if (word.isAct && !isHeading && SENTENCE_END.test(between)) return 0;
  const ends = between.match(/[.!?](?=\s)|\n/g)?.length ?? 0;
  const gap = between.length + Math.max(0, ends - 1) * APART;
  const isWeak =
    !isProminent(candidate) || (canBeYear(candidate) && !candidate.alone) || hasOtherLabel(candidate);
  const isApart = SENTENCE_END.test(between) || OTHER_CLAUSE.test(between);
  if (gap <= 160 && isWeak && isApart) return OTHER_SENTENCE;
  return atDistance(STEPS_AFTER, gap);
}

/** Confidence that an announcing word at the start of the next sentence contributes to a candidate with letters. */
const MENTIONED = 0.55;
/** Matches the text from a candidate to a word near the start of the next sentence. */
const NEXT_SENTENCE = /^[^.!?\n]{0,80}[.!?]\s[^.!?,\n\d]{0,20}$/u;
/** Matches the text before a candidate that a star emphasizes. */
const EMPHASIS = /\*\s?$/;

/**
 * Returns whether the sentence of a candidate with digits and letters is about identity or emphasizes the candidate, and
 * the next sentence begins with a word for a code (`Sign in with 4E7K2B. The one-time code is valid for 15 minutes.`).
 */
const isMentioned = (
  text: string,
  word: CodeWord,
  { end, digits, value, lead, sentence }: Candidate,
): boolean =>
  !digits &&
  /^(?=.*\d)[A-Z\d-]{6,}$/.test(value) &&
  word.qualifier === 'known' &&
  NEXT_SENTENCE.test(text.slice(end, word.start)) &&
  (EMPHASIS.test(lead) || isIdentity(`${lead} ${sentence}`));

/** Returns the confidence that an announcing word contributes to a candidate before the word. */
function contributionToPrevious(text: string, word: CodeWord, candidate: Candidate): number {
  const { end, alone } = candidate;
  const isApart = SENTENCE_END.test(text.slice(end, word.start));
  if (isApart && !word.isAct && isMentioned(text, word, candidate)) return MENTIONED;
  if (isApart && (word.isAct || !alone)) return word.isAct ? 0 : 0.15;
  const by = atDistance(STEPS_BEFORE, word.start - end);
  // A code in the middle of a sentence is announced only by a word directly after it. The number in `184000
  // letters asked for a code` is too far from the word `code`.
  if (isProminent(candidate)) return by;
  const isBeside = word.start - end <= DIRECTLY && !OTHER_CLAUSE.test(text.slice(end, word.start + 1));
  return isBeside ? by : Math.min(by, OTHER_SENTENCE);
}

/**
 * Returns whether two candidates are items of one list, which means that only blanks and punctuation separate
 * them.
 */
const inList = (text: string, a: Candidate, b: Candidate): boolean =>
  !/[\p{L}\p{N}]/u.test(a.end <= b.start ? text.slice(a.end, b.start) : text.slice(b.end, a.start));

/** A candidate with the confidence that one announcing word contributes to it. */
type Offer = readonly [candidate: Candidate, by: number];

/** Of the candidates that a word may announce, returns the one to which the word contributes the largest confidence. */
const bestOf = (offers: readonly Offer[]): Offer | undefined =>
  offers
    .filter(([{ isOtherNumber }, by]) => !isOtherNumber && by > 0)
    .reduce<Offer | undefined>(
      (best, offer) => (best === undefined || offer[1] > best[1] ? offer : best),
      undefined,
    );

/**
 * Returns the confidence that a word contributes to a candidate if the word announces another candidate. If both
 * candidates are in one list and have the same length, both get the same confidence.
 */
function shareOf(text: string, [candidate, by]: Offer, announced: Offer | undefined): number {
  if (announced === undefined || announced[0] === candidate) return by;
  const [other, otherBy] = announced;
  if (!inList(text, other, candidate)) return Math.min(SHARED, by);
  return other.value.length === candidate.value.length ? otherBy : by;
}

/**
 * Returns the nearness of each candidate of a text: the largest confidence that a word contributes to the
 * candidate. A candidate without a nearby word is absent or has the nearness 0.
 */
export function nearnessOf(
  text: string,
  candidates: readonly Candidate[],
  words: readonly CodeWord[],
): ReadonlyMap<Candidate, number> {
  const nearness = new Map<Candidate, number>();
  const raise = (candidate: Candidate, by: number): void => {
    nearness.set(candidate, Math.max(nearness.get(candidate) ?? 0, by));
  };
  let low = 0;
  for (const word of words) {
    if (word.otherPurpose) continue;
    while ((candidates[low]?.end ?? Infinity) < word.start - FAR_BEFORE) low += 1;
    const offers: Offer[] = [];
    for (let i = low; (candidates[i]?.start ?? Infinity) <= word.end + FAR_AFTER; i += 1) {
      const candidate = candidates[i];
      if (candidate === undefined) continue;
      const by = contribution(text, word, candidate);
      offers.push([candidate, Math.min(by, MOST[word.qualifier])]);
    }
    const announced = bestOf(offers);
    for (const offer of offers) raise(offer[0], shareOf(text, offer, announced));
  }
  return nearness;
}
