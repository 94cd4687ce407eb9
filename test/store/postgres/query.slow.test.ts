/** Tests that the SQL of a query selects the messages that the matcher selects, for generated messages and queries. */
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { Query } from '../../../server/store/find/language/ast.ts';
import { ADDRESS_FIELDS, TEXT_FIELDS } from '../../../server/store/find/language/ast.ts';
import { isBlank } from '../../../server/store/find/language/pattern.ts';
import { printQuery } from '../../../server/store/find/language/print.ts';
import { ALL } from '../../../server/store/ids.ts';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { newMessage } from '../new-message.ts';

const server = await postgresServer();

/** Short pieces, so that the texts of messages and the values of queries often share parts. */
const PIECES = [
  'a',
  'ab',
  'Order',
  'straße',
  'STRASSE',
  'é',
  'ﬁ',
  '%',
  '_',
  '\\',
  '.',
  '(x)',
  '[y]',
  '-',
  '1',
  '\0',
  '😀',
  '\t',
  '  ',
  'é',
];
const words = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const value = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.constant('*'), fc.constant(' ')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''))
  .filter((text) => !isBlank(text));
const people = ['bob@x.test', 'ann@bücher.test', 'ann@xn--bcher-kva.test', 'shop@example.test', 'b@x.test'];
const addressValue = fc.oneof(
  value,
  fc.constantFrom(...people, '*@x.test', 'b*@x.test', 'ann@', '@x.test', 'Shop', 'b*b', 'BÜCHER'),
);

const message = fc.record({
  to: fc.subarray(people, { minLength: 1 }),
  subject: words,
  body: words,
  html: fc.boolean(),
  file: fc.option(words, { nil: undefined }),
  header: fc.option(words, { nil: undefined }),
  tags: fc.uniqueArray(words, { maxLength: 2 }),
  seen: fc.boolean(),
});

type Sample = typeof message extends fc.Arbitrary<infer T> ? T : never;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const encoded = (text: string): string => `=?utf-8?B?${base64(text)}?=`;

function source({ to, subject, body, html, file, header }: Sample): Buffer {
  const lines = [
    'From: Shop é <shop@example.test>',
    `To: ${to.map((each) => (each.includes('ü') ? 'none@x.test' : `Bob <${each}>`)).join(', ')}`,
    `Subject: ${encoded(subject)}`,
    `Message-ID: <${to.length}.${subject.length}@x.test>`,
    ...(header === undefined ? [] : [`X-Order: ${encoded(header)}`]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    `Content-Type: text/${html ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    base64(html ? `<p>${body}</p>` : body),
    ...(file === undefined
      ? []
      : ['--b', `Content-Disposition: attachment; filename="${encoded(file)}"`, '', 'content']),
    '--b--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

const term: fc.Arbitrary<Query> = fc.oneof(
  value.map((each): Query => ({ kind: 'words', value: each })),
  fc
    .tuple(fc.constantFrom(...ADDRESS_FIELDS), addressValue)
    .map(([field, each]): Query => ({ kind: 'address', field, value: each })),
  fc
    .tuple(fc.constantFrom(...TEXT_FIELDS), value)
    .map(([field, each]): Query => ({ kind: 'text', field, value: each })),
  fc
    .tuple(fc.constantFrom('X-Order', 'subject', 'x', 'content-type', '%'), fc.option(value))
    .map(([name, each]): Query => ({ kind: 'header', name, value: each })),
  fc.constantFrom<Query>({ kind: 'has', what: 'attachment' }, { kind: 'has', what: 'html' }),
  fc.constantFrom<Query>(
    { kind: 'is', what: 'seen' },
    { kind: 'is', what: 'unread' },
    { kind: 'is', what: 'flagged' },
  ),
  fc
    .tuple(fc.constantFrom('before', 'after'), fc.integer({ min: 0, max: 12 }))
    .map(([kind, day]): Query => ({ kind, at: day * 86_400_000 })),
  fc
    .tuple(fc.constantFrom('larger', 'smaller'), fc.integer({ min: 350, max: 600 }))
    .map(([kind, size]): Query => ({ kind, size })),
);
const query: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    term,
    tie('query').map((each): Query => ({ kind: 'not', term: each })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
      .map(([kind, terms]): Query => ({ kind, terms })),
  ),
})).query;

it.skipIf(server === null)('selects by SQL what the matcher selects', async () => {
  const store = await openPostgresStore(await emptyDatabase());
  onTestFinished(() => store.close());
  const samples = fc.sample(message, { numRuns: 40, seed: 7 });
  const added = await store.messages.addAll(
    samples.map((sample, day) =>
      newMessage(
        { to: sample.to },
        {
          raw: source(sample),
          tags: sample.tags,
          receivedAt: day * 43_200_000,
          targets: [{ account: ALL, flags: sample.seen ? ['\\Seen'] : [] }],
        },
      ),
    ),
  );
  await store.indexed();
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(query, async (each) => {
      const { messages, total } = await store.messages.list({ query: each, limit: 100, order: 'oldest' });
      const expected = [];
      for (const { summary } of added) {
        if (await store.messages.matches(each, summary.id, ALL)) expected.push(summary.id);
      }
      matched += expected.length;
      expect(
        messages.map(({ summary }) => summary.id),
        printQuery(each),
      ).toEqual(expected);
      expect(total).toBe(expected.length);
    }),
    { numRuns: 30 },
  );
  expect(matched, 'the queries select messages').toBeGreaterThan(0);
});
