/**
 * The forty queries of the search benchmark. Each is valid in the query languages of Restante and Mailpit, and has a
 * predicate of its own, which counts the true results while the corpus is drawn.
 */
import { randomFrom, type Corpus, type CorpusMessage } from './zipf.ts';

export type QueryKind = 'rare word' | 'common word' | 'two words' | 'phrase' | 'subject:' | 'to:' | 'from:';

export interface BenchQuery {
  readonly kind: QueryKind;
  readonly text: string;
  readonly matches: (message: CorpusMessage) => boolean;
}

/** Whether a word occurs in the subject or in the text, at any place in a word, as both servers search. */
const holds = ({ subject, text }: CorpusMessage, word: string): boolean =>
  text.includes(word) || subject.includes(word);

const word = (kind: QueryKind, text: string): BenchQuery => ({
  kind,
  text,
  matches: (mail) => holds(mail, text),
});

const phrase = (text: string): BenchQuery => ({
  kind: 'phrase',
  text: `"${text}"`,
  matches: (mail) => holds(mail, text),
});

export function queriesFor({ words }: Corpus, seed: number): readonly BenchQuery[] {
  const random = randomFrom(seed);
  // A word of three letters would occur inside most other words.
  const long = words.filter(({ length }) => length >= 5);
  const between = (from: number, to: number): string => long[from + Math.floor(random() * (to - from))]!;
  const texts = new Set<string>();
  /** Draws a number of queries; each differs from all earlier queries. */
  const many = (count: number, make: () => BenchQuery): BenchQuery[] =>
    Array.from({ length: count }, () => {
      let query = make();
      while (texts.has(query.text)) query = make();
      texts.add(query.text);
      return query;
    });
  const subject = (text: string): BenchQuery => ({
    kind: 'subject:',
    text: `subject:${text}`,
    matches: (mail) => mail.subject.includes(text),
  });
  const address = (kind: 'to:' | 'from:', text: string): BenchQuery => ({
    kind,
    text: `${kind}${text}`,
    matches: (mail) => (kind === 'to:' ? mail.to : mail.from) === text,
  });
  return [
    ...many(8, () => word('common word', between(0, 30))),
    ...many(6, () => word('rare word', between(5_000, 30_000))),
    ...many(7, () => {
      const [first, second] = [between(0, 30), between(0, 300)];
      return {
        kind: 'two words',
        text: `${first} ${second}`,
        matches: (mail: CorpusMessage) => holds(mail, first) && holds(mail, second),
      };
    }),
    ...many(5, () => phrase(`${between(0, 10)} ${between(0, 10)}`)),
    ...many(3, () => phrase(`${between(0, 10)} ${between(100, 1_000)}`)),
    ...many(6, () => subject(between(0, 200))),
    ...many(3, () => address('to:', `customer${Math.floor(random() * 3_000)}@example.test`)),
    ...many(2, () => address('from:', `app${Math.floor(random() * 200)}@example.test`)),
  ];
}
