/**
 * Tests the substring search: its results are correct, and its work is linear in the text for any text and
 * pattern.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../server/store/find/language/fold.ts';
import { isHeavy, matchesInSlices } from '../../../../server/store/find/language/match.ts';
import { parseQuery } from '../../../../server/store/find/language/parse.ts';
import { makePattern } from '../../../../server/store/find/language/pattern.ts';
import { Finder, Needle } from '../../../../server/store/find/language/substring.ts';
import { TimeSlice } from '../../../../server/async/time-slice.ts';
import { candidateOf, NOW } from './candidates.ts';

const few = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 });

describe('finding', () => {
  it('agrees with the search of the engine, at once and in steps of any size', () => {
    const repeated = fc.tuple(few, fc.integer({ min: 1, max: 60 }), few).map(([a, n, b]) => a.repeat(n) + b);
    const part = fc.tuple(few, fc.integer({ min: 1, max: 6 }), few).map(([a, n, b]) => a.repeat(n) + b);
    fc.assert(
      fc.property(
        repeated,
        fc.array(part, { maxLength: 3 }),
        fc.integer({ min: 1, max: 50 }),
        (text, parts, step) => {
          let at: number | undefined = 0;
          for (const each of parts) {
            const index: number = at === undefined ? -1 : text.indexOf(each, at);
            at = index === -1 ? undefined : index + each.length;
          }
          const needles = parts.map((each) => new Needle(each));
          expect(new Finder(needles, text).finish()).toBe(at !== undefined);
          const finder = new Finder(needles, text);
          let found: boolean | undefined;
          while (found === undefined) found = finder.step(step);
          expect(found).toBe(at !== undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with a regular expression on patterns with stars, within a text and for the whole text', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(glob, few, (pattern, text) => {
        const source = pattern.replaceAll('*', '.*');
        const { found, whole } = makePattern(pattern);
        expect(found(text)).toBe(new RegExp(source).test(text));
        expect(whole(text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
    );
  });
});

/** Returns the work to find out that a text does not contain a pattern. */
function workOf(pattern: string, text: string): number {
  const finder = makePattern(pattern).finder(text);
  expect(finder.finish()).toBe(false);
  return finder.work;
}

describe('the work', () => {
  const periodic = (length: number) => `aabaac${'a'.repeat(length)}`;
  const half = 'a'.repeat(4900);

  it.each<[string, string]>([
    ['a long pattern that nearly matches everywhere', `${half}b${half}`],
    ['one whose end is missing', `${half}${half}b`],
    ['one whose beginning is missing', `b${half}${half}`],
    ['a thousand stars', `${'a*'.repeat(1000)}b`],
    ['a star between long pieces', `${half}*${half}b`],
  ])('grows linearly with the text: %s', (_, pattern) => {
    const [once, twice] = [workOf(pattern, periodic(200_000)), workOf(pattern, periodic(400_000))];
    expect(twice).toBeLessThanOrEqual(2.1 * once + 50_000);
    // Each character is read a few times, not once for each character of the pattern.
    expect(twice).toBeLessThanOrEqual(4 * 400_000 + 4 * pattern.length);
  });

  it('stops at a step in the middle of a text', () => {
    const finder = makePattern(`${half}b`).finder(periodic(400_000));
    let steps = 0;
    let before = 0;
    while (finder.step(10_000) === undefined) {
      steps++;
      // A step of the search may exceed its limit of work by one comparison of the whole pattern.
      expect(finder.work - before).toBeLessThanOrEqual(10_000 + 2 * half.length);
      before = finder.work;
    }
    expect(steps).toBeGreaterThan(20);
  });

  it('yields to the event loop within one text', async () => {
    const query = parseQuery(`body:${half}b`, NOW);
    const text = fold(periodic(1_900_000));
    expect(isHeavy(query, text.length)).toBe(true);
    const candidate = { ...candidateOf(), foldedText: () => text };
    const slice = new TimeSlice();
    let rests = 0;
    const rest = slice.rest.bind(slice);
    // A clock that reports after each step that the time slice is over.
    Object.defineProperty(slice, 'over', { get: () => true });
    slice.rest = () => (rests++, rest());
    expect(await matchesInSlices(query, candidate, slice)).toBe(false);
    expect(rests).toBeGreaterThanOrEqual(Math.floor(1_900_000 / 65_536));
  });
});
