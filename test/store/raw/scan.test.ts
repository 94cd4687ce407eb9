/** Tests that the records of a segment are found after any damage to other parts of it. */
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageId } from '../../../server/store/ids.ts';
import { HEADER, readHeader, STATE_AT, writeHeader } from '../../../server/store/raw/record.ts';
import { scan } from '../../../server/store/raw/scan.ts';

function recordOf(id: string, raw: Buffer): Buffer {
  const record = Buffer.concat([Buffer.alloc(HEADER), raw]);
  writeHeader(record, 0, {
    id: id as MessageId,
    size: raw.length,
    sum: crc32(raw) | 0,
    receivedAt: 1_800_000_000_123,
  });
  return record;
}

const contents = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 8 });
const recordsOf = (raws: readonly Uint8Array[]): Buffer[] =>
  raws.map((raw, n) => recordOf(`0message${n}`, Buffer.from(raw)));
const found = (octets: Buffer) =>
  scan(octets, 0, octets.length).flatMap((each) => (each.kind === 'record' ? [each] : []));

it('writes and reads a header', () => {
  const record = recordOf('0'.repeat(32), Buffer.from('Subject: x\r\n\r\n'));
  expect(readHeader(record, 0)).toEqual({
    id: '0'.repeat(32),
    size: 14,
    sum: crc32('Subject: x\r\n\r\n') | 0,
    receivedAt: 1_800_000_000_123,
    isLive: true,
  });
  record[STATE_AT] = 'D'.charCodeAt(0);
  expect(readHeader(record, 0)?.isLive).toBe(false);
  record[HEADER - 10]! ^= 1;
  expect(readHeader(record, 0)).toBeUndefined();
});

it('finds the records of a segment, and nothing else in it', () => {
  fc.assert(
    fc.property(contents, (raws) => {
      const records = recordsOf(raws);
      let offset = 0;
      const expected = records.map((record, n) => {
        const at = offset;
        offset += record.length;
        return [at, `0message${n}`, true];
      });
      const octets = Buffer.concat(records);
      const all = scan(octets, 0, octets.length);
      expect(
        all.map((each) => (each.kind === 'record' ? [each.offset, each.header.id, each.isIntact] : [])),
      ).toEqual(expected);
    }),
  );
});

it('finds every undamaged record after any change of octets', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    cut: fc.nat(90),
    insert: fc.uint8Array({ maxLength: 90 }),
  });
  fc.assert(
    fc.property(contents, fc.array(change, { minLength: 1, maxLength: 3 }), (raws, changes) => {
      const records = recordsOf(raws);
      let octets = Buffer.concat(records);
      for (const { at, cut, insert } of changes) {
        const start = Math.floor(at * octets.length);
        octets = Buffer.concat([octets.subarray(0, start), insert, octets.subarray(start + cut)]);
      }
      const ids = new Set(
        found(octets)
          .filter(({ isIntact }) => isIntact)
          .map(({ header }) => header.id as string),
      );
      for (const [n, record] of records.entries()) {
        if (octets.includes(record)) expect(ids).toContain(`0message${n}`);
      }
    }),
    { numRuns: 300 },
  );
});

it('distinguishes an incomplete last record from damage', () => {
  const [first, second] = recordsOf([Buffer.from('one'), Buffer.from('two')]) as [Buffer, Buffer];
  for (let length = 1; length < second.length; length++) {
    const octets = Buffer.concat([first, second.subarray(0, length)]);
    expect(scan(octets, 0, octets.length).slice(1), `${length}`).toEqual([
      { kind: 'torn', offset: first.length, length },
    ]);
  }
  const zeros = Buffer.concat([first, Buffer.alloc(100)]);
  expect(scan(zeros, 0, zeros.length).slice(1)).toEqual([
    { kind: 'damaged', offset: first.length, length: 100 },
  ]);
});

it('finds no record in the bytes of a message that contains one', () => {
  const inner = recordOf('0inner', Buffer.from('inner'));
  const octets = Buffer.concat([recordOf('0outer', inner), recordOf('0next', Buffer.from('next'))]);
  expect(found(octets).map(({ header }) => header.id)).toEqual(['0outer', '0next']);
});
