/**
 * Draws varied mail from a seed. The words of the texts have the frequencies of a natural language (Zipf's law): a few
 * words occur in every message, and most words in a few messages. Equal seeds give equal mail on every machine.
 */

/** A generator of random numbers from 0 to 1 (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Number of different words in the corpus. */
const WORDS = 40_000;
/** Number of different senders and recipients in the corpus. */
const SENDERS = 200;
const RECIPIENTS = 3_000;
/** Size of the text of a message, in octets. */
const TEXT = 4_600;
/** Width of a line of the text, in characters. */
const WIDTH = 76;

const STARTS = [
  'b',
  'br',
  'c',
  'd',
  'dr',
  'f',
  'fl',
  'g',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pr',
  'r',
  's',
  'st',
  't',
  'tr',
];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou'];
const ENDS = ['', 'n', 'r', 's', 't', 'l', 'nd', 'ck', 'm'];

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}

/** Returns different words in the order of their frequency; frequent words are short, as in natural languages. */
function drawWords(random: Random): readonly string[] {
  const words = new Set<string>();
  while (words.size < WORDS) {
    const syllables = words.size < 300 ? 1 + Math.round(random()) : 2 + Math.floor(random() * 3);
    let word = '';
    for (let i = 0; i < syllables; i++)
      word += pick(STARTS, random) + pick(VOWELS, random) + pick(ENDS, random);
    words.add(word);
  }
  return [...words];
}

export interface CorpusMessage {
  readonly raw: Buffer;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** The text with single spaces in place of line breaks. */
  readonly text: string;
}

export interface Corpus {
  /** The words by frequency, the most frequent word first. */
  readonly words: readonly string[];
  /** Draws the next message. */
  next(): CorpusMessage;
}

/** Returns a function that draws an index of a word: the probability of index `i` is proportional to 1 / (i + 2.7). */
function zipf(random: Random): () => number {
  const sums = new Float64Array(WORDS);
  let sum = 0;
  for (let i = 0; i < WORDS; i++) sums[i] = sum += 1 / (i + 2.7);
  return () => {
    const drawn = random() * sum;
    let low = 0;
    let high = WORDS - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function wrap(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\r\n');
}

/** Creates a corpus of plain-text messages of about 5 KB. */
export function corpusFrom(seed: number): Corpus {
  const random = randomFrom(seed);
  const words = drawWords(random);
  const drawn = zipf(random);
  let serial = 0;
  const some = (count: number): string[] => Array.from({ length: count }, () => words[drawn()]!);
  return {
    words,
    next() {
      serial++;
      const from = `app${Math.floor(random() * SENDERS)}@example.test`;
      const to = `customer${Math.floor(random() * RECIPIENTS)}@example.test`;
      const subject = some(3 + Math.floor(random() * 6)).join(' ');
      const body: string[] = [];
      for (let octets = 0; octets < TEXT; octets += body.at(-1)!.length + 1) body.push(words[drawn()]!);
      const date = new Date(Date.UTC(2026, 0, 1) + serial * 60_000).toUTCString().replace('GMT', '+0000');
      const head = [
        `From: <${from}>`,
        `To: <${to}>`,
        `Subject: ${subject}`,
        `Date: ${date}`,
        `Message-ID: <${serial}.${seed}@example.test>`,
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=us-ascii',
      ];
      const raw = Buffer.from(`${head.join('\r\n')}\r\n\r\n${wrap(body)}\r\n`);
      return { raw, from, to, subject, text: body.join(' ') };
    },
  };
}
