/** Tests the comparison of the envelopes, headers and attachments of two messages. */
import { expect, it } from 'vitest';
import type { Detail } from '../../../../contract/index.ts';
import { compareHeaders } from '../../../../ui/model/compare/header-differences.ts';

/** Returns a message with only the few properties that the model reads. */
function detail(headers: readonly (readonly [name: string, value: string])[], given: object = {}): Detail {
  return {
    envelope: { from: 'shop@x.test', to: ['ann@x.test'] },
    headers: headers.map(([name, value]) => ({ name, value, raw: value })),
    attachments: [],
    ...given,
  } as unknown as Detail;
}

const rowsOf = (left: Detail, right: Detail, group: string): readonly (readonly [string, boolean])[] =>
  compareHeaders(left, right)
    .filter(({ title }) => title === group)
    .flatMap(({ rows }) => rows.map(({ name, same }) => [name, same] as const));

it('pairs fields by name regardless of letter case, and keeps the order of the left message', () => {
  const left = detail([
    ['Subject', 'Order 1'],
    ['From', 'shop@x.test'],
  ]);
  const right = detail([
    ['FROM', 'shop@x.test'],
    ['SUBJECT', 'Order 2'],
  ]);
  expect(rowsOf(left, right, 'Message')).toEqual([
    ['Subject', false],
    ['From', true],
  ]);
});

it('shows a field that only one message has, and each value of a repeated field', () => {
  const left = detail([
    ['Received', 'from a'],
    ['Received', 'from b'],
  ]);
  const right = detail([
    ['Received', 'from b'],
    ['List-Id', '<x>'],
  ]);
  expect(rowsOf(left, right, 'Routing')).toEqual([
    ['Received', false],
    ['Received', true],
  ]);
  expect(rowsOf(left, right, 'List')).toEqual([['List-Id', false]]);
});

it('compares the envelopes and the attachments, and leaves out groups without rows', () => {
  const attachments = [{ name: 'a.pdf', type: 'application/pdf', size: 2048 }];
  const left = detail([], { attachments });
  const right = detail([], { attachments, envelope: { from: '', to: ['ann@x.test', 'bob@x.test'] } });
  expect(compareHeaders(left, right).map(({ title }) => title)).toEqual(['Envelope', 'Attachments']);
  expect(rowsOf(left, right, 'Envelope')).toEqual([
    ['MAIL FROM', false],
    ['RCPT TO', true],
    ['RCPT TO', false],
  ]);
  expect(rowsOf(left, right, 'Attachments')).toEqual([['Attachment', true]]);
});
