import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decoder, decodeText, type Literal } from '../../../server/imap/wire/decoder.ts';

const decoder = (text: string, ...literals: string[]): Decoder => {
  const texts = text.split('\n').map((line) => Buffer.from(line, 'latin1'));
  return new Decoder({
    texts,
    literals: literals.map((octets): Literal => ({ octets: Buffer.from(octets), binary: false })),
  });
};
const BAD = expect.objectContaining({ kind: 'BAD' });

describe('the grammar', () => {
  it('parses a command', () => {
    const d = decoder('a1 STORE 1:3,* (\\Seen kw) "q \\" \\\\" NIL 42');
    expect(d.tag()).toBe('a1');
    d.sp();
    expect(d.keyword()).toBe('STORE');
    d.sp();
    expect(d.sequenceText()).toBe('1:3,*');
    d.sp();
    expect(d.list(() => d.flag())).toEqual(['\\Seen', 'kw']);
    d.sp();
    expect(d.string().toString()).toBe('q " \\');
    d.sp();
    expect(d.nstring()).toBeNull();
    d.sp();
    expect(d.number()).toBe(42);
    d.end();
  });

  it('reads literals at their positions', () => {
    const d = decoder('{3}\n {3+}\n ~{1}\n', 'one', 'two', 'x');
    expect(d.string().toString()).toBe('one');
    d.sp();
    expect(d.astring().toString()).toBe('two');
    d.sp();
    expect(d.literal().octets).toEqual(Buffer.from('x'));
    expect(d.done).toBe(true);
  });

  it('does not read text in a quoted string as a literal', () => {
    const d = decoder('"{3}" {3}\n', 'abc');
    expect(d.string().toString()).toBe('{3}');
    d.sp();
    expect(d.string().toString()).toBe('abc');
    d.end();
  });

  it.each([
    ['a tag with a plus', (d: Decoder) => d.tag(), '+'],
    ['an empty atom', (d: Decoder) => d.atom(), ''],
    ['an atom with a bracket', (d: Decoder) => d.atom(), ']'],
    ['an open quote', (d: Decoder) => d.string(), '"abc'],
    ['a string that is an atom', (d: Decoder) => d.string(), 'abc'],
    ['a number too big', (d: Decoder) => d.number(), '4294967296'],
    ['a number far too big', (d: Decoder) => d.number64(), '9'.repeat(20)],
    ['zero', (d: Decoder) => d.nonZero(), '0'],
    ['an open list', (d: Decoder) => d.list(() => d.atom()), '(a b'],
    ['an empty list', (d: Decoder) => d.list(() => d.atom()), '()'],
    ['no space where nothing shows the end', (d: Decoder) => d.sp(), 'ab'],
    ['a literal that never came', (d: Decoder) => d.literal(), '{5}'],
    ['leftovers', (d: Decoder) => d.end(), 'x'],
  ])('refuses %s', (_, take, text) => {
    expect(() => take(decoder(text))).toThrow(BAD);
  });

  it('accepts an empty list on request', () => {
    const d = decoder('()');
    expect(d.list(() => d.atom(), true)).toEqual([]);
  });

  it('accepts only whole words', () => {
    expect(decoder('NILS').acceptWord('NIL')).toBe(false);
    expect(decoder('nil)').acceptWord('NIL')).toBe(true);
    expect(decoder('BODY[1]').acceptWord('BODY')).toBe(true);
  });

  it('limits recursion', () => {
    const nest = (d: Decoder): unknown => d.list(() => (d.peek('(') ? nest(d) : d.atom()));
    const deep = (depth: number): string => '('.repeat(depth) + 'a' + ')'.repeat(depth);
    expect(nest(decoder(deep(20)))).toBeDefined();
    expect(() => nest(decoder(deep(100_000)))).toThrow(BAD);
  });
});

describe('text of clients', () => {
  it('is UTF-8, or Latin-1 if it is not valid UTF-8', () => {
    expect(decodeText(Buffer.from('grün'))).toBe('grün');
    expect(decodeText(Buffer.from('grün', 'latin1'))).toBe('grün');
    expect(decodeText(Buffer.from('a\ufffdb'))).toBe('a\ufffdb');
  });
});

it('accepts or refuses any input, and never fails otherwise', () => {
  const takers: ((d: Decoder) => unknown)[] = [
    (d) => d.tag(),
    (d) => d.keyword(),
    (d) => d.astring(),
    (d) => d.nstring(),
    (d) => d.listMailbox(),
    (d) => d.sequenceText(),
    (d) => d.number64(),
    (d) => d.flag(),
    (d) => d.literal(),
    (d) => d.list(() => d.astring(), true),
  ];
  const unit = fc.oneof(fc.constantFrom(...'a1(){}"\\[]*%$+~ \r\0:,'.split('')), fc.string({ maxLength: 1 }));
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), fc.nat(takers.length - 1), (text, which) => {
      try {
        takers[which]!(decoder(text, 'literal'));
      } catch (error) {
        expect(error).toEqual(BAD);
      }
    }),
    { numRuns: 2_000 },
  );
});
