/**
 * Fuzzes the parser of queries: a text is a valid query, whose printed form has the same meaning, or it is refused
 * with a position within the text.
 */
import { expect } from 'vitest';
import { QueryError } from '../../server/store/find/language/ast.ts';
import { matches } from '../../server/store/find/language/match.ts';
import { mismatches } from '../../server/store/find/language/mismatch.ts';
import { parseQuery } from '../../server/store/find/language/parse.ts';
import { printQuery } from '../../server/store/find/language/print.ts';
import { TimeSlice } from '../../server/async/time-slice.ts';
import { candidateOf, NOW } from '../store/find/language/candidates.ts';
import { fuzz } from './fuzz.ts';

const candidates = [candidateOf(), candidateOf({ subject: 'invoice', bcc: [], hasHtml: true, tags: [] }, '')];

fuzz({
  name: 'query',
  words: [
    ...['from:', 'to:', 'cc:', 'bcc:', 'rcpt:', 'subject:', 'body:', 'text:', 'header:', 'filename:', 'tag:'],
    ...['id:', 'messageid:', 'user:', 'has:attachment', 'has:html', 'is:seen', 'is:unread', 'is:flagged'],
    ...[
      'before:',
      'after:',
      'larger:',
      'smaller:',
      '2026-01-02',
      '7d',
      '5MB',
      'OR',
      '-',
      '(',
      ')',
      '"',
      '*',
      '=',
    ],
    ...['\\', ':', ' ', 'ü', '\u0130', 'bob@x.test'],
  ],
  brief: 400,
  async run(input) {
    const text = input.toString();
    let query;
    try {
      query = parseQuery(text, NOW);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      expect(error.position).toBeGreaterThanOrEqual(0);
      expect(error.position).toBeLessThanOrEqual(text.length);
      return;
    }
    const printed = printQuery(query);
    const again = parseQuery(printed, NOW);
    expect(printQuery(again)).toBe(printed);
    for (const candidate of candidates) {
      const held = matches(query, candidate);
      expect(matches(again, candidate), printed).toBe(held);
      // Each query that does not match reports at least one mismatch.
      expect((await mismatches(query, candidate, new TimeSlice())).length === 0).toBe(held);
    }
  },
});
