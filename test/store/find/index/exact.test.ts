/** Tests that the answers of the search index equal those of the matcher, for any texts and any queries. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Query } from '../../../../server/store/find/language/ast.ts';
import type { MessageIndex } from '../../../../server/store/find/index/message-index.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import { isBlank } from '../../../../server/store/find/language/pattern.ts';
import { memoryHome } from '../../../../server/store/find/index/segment-home.ts';
import { Messages, search, type Stored, type TestMessage } from './messages.ts';

/** Returns a generator of numbers from 0 to 2²⁴ − 1. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
}

const open: MessageIndex<Stored>[] = [];
afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});

async function indexOf(messages: Messages): Promise<MessageIndex<Stored>> {
  const index = messages.index();
  open.push(index);
  await index.settled();
  return index;
}

/** Characters that are near the edges of tokens: words, separators, scripts without spaces, and surrogate pairs. */
const ALPHABET = [
  'a',
  'b',
  'ab',
  'B',
  '1',
  ' ',
  ' ',
  '-',
  ',',
  '.',
  '@',
  '漢',
  '字',
  'か',
  '\u0301',
  'é',
  '😀',
  '\n',
  'ß',
  '_',
];
const text = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 14 }).map((parts) => parts.join(''));
const value = fc
  .array(fc.constantFrom(...ALPHABET, '*'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((found) => !isBlank(found));

const message: fc.Arbitrary<TestMessage> = fc.record({
  text: fc.array(text, { maxLength: 4 }).map((lines) => lines.join(' ')),
  filenames: fc.array(text, { maxLength: 1 }),
  headers: fc.array(fc.tuple(fc.constantFrom('subject', 'x-a', 'x-b'), text), { maxLength: 3 }),
  summary: fc.record({
    subject: text,
    preview: text,
    from: fc.array(fc.record({ name: text, address: text }), { maxLength: 2 }),
    to: fc.array(
      fc.record({ name: text, address: fc.constantFrom('a@b', 'ab@b', 'info@xn--bcher-kva.test') }),
      {
        maxLength: 2,
      },
    ),
    attachments: fc.constantFrom(0, 1),
    hasHtml: fc.boolean(),
    messageId: fc.oneof(text, fc.constant(null)),
  }),
});

const term: fc.Arbitrary<Query> = fc.oneof(
  value.map((found) => ({ kind: 'words' as const, value: found })),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom(
      'subject' as const,
      'body' as const,
      'text' as const,
      'filename' as const,
      'messageid' as const,
    ),
    value,
  }),
  fc.record({
    kind: fc.constant('address' as const),
    field: fc.constantFrom('from' as const, 'to' as const, 'rcpt' as const, 'cc' as const),
    value: fc.oneof(value, fc.constantFrom('a@b', '*@b', 'info@bücher.test', 'bücher', 'xn--')),
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom('X-A', 'x-b', 'x-c'),
    value: fc.option(value),
  }),
  fc.record({
    kind: fc.constant('has' as const),
    what: fc.constantFrom('html' as const, 'attachment' as const),
  }),
  fc.constant({ kind: 'is' as const, what: 'seen' as const }),
);
/** Queries that combine the given queries. */
const combined = (parts: fc.Arbitrary<Query>): fc.Arbitrary<Query> =>
  fc.oneof(
    parts,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(parts, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), term: parts }),
  );
const query = combined(combined(term));

describe('the search index', () => {
  it('never contradicts the matcher, whatever the texts, the queries and the removals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 30 }),
        fc.array(query, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(29), { maxLength: 6 }),
        async (contents, queries, removed) => {
          const messages = new Messages();
          const ids = contents.map((content) => messages.add(content));
          const index = await indexOf(messages);
          for (const at of removed) {
            const id = ids[at];
            if (id !== undefined && messages.stored.has(id)) messages.remove(id);
          }
          for (const each of queries) {
            const matching = messages.matching(each);
            const { definite, possible } = await search(index, messages, each);
            expect(matching).toEqual(expect.arrayContaining(definite));
            expect(possible).toEqual(expect.arrayContaining(matching));
          }
          await index.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  const mails: TestMessage[] = Array.from({ length: 40 }, (_, n) => ({
    text: `Hello number ${n}, your order SA-${n % 7}-${n} was shipped to Zürich; see https://x.test/o/${n}?a=b. 注文 ${n} 番です`,
    summary: {
      subject: `Order ${n} shipped`,
      from: [{ name: `Shop ${n % 3}`, address: `shop${n % 3}@x.test` }],
    },
    headers: [['x-run', `run-${n % 5}`]],
    filenames: [`invoice-${n}.pdf`],
  }));

  it.each([
    'hello',
    'ello',
    '"order sa-3"',
    '"number 1"',
    '"was shipped to z"',
    '"d to z"',
    '注文',
    '文 1',
    '"文 1"',
    'x.test/o/12',
    'x.test/o/1',
    'order*shipped',
    'shipped*order',
    'hello*zürich*番',
    'subject:shipped',
    'subject:"order 1"',
    'from:shop1',
    'from:shop1@x.test',
    'from:*@x.test',
    'header:x-run=run-3',
    'header:X-Run',
    'text:run-4',
    'filename:invoice-1',
    'hello -number',
    'hello OR nothing',
    'from:shop1 subject:2 -body:"sa-2"',
    'id:id7',
  ])('answers %s without the matcher', async (text) => {
    const messages = new Messages();
    for (const mail of mails) messages.add(mail);
    const index = await indexOf(messages);
    const wanted = parseQuery(text);
    const { definite, possible } = await search(index, messages, wanted);
    expect(definite).toEqual(messages.matching(wanted));
    expect(possible).toEqual(definite);
    expect(index.segments).toBeGreaterThan(1);
  });

  it('finds phrases of words that are everywhere', async () => {
    // The texts are long enough that the positions of each word take more octets than the index looks up one by one.
    const random = numbersFrom(7);
    const messages = new Messages();
    for (let n = 0; n < 1500; n++) {
      const words = Array.from({ length: 180 }, () => ['a', 'b', 'ab', 'c,'][random() % 4]);
      messages.add({ text: words.join(' '), summary: { preview: '' } });
    }
    const index = messages.index(memoryHome(), { positions: 1 << 30, messages: 1500 });
    open.push(index);
    await index.settled();
    await expect.poll(() => index.segments).toBe(2);
    for (const value of [
      'a b a b ab c, c, a',
      'b a ab b',
      'a a a a a a',
      'b, c, b',
      'c, c*a b a b a',
      'ab ab ab ab ab',
    ]) {
      const query: Query = { kind: 'words', value };
      const { definite, possible } = await search(index, messages, query);
      const matching = messages.matching(query);
      expect(possible).toEqual(expect.arrayContaining(matching));
      expect(matching).toEqual(expect.arrayContaining(definite));
      if (!value.includes('*')) expect(definite).toEqual(matching);
    }
  });

  it.each(['"hello "', '" number"', 'x'.repeat(1001)])(
    'leaves %j to the matcher where it must',
    async (value) => {
      const messages = new Messages();
      const summary = { preview: '' };
      messages.add({ text: `hello number ${'x'.repeat(2500)}`, summary });
      messages.add({ text: 'hello, number', summary });
      messages.add({ text: 'xhello x', summary });
      const index = await indexOf(messages);
      const wanted: Query = { kind: 'words', value: value.replaceAll('"', '') };
      const { definite, possible } = await search(index, messages, wanted);
      expect(messages.matching(wanted)).not.toEqual([]);
      expect(definite).toEqual([]);
      expect(possible).toEqual(expect.arrayContaining(messages.matching(wanted)));
    },
  );
});
