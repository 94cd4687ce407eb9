/**
 * Texts like those of mail: words of an invented language with the frequencies of a natural one (Zipf), and one unique
 * token in each text.
 */

/** Returns a generator of numbers from 0 up to 1, the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ONSETS = [
  'b',
  'c',
  'd',
  'f',
  'g',
  'h',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'w',
  'ch',
  'st',
  'th',
  'tr',
  'pl',
  'sh',
];
const NUCLEI = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'io'];
const CODAS = ['', '', '', 'n', 'r', 's', 't', 'l', 'ng', 'nt', 'st', 'ed'];

export interface SampleText {
  readonly text: string;
  /** A token that only this text contains, like the number of an order. */
  readonly token: string;
}

/** @param length approximate number of characters of each text */
export function sampleTexts(count: number, length: number, seed = 7): SampleText[] {
  const random = seeded(seed);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const syllable = (): string => pick(ONSETS) + pick(NUCLEI) + pick(CODAS);
  const makeWord = (): string =>
    Array.from({ length: 1 + Math.floor(random() ** 1.5 * 4) }, syllable).join('');
  const vocabulary = Array.from({ length: 6_000 }, makeWord);
  return Array.from({ length: count }, () => {
    const token = Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
    const words: string[] = [];
    for (let size = 0; size < length;) {
      const next = vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? token;
      words.push(next);
      size += next.length + 1;
    }
    words[Math.floor(random() * words.length)] = token;
    return { text: words.join(' '), token };
  });
}
