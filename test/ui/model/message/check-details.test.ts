/** Tests the conversion of the details of live checks to tables. */
import { describe, expect, it } from 'vitest';
import { detailTable } from '../../../../ui/model/message/check-details.ts';

describe('detailTable', () => {
  it('returns null for a check without details', () => {
    expect(detailTable('links', null)).toBeNull();
    expect(detailTable('content', { any: 1 })).toBeNull();
  });

  it('returns the redirects, the response and the time of each link', () => {
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

  it('sorts the rules of a spam filter by points', () => {
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

  it('returns a row for each signature and policy of the authenticity check', () => {
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
