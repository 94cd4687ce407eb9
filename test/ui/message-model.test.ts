/** The models of the message view: enclosures, header groups, envelope differences, details of checks. */
import { describe, expect, it } from 'vitest';
import type { Attachment, Detail, Header, Part } from '../../contract/index.ts';
import {
  enclosureName,
  enclosuresOf,
  isPicture,
  isViewable,
  type Enclosure,
} from '../../ui/model/message/attachments.ts';
import { detailTable } from '../../ui/model/message/check-details.ts';
import { envelopeDifferences } from '../../ui/model/message/envelope-differences.ts';
import { groupHeaders } from '../../ui/model/message/header-groups.ts';

/** The model reads few properties of a message: the tests give these alone. */
const detail = (given: Partial<Detail>): Detail =>
  ({ attachments: [], headers: [], from: [], to: [], cc: [], hasHtml: false, ...given }) as unknown as Detail;
const attachment = (given: Partial<Attachment>): Attachment => ({
  part: '2',
  filename: 'a.bin',
  name: 'a.bin',
  kind: 'file',
  location: null,
  type: 'application/octet-stream',
  size: 3,
  contentId: null,
  inline: false,
  ...given,
});
const part = (given: Partial<Part>): Part =>
  ({
    part: '1',
    type: 'text/plain',
    filename: null,
    contentId: null,
    parts: [],
    ...given,
  }) as unknown as Part;
const names = (enclosures: readonly Enclosure[]): readonly string[] => enclosures.map(enclosureName);

describe('enclosuresOf', () => {
  it('leaves out a picture that the HTML shows, but not without HTML', () => {
    const picture = attachment({ filename: 'logo.png', type: 'image/png', contentId: 'l@x', inline: true });
    const message = { attachments: [picture, attachment({})], structure: part({}) };
    expect(names(enclosuresOf(detail({ ...message, hasHtml: true })))).toEqual(['a.bin']);
    expect(names(enclosuresOf(detail(message)))).toEqual(['logo.png', 'a.bin']);
  });

  it('has an invitation that is an alternative of the body before the attachments', () => {
    const structure = part({
      part: '',
      type: 'multipart/alternative',
      parts: [part({}), part({ part: '2', type: 'text/calendar' })],
    });
    expect(names(enclosuresOf(detail({ structure, attachments: [attachment({ part: '3' })] })))).toEqual([
      'Invitation',
      'a.bin',
    ]);
  });

  it('has an invitation once that is in the body and attached', () => {
    const structure = part({
      part: '',
      type: 'multipart/mixed',
      parts: [part({ type: 'text/calendar' }), part({ part: '2', type: 'application/ics' })],
    });
    const attachments = [attachment({ filename: 'invite.ics', type: 'application/ics' })];
    expect(names(enclosuresOf(detail({ structure, attachments })))).toEqual(['invite.ics']);
  });

  it('names a part without a file name by its number', () => {
    expect(enclosureName(attachment({ filename: null, name: 'part-2.1.bin' }))).toBe('part-2.1.bin');
  });
});

it.each([
  ['image/png', true, true],
  ['image/svg+xml', false, false],
  ['text/calendar', false, true],
  ['application/pdf', false, true],
  ['text/csv', false, true],
  ['application/zip', false, false],
])('%s is a picture: %s, is viewable: %s', (type, picture, viewable) => {
  expect([isPicture(attachment({ type })), isViewable(attachment({ type }))]).toEqual([picture, viewable]);
});

it('groups header fields by their subject, unknown ones last', () => {
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

describe('envelopeDifferences', () => {
  const from = [{ name: '', address: 'shop@x.test' }];
  const to = [{ name: '', address: 'Ann@x.test' }];
  const envelope = (sender: string, ...recipients: string[]): Detail['envelope'] =>
    ({ from: sender, to: recipients }) as unknown as Detail['envelope'];

  it('is empty when both agree, whatever the letter case', () => {
    expect(
      envelopeDifferences(detail({ from, to, envelope: envelope('SHOP@x.test', 'ann@X.test') })),
    ).toEqual([]);
  });

  it('reports another sender, a blind copy and an address without a delivery', () => {
    const said = envelopeDifferences(
      detail({ from, to, envelope: envelope('bounces@x.test', 'bob@x.test') }),
    );
    expect(said).toHaveLength(3);
    expect(said[0]).toContain('bounces@x.test');
    expect(said[0]).toContain('shop@x.test');
    expect(said[1]).toContain('bob@x.test');
    expect(said[2]).toContain('ann@x.test');
  });

  it('accepts the Sender field as the author', () => {
    const headers: Header[] = [{ name: 'Sender', value: 'Desk <desk@x.test>', raw: '' }];
    expect(
      envelopeDifferences(detail({ from, to, headers, envelope: envelope('desk@x.test', 'ann@x.test') })),
    ).toEqual([]);
  });
});

describe('detailTable', () => {
  it('is null for a check without details', () => {
    expect(detailTable('links', null)).toBeNull();
    expect(detailTable('content', { any: 1 })).toBeNull();
  });

  it('shows the redirects, the reply and the time of each link', () => {
    const links = [
      {
        url: 'http://a/',
        state: 'ok',
        status: 200,
        reason: null,
        redirects: [{ status: 301, to: 'http://b/' }],
        took: 12,
      },
      { url: 'http://c/', state: 'timeout', status: null, reason: 'no answer', redirects: [], took: 2000 },
    ];
    expect(detailTable('links', { links })?.rows).toEqual([
      ['http://a/ → http://b/', '200', '12 ms'],
      ['http://c/', 'timeout no answer', '2000 ms'],
    ]);
  });

  it('orders the rules of a spam filter by points', () => {
    const rules = [
      { name: 'LOW', points: 0.1, description: 'low' },
      { name: 'HIGH', points: 3, description: 'high' },
    ];
    const filters = [{ title: 'SpamAssassin', points: 3.1, required: 5, rules }];
    expect(detailTable('spam', { filters })?.rows).toEqual([
      ['SpamAssassin', '3.1 / 5', ''],
      ['HIGH', '3', 'high'],
      ['LOW', '0.1', 'low'],
    ]);
  });

  it('has a row for each signature and policy of authenticity', () => {
    const details = {
      ip: '192.0.2.1',
      spf: { result: 'pass', domain: 'x.test', record: 'v=spf1' },
      dkim: [
        {
          result: 'pass',
          domain: 'x.test',
          selector: 's',
          canonicalization: 'relaxed/relaxed',
          record: null,
        },
      ],
      dmarc: { result: 'fail', domain: 'x.test', record: null },
      arc: { result: 'none', instances: 0 },
      bimi: null,
    };
    expect(detailTable('authenticity', details)?.rows).toEqual([
      ['SPF', 'pass', 'x.test 192.0.2.1', 'v=spf1'],
      ['DKIM', 'pass', 's._domainkey.x.test relaxed/relaxed', ''],
      ['DMARC', 'fail', 'x.test', ''],
    ]);
  });
});
