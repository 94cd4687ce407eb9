/** Tests the tiles above the checks. */
import { expect, it } from 'vitest';
import type { Check } from '../../../../contract/index.ts';
import { checkTiles, type TileInput } from '../../../../ui/model/message/check-tiles.ts';

const check = (name: Check['check'], more: Partial<Check> = {}): Check => ({
  ...{ check: name, state: 'done', reason: null, live: false, ranAt: null, took: null, score: null },
  findings: { error: 0, warning: 0, info: 0 },
  details: null,
  ...more,
});
const values = (input: Partial<TileInput>) =>
  checkTiles({ checks: [], details: {}, clients: 0, html: null, ...input }).map(
    ({ check, value, hint, tone }) => [...[check, value, hint, tone]],
  );

it('have the counts of static checks, and no number for checks that have not run', () => {
  const findings = { error: 1, warning: 2, info: 3 };
  const checks = [
    check('accessibility', { findings }),
    check('content'),
    check('links', { state: 'not-run', live: true }),
    check('spam', { state: 'unavailable', live: true }),
  ];
  expect(values({ checks })).toEqual([
    ['accessibility', '1 error', '2 warnings, 3 notes', 'bad'],
    ['spam', '–', 'not configured', 'none'],
    ['links', '–', 'not run yet', 'none'],
    ['content', 'OK', 'no findings', 'good'],
  ]);
});

it('have the share of client support, and the size of the HTML beside the limit of Gmail', () => {
  const checks = [check('client-support', { score: 78.4 })];
  expect(values({ checks, clients: 12, html: 51 * 1024 })).toEqual([
    ['client-support', '78 %', '12 mail clients', 'warning'],
    ['size', '51 KB', 'of 102 KB in Gmail', 'good'],
  ]);
  expect(values({ html: 200 * 1024 })[0]?.[3]).toBe('bad');
});

it('have the results of live checks that have run', () => {
  const authenticity = { ip: null, spf: { result: 'pass' }, dkim: [], dmarc: { result: 'fail' } };
  const spam = { filters: [{ title: 'SpamAssassin', points: 6.1, required: 5, rules: [] }] };
  const checks = [check('authenticity', { live: true }), check('spam', { live: true })];
  expect(values({ checks, details: { authenticity, spam } })).toEqual([
    ['authenticity', 'fail', 'SPF pass, DKIM none, DMARC fail', 'warning'],
    ['spam', '6.1 / 5', 'SpamAssassin', 'bad'],
  ]);
});
