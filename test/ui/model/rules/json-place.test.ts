/** Tests finding the line of a value in a JSON text. */
import { describe, expect, it } from 'vitest';
import { lineOfPath } from '../../../../ui/model/rules/json-place.ts';

describe('lineOfPath', () => {
  const text = [
    '{',
    '  "on": "rcpt",',
    '  "when": {',
    '    "rcpt": "a@*"',
    '  },',
    '  "script": [',
    '    "451 x",',
    '    { "reject": "550" }',
    '  ]',
    '}',
  ].join('\n');
  it.each([
    ['', 1],
    ['on', 2],
    ['when', 3],
    ['when.rcpt', 4],
    ['script', 6],
    ['script[0]', 7],
    ['script[1].reject', 8],
    ['when.missing', 3],
    ['missing', 1],
  ])('%s is on line %i', (path, line) => {
    expect(lineOfPath(text, path)).toBe(line);
  });

  it('ignores keys and brackets within strings', () => {
    expect(lineOfPath('{ "a": "} \\" b",\n "b": 1 }', 'b')).toBe(2);
  });

  it.each(['', '{', '{"a"', '[1,', '{,,,}', 'nonsense'])(
    'terminates for %j, which is not valid JSON',
    (broken) => {
      expect(lineOfPath(broken, 'a.b')).toBe(1);
    },
  );
});
