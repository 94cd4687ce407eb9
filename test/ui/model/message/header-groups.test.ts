/** Tests the grouping of header fields by topic. */
import { expect, it } from 'vitest';
import type { Header } from '../../../../contract/index.ts';
import { groupHeaders } from '../../../../ui/model/message/header-groups.ts';

it('groups header fields by topic, with unknown fields last', () => {
  const fields = ['X-Own', 'Received', 'SUBJECT', 'List-Id', 'DKIM-Signature', 'Content-Type', 'From'].map(
    (name): Header => ({ name, value: '', raw: '' }),
  );
  expect(groupHeaders(fields).map(({ group, headers }) => [group, headers.map(({ name }) => name)])).toEqual([
    ['main', ['SUBJECT', 'From']],
    ['list', ['List-Id']],
    ['auth', ['DKIM-Signature']],
    ['routing', ['Received']],
    ['content', ['Content-Type']],
    ['other', ['X-Own']],
  ]);
});
