import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeLine,
  detailOf,
  encodeLine,
  headLength,
  notesOf,
  summaryOf,
} from '../../../server/store/json/entry-line.ts';
import { isWhole, LINE_START } from '../../../server/store/log/line.ts';
import { migrate } from '../../../server/store/json/migrations.ts';
import { formatUids, parseUids } from '../../../server/store/model/uid-set.ts';
import type { AddEntry, Entry } from '../../../server/store/model/entry.ts';
import type { Uid } from '../../../server/store/ids.ts';

const record = (value: unknown): Entry => ({
  do: 'record',
  seq: 1 as never,
  collection: 'c',
  key: 'k',
  value,
});

const add = (text: string): AddEntry =>
  ({
    do: 'add',
    seq: 1,
    at: 5,
    message: { id: 'abc', seq: 2, receivedAt: 1, size: 3, subject: text, envelope: { from: text, to: [] } },
    places: [{ account: text, mailbox: 'm1', uid: 1 }],
    detail: JSON.stringify({
      parameters: { from: {}, to: [] },
      origin: null,
      transcript: [{ at: 1, from: 'client', text }],
      notes: { text },
    }),
  }) as unknown as AddEntry;

it('parses any text that it wrote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      for (const entries of [[record(text)], [record(text), record({ [text]: text })]]) {
        const line = encodeLine(entries);
        expect(line.indexOf(10)).toBe(line.length - 1);
        expect(isWhole(line.subarray(0, -1))).toBe(true);
        expect(JSON.parse(line.toString())).toBeDefined();
        expect(decodeLine(line.subarray(0, -1))).toMatchObject(entries);
      }
    }),
  );
});

it('reads a message without its detail, and the detail alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const entry = add(text);
      const line = encodeLine([entry]).subarray(0, -1);
      expect(JSON.parse(line.toString())).toMatchObject({
        do: 'add',
        detail: JSON.parse(entry.detail),
      });
      const [head] = decodeLine(line) as [AddEntry];
      expect(head.message.id).toBe('abc');
      expect(head.message).toEqual({ id: 'abc', seq: 2, receivedAt: 1, size: 3 });
      expect(summaryOf(line, 'abc')?.subject ?? '').toBe(text);
      expect(summaryOf(line.subarray(0, headLength(line)), 'abc')?.envelope.from).toBe(text);
      expect(head.places).toEqual(entry.places);
      expect(JSON.parse(detailOf(line, 'abc')!)).toEqual(JSON.parse(entry.detail));
      const batch = encodeLine([add('other'), entry]).subarray(0, -1);
      expect(JSON.parse(detailOf(batch, 'abc')!)).toBeDefined();
      expect(detailOf(batch, 'nothing')).toBeUndefined();
    }),
  );
});

it('reads the notes of a message with any value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'grapheme' }), (value, key) => {
      const note = {
        do: 'note',
        seq: 1,
        message: 'abc',
        key,
        value: JSON.stringify(value),
      } as unknown as Entry;
      for (const entries of [[note], [add('text'), note]]) {
        const line = encodeLine(entries).subarray(0, -1);
        expect(isWhole(line)).toBe(true);
        expect(notesOf(line, 'abc')).toMatchObject([{ key, value: JSON.parse(JSON.stringify(value)) }]);
        expect(notesOf(line, 'other')).toEqual([]);
      }
    }),
  );
});

it('contains the beginning of a line only at its beginning', () => {
  const line = encodeLine([record('{"sum":"12345678","do":"x"}')]);
  expect(line.indexOf(LINE_START, 1)).toBe(-1);
});

it('detects any changed octet', () => {
  const line = encodeLine([add('text'), record('x')]).subarray(0, -1);
  fc.assert(
    fc.property(fc.nat(line.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(line);
      changed[at] = changed[at]! ^ by;
      expect(isWhole(changed)).toBe(false);
    }),
  );
});

it('applies the steps between two versions', () => {
  const steps = {
    1: (entry: Record<string, unknown>) => ({ ...entry, key: `${String(entry['key'])}2` }),
    3: (entry: Record<string, unknown>) => (entry['key'] === 'k2' ? { ...entry, key: 'k4' } : undefined),
  };
  expect(migrate(record(1), 1, 4, steps)).toMatchObject({ key: 'k4' });
  expect(migrate(record(1), 2, 4, steps)).toBeUndefined();
  expect(migrate(record(1), 4, 4, steps)).toEqual(record(1));
});

it('folds and unfolds sets of UIDs', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), (numbers) => {
      const uids = numbers as Uid[];
      expect([...parseUids(formatUids(uids))]).toEqual(uids);
      const sorted = [...uids].sort((a, b) => a - b);
      expect([...parseUids(formatUids(sorted))]).toEqual(sorted);
    }),
  );
  expect(formatUids([1, 2, 3, 7, 9, 10] as Uid[])).toBe('1:3,7,9:10');
});
