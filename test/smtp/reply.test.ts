import { expect, it } from 'vitest';
import { parseReply, reply, replyLines, replyText } from '../../server/smtp/reply.ts';

it.each([
  ['451 4.7.1 try later', { code: 451, status: '4.7.1', text: 'try later' }],
  ['550 No such user', { code: 550, status: null, text: 'No such user' }],
  ['421', { code: 421, status: null, text: 'Try again later' }],
  ['250 2.0.0', { code: 250, status: '2.0.0', text: 'Ok' }],
  ['  554 5.7.1  policy  ', { code: 554, status: '5.7.1', text: 'policy' }],
  ['250 1.2.3 dotted', { code: 250, status: null, text: '1.2.3 dotted' }],
])('parses %j', (text, expected) => {
  expect(parseReply(text)).toEqual(expected);
});

it.each(['', 'try later', '600 x', '199 x', '25 x', '4511 x', '451x', '451 5.7.1 classes differ'])(
  'refuses %j',
  (text) => {
    expect(parseReply(text)).toBeNull();
  },
);

it('writes lines that no text can break', () => {
  expect(replyLines(reply(250, null, 'one\ntwo'))).toEqual(['250-one', '250 two']);
  expect(replyLines(reply(550, '5.1.1', 'a\rb\0c\u0085d\n'))).toEqual(['550-5.1.1 a b c d', '550 5.1.1 ']);
  expect(replyText(reply(334, null, ''))).toBe('334');
});
