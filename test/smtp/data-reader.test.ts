/** Tests the reader of the octets after DATA, in chunks cut at any position. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HeldMessage, unlimited } from '../../server/net/in-flight/index.ts';
import { DataReader } from '../../server/smtp/data-reader.ts';

interface Read {
  readonly message: string;
  readonly rest: string | null;
  readonly reader: DataReader;
  readonly held: HeldMessage;
}

function read(wire: string, cuts: readonly number[], limit = 10_000): Read {
  const held = unlimited().hold(limit);
  const pieces: Buffer[] = [];
  const add = held.add.bind(held);
  held.add = (bytes) => {
    pieces.push(bytes);
    return add(bytes);
  };
  const reader = new DataReader(held);
  const message = (): string => (held.oversized ? '' : Buffer.concat(pieces).toString('latin1'));
  const octets = Buffer.from(wire, 'latin1');
  const edges = [...new Set([0, ...cuts, octets.length])].sort((a, b) => a - b);
  for (const [index, edge] of edges.slice(1).entries()) {
    const rest = reader.feed(octets.subarray(edges[index], edge));
    if (rest !== null) {
      const after = rest.toString('latin1') + octets.subarray(edge).toString('latin1');
      return { message: message(), rest: after, reader, held };
    }
  }
  return { message: message(), rest: null, reader, held };
}

const everyCut = (wire: string): number[][] => [
  [],
  ...Array.from(wire, (_, index) => [index]),
  Array.from(wire, (_, index) => index),
];

it.each([
  ['a plain message', 'a\r\nb\r\n.\r\n', 'a\r\nb\r\n'],
  ['an empty message', '.\r\n', ''],
  ['a stuffed first line', '..a\r\n.\r\n', '.a\r\n'],
  ['a line of one dot', '..\r\n.\r\n', '.\r\n'],
  ['dots in a row', '....\r\n.\r\n', '...\r\n'],
  ['a dot within a line', 'a.\r\n.b\r\n.\r\n', 'a.\r\nb\r\n'],
  ['a bare LF before a dot', 'a\n.\n..\r\n.\r\n', 'a\n.\n..\r\n'],
  ['a bare LF around the end', 'a\n.\r\nb\r\n.\nc\r\n.\r\n', 'a\n.\r\nb\r\n\nc\r\n'],
  ['a bare CR', 'a\r.\r\r\nb\r\n.\r\n', 'a\r.\r\r\nb\r\n'],
  ['a dot, CR and no LF', '.\r.\r\n.\r\n', '\r.\r\n'],
  ['CR before CRLF', 'a\r\r\n.\r\n', 'a\r\r\n'],
])('reads %s, wherever it is cut', (_name, wire, message) => {
  for (const cuts of everyCut(wire)) {
    const { message: got, rest } = read(`${wire}QUIT\r\n`, cuts);
    expect({ cuts, got, rest }).toEqual({ cuts, got: message, rest: 'QUIT\r\n' });
  }
});

it('returns the message that a client dot-stuffed, for any message and any cuts', () => {
  const alphabet = fc.constantFrom('.', '\r', '\n', 'a', '\0', '\xff', '\r\n', '\r\n.');
  fc.assert(
    fc.property(
      fc.array(alphabet, { maxLength: 40 }),
      fc.array(fc.nat(80), { maxLength: 6 }),
      (pieces, cuts) => {
        const message = `${pieces.join('')}\r\n`;
        const stuffed = message.replaceAll('\r\n.', '\r\n..').replace(/^\./, '..');
        const { message: got, rest } = read(`${stuffed}.\r\nrest`, cuts);
        expect(got).toBe(message);
        expect(rest).toBe('rest');
      },
    ),
    { numRuns: 400 },
  );
});

it('reports a dot that was not doubled, and the following text', () => {
  expect(read('a\r\n.b\r\n.\r\n', []).reader.unstuffedDot).toEqual({ offset: 3, loneLineEnd: false });
  expect(read('a\r\n.\nb\r\n.\r\n', []).reader.unstuffedDot).toEqual({ offset: 3, loneLineEnd: true });
  expect(read('a\r\n..\r\n.\r\n', []).reader.unstuffedDot).toBeNull();
});

it('stores nothing above its limit and still finds the end', () => {
  const { message, rest, held } = read(`${'x'.repeat(500)}\r\n.\r\nrest`, [100, 200, 499], 300);
  expect({ message, rest, oversized: held.oversized, octets: held.octets }).toEqual({
    message: '',
    rest: 'rest',
    oversized: true,
    octets: 502,
  });
  expect(read(`${'x'.repeat(298)}\r\n.\r\n`, [], 300).held.oversized).toBe(false);
});
