/** Tests of finding one-time codes: found codes, ignored numbers, and the order of candidates. */
import { describe, expect, it } from 'vitest';
import { findCodes } from '../../server/message/codes/index.ts';

const codes = (text: string, subject = '') => findCodes({ subject, texts: [text], tokens: [] });

describe('finds', () => {
  it.each([
    ['Your verification code is 482913. It expires in 10 minutes.', '482913'],
    [
      'Hi Ann,\n\nUse this code to sign in:\n\n  482913\n\nThanks\n© 2024 Example Inc, 548 Market St, CA 94105',
      '482913',
    ],
    ['Enter 123-456 as your PIN', '123456'],
    ['Your one-time code: 123 456', '123456'],
    ['Your one-time code: 1234-5678', '12345678'],
    ['Your one-time code\n\n4 8 2 9 1 3\n', '482913'],
    ['OTP: 0042', '0042'],
    ['code:482913', '482913'],
    ['[482913] is your security code', '482913'],
    ['G-482913 is your Google verification code.', '482913'],
    ['Your device code: WDJB-MJHT', 'WDJB-MJHT'],
    ['Your confirmation code: ABC-DEF', 'ABC-DEF'],
    ['Your login code is X7F9K2', 'X7F9K2'],
    ['Your login code:\n\nx7f9k2\n', 'x7f9k2'],
    ['Your temporary password is Ab3dE7gH', 'Ab3dE7gH'],
    ['Your code is 2024', '2024'],
    ['Ihr Bestätigungscode lautet 554433', '554433'],
    ['Votre code de vérification est 1234', '1234'],
    ['Tu código de verificación es 445566', '445566'],
    ['O seu código é 445566', '445566'],
    ['Il tuo codice è 445566', '445566'],
    ['Uw verificatiecode: code 445566', '445566'],
    ['Twój kod to 445566', '445566'],
    ['Din kod är 445566', '445566'],
    ['Doğrulama kodunuz: 778899', '778899'],
    ['Ваш код подтверждения: 665544', '665544'],
    ['您的验证码是123456，请在5分钟内使用。', '123456'],
    ['認証コード：987654', '987654'],
    ['인증번호는 [654321] 입니다', '654321'],
    ['رمز التحقق: 654321', '654321'],
    ['Mã OTP của bạn: 654321', '654321'],
  ])('%s', (text, value) => {
    const [first, second] = codes(text);
    expect(first?.value).toBe(value);
    expect(first?.confidence).toBeGreaterThanOrEqual(0.5);
    expect(second?.confidence ?? 0).toBeLessThan(first!.confidence);
  });

  it('a code in the subject', () => {
    expect(codes('', '123456 is your Example code')).toMatchObject([
      { value: '123456', context: '123456 is your Example code' },
    ]);
  });
});

describe('ignores', () => {
  it.each([
    'Thanks for your order 882310 on 12/05/2024. Total $1234.50. Call +1 415 555 1234.',
    'Order #123456 shipped. Tracking number 99887766.',
    'Invoice 20231 for 1200 EUR is due. Customer number 448812',
    'Use promo code SAVE20 to get 20% off until 2025',
    'color: #123456; background: #ABCDEF',
    'Meet me on 2024-01-15 at 10:30, room 4021',
    'Call (415) 555-1234 or 555-123-4567 for help',
    'https://x.test/verify?code=123456',
    'Write to user123456@x.test for the code',
    'Your total is 1,234,567 points',
    'ACME CORP NEWS: READ THIS NOW',
    'Copyright 2010-2024 Example',
    'The temperature was 1234 km away',
    'Verify your email. Acme, 123 Main Street, San Francisco, CA 94105',
    'postal code 12345',
    'Fehlercode und error code 500123',
    'version 123456',
    '',
  ])('%s', (text) => {
    expect(codes(text).filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
  });
});

describe('ranks', () => {
  it('ranks the announced code before other numbers', () => {
    const found = codes('Order 771204\n\nYour code: 482913\n\nSuite 4500, 94105');
    expect(found[0]?.value).toBe('482913');
  });

  it('gives equal candidates equal confidence, in the order of the message', () => {
    const [first, second] = codes('Your code is 482913. Your backup code is 771204.');
    expect([first?.value, second?.value]).toEqual(['482913', '771204']);
    expect(first?.confidence).toBe(second?.confidence);
  });

  it('returns a code once that occurs in text, HTML and subject', () => {
    const found = findCodes({ subject: 'Code 482913', texts: ['Code: 482913', 'Code 482 913'], tokens: [] });
    expect(found.map(({ value }) => value)).toEqual(['482913']);
  });

  it('returns the text around each code', () => {
    expect(codes('Hello.\nYour code is\n482913\nBye.')[0]?.context).toBe('Hello. Your code is 482913 Bye.');
    const [found] = codes(
      `${'Lengthy words of introduction. '.repeat(3)}Your code: 482913. ${'Afterwards, more words. '.repeat(4)}`,
    );
    expect(found?.context).toBe(
      'Lengthy words of introduction. Your code: 482913. Afterwards, more words. Afterwards, more words.',
    );
    expect(codes(`${'='.repeat(80)} 482913 is your code`)[0]?.context).toBe('482913 is your code');
  });

  it.each([
    [['"482913"; origin="https://x.test"'], ['482913']],
    [['"a\\"b"'], ['a"b']],
    [['482913'], []],
    [['"1"', '"2"'], []],
  ])('is certain of an OTP-Token header: %j', (tokens, expected) => {
    const found = findCodes({ subject: '', texts: [], tokens });
    expect(found.map(({ value }) => value)).toEqual(expected);
    for (const { confidence } of found) expect(confidence).toBe(1);
  });
});
