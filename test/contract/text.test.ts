/** Tests of the text functions that the server, the SDK and the UI share. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMailbox } from '../../contract/text/address.ts';
import { mailDate } from '../../contract/text/date.ts';
import { similarName } from '../../contract/text/did-you-mean.ts';
import { escapeHtml } from '../../contract/text/html.ts';
import { printValue, quoteValue } from '../../contract/text/query.ts';
import { parseMailboxes } from '../../server/message/address.ts';
import { parseDate } from '../../server/message/date.ts';
import { parseQuery } from '../../server/store/find/language/parse.ts';

describe('formatMailbox', () => {
  it.each([
    [{ name: '', address: 'a@x.test' }, 'a@x.test'],
    [{ name: 'Ann', address: 'a@x.test' }, 'Ann <a@x.test>'],
    [{ name: 'Doe, Ann "AD"', address: 'a@x.test' }, '"Doe, Ann \\"AD\\"" <a@x.test>'],
  ])('%o is %s, and the parser reads it back', (mailbox, text) => {
    expect(formatMailbox(mailbox)).toBe(text);
    expect(parseMailboxes(text)).toEqual([mailbox]);
  });
});

describe('mailDate', () => {
  it('writes dates in UTC that the parser reads back', () => {
    expect(mailDate(Date.parse('2026-11-03T09:08:07.999+01:00'))).toBe('Tue, 03 Nov 2026 08:08:07 +0000');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseDate(mailDate(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});

describe('values of queries', () => {
  it('are unchanged after printing and parsing', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => /[^*\s]/.test(text)),
        (value) => {
          for (const text of [quoteValue(value), printValue(value)]) {
            const query = parseQuery(`subject:${text}`);
            expect(query).toEqual({ kind: 'text', field: 'subject', value });
          }
        },
      ),
    );
  });

  it('have quotes only if they need them', () => {
    expect(printValue('ann@x.test')).toBe('ann@x.test');
    expect(printValue('two words')).toBe('"two words"');
  });
});

describe('similarName', () => {
  const known = ['smtp-port', 'http-port', 'data'];
  it.each([
    ['smpt-port', 'smtp-port'],
    ['HTTP-PORT', 'http-port'],
    ['dta', 'data'],
    ['relay', undefined],
  ])('for %s is %s', (name, similar) => {
    expect(similarName(name, known)).toBe(similar);
  });
});

it('escapes all characters that have a meaning in HTML', () => {
  expect(escapeHtml('<a href="x">&</a>')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;');
});
