/**
 * Tests of the evidence for one-time codes: the words beside a noun such as `code`, the evidence of the sentence and of
 * the whole mail, the competition between the numbers of one mail, and groups of a code in the middle of a sentence.
 */
import { describe, expect, it } from 'vitest';
import { findCodes } from '../../server/message/codes/index.ts';

/** Returns the values that a mail announces as codes. */
const announced = (text: string, subject = ''): readonly string[] =>
  findCodes({ subject, texts: [text], tokens: [] })
    .filter(({ confidence }) => confidence >= 0.5)
    .map(({ value }) => value);

describe('an unknown word beside the noun names another kind of code', () => {
  it.each([
    ['before the noun', 'Faturanız ektedir. Ürün: masa lambası, depo kodu 40771, adet 2'],
    ['before the noun, at the start of a line', 'Sąskaita Nr. 88\nSkaitiklio kodas: 5520914\nSuma 18,40 Eur'],
    ['after the noun', 'Bil bulan ini telah sedia. Bayar dengan kod syarikat 7731 sebelum Jumaat.'],
    ['after the noun and `of`', 'Fatura e gazit\nKodi i matësit: 4402187\nShuma 1.200 lekë'],
    ['before a dash', 'Arve 118 on lisatud. Aiandi OÜ, äri-kood 55201184, Tartu'],
    ['in a label with a short number', 'Рахунок додано.\nКод робіт за групою 014: 62200000'],
    ['in an abbreviation', 'In allegato la ricevuta: pulizia (cod. 5502), lucidatura (cod. int. 5504)'],
    ['in the Arabic script', 'صورتحساب آماده است.\nکد انبار 55120\nکد فروشگاه: 7714'],
    ['in an Indian script', 'आपका बिल तैयार है।\nगोदाम कोड 55120, राशि ₹400'],
    ['joined with the Japanese noun', 'ご予約を承りました。\n支店コード：55120\n料金 8,200円'],
    ['before the Korean noun', '고지서를 보내드립니다.\n입주자 코드 551204\n창고코드: 7731'],
    ['joined with the Thai noun', 'ใบแจ้งค่าน้ำ\nรหัสโรงงาน: 551204'],
    ['before a word in capital letters', 'Račun je v prilogi.\nKoda valute: ABCD'],
  ])('%s', (_, text) => {
    expect(announced(text)).toEqual([]);
  });

  it.each([
    ['a possessive', 'Jūsų kodas: 482913', '482913'],
    ['a relative clause', 'Poštovani, kod koji ste zatražili: 482913', '482913'],
    ['a word for a confirmation', 'Kod potwierdzający: 482913', '482913'],
    ['a verb in the same sentence', 'Sisesta rakenduses Metsa kood 482913', '482913'],
    ['a Japanese word for an unlocking', '解除コード：551204', '551204'],
    ['a Korean possessive', '고객님의 코드: 551204', '551204'],
    ['a Thai word for a pickup', 'รหัสรับพัสดุ: 551204', '551204'],
    ['a request for secrecy', 'Никому не сообщайте код: 4829', '4829'],
  ])('but not with %s', (_, text, code) => {
    expect(announced(text)).toEqual([code]);
  });
});

describe('the strongest evidence of a mail suppresses weaker evidence', () => {
  it.each([
    [
      'a registration number in the footer',
      'Teie kinnituskood on 482 913. Kood kehtib 10 minutit.\n\nOÜ Aiandi, Riia 4, registri-kood 55201184',
      '482913',
    ],
    [
      'a label with the name of an owner',
      'Jūsų vienkartinis kodas: 482913\n\nSkaitiklio kodas: 5520914',
      '482913',
    ],
  ])('%s', (_, text, code) => {
    expect(announced(text, 'Sisselogimine')).toEqual([code]);
  });

  it('equal evidence gives two codes', () => {
    expect(announced('Your sign-in code is 482913. Your recovery code is 771204.')).toEqual([
      '482913',
      '771204',
    ]);
  });
});

describe('advice has no code', () => {
  it.each([
    'Bankas niekada neprašo PIN1, PIN2 ar vienkartinių kodų. Nutraukite pokalbį.',
    'Nobody from the bank will ask you for PIN2 or for a one-time code.',
  ])('%s', (text) => {
    expect(announced(text, 'Stay safe')).toEqual([]);
  });

  it('a word with a value of its own is a label', () => {
    expect(announced('Kod ABC-10: 20', 'Sign-in')).toEqual([]);
  });
});

describe('groups are one value if the sentence announces it', () => {
  it.each([
    [
      'two groups of letters and digits after the noun',
      'Sisesta lehel kood B4K 9TW (ilma tühikuta).',
      'B4K9TW',
    ],
    ['two groups after a preposition', 'Activeer je account met code 9TW 4KB (zonder spatie).', '9TW4KB'],
    [
      'the form of a postal code below an instruction',
      'Nhập mã kích hoạt sau vào trang đăng ký:\nWK7 4BT\nMã hết hạn sau 2 giờ.',
      'WK74BT',
    ],
    ['groups of unequal length', 'کد تأیید شما در سایت 30 814 است.', '30814'],
    [
      'groups of digits after a verb and a place',
      'Ierakstiet internetbankā vienreizējo kodu 508 316.',
      '508316',
    ],
    [
      'a form of a date before the rest of the sentence',
      'Du er ved at tilføje en ny enhed.\n\n61-30-27\n\ner din bekræftelseskode.',
      '613027',
    ],
    [
      'letters and digits after a verb and a place',
      'Якщо це ви, введіть у вікні входу K7WN-4BTS.',
      'K7WN-4BTS',
    ],
    ['letters and digits after a verb and a device', 'Kui see oled sina, trüki seadmesse B4K 9TW.', 'B4K9TW'],
    [
      'an emphasized value before a sentence about the code',
      '*4KB9TW* öffnet dein Konto. Der Einmalcode gilt 15 Minuten.',
      '4KB9TW',
    ],
  ])('%s', (_, text, code) => {
    expect(announced(text, '')).toEqual([code]);
  });

  it.each([
    ['a postal code', 'Please visit us.\n10 High Street\nW1A 1AA\nLondon'],
    ['a product', 'The kit X2B 4TP has arrived in our shop.'],
  ])('but not %s', (_, text) => {
    expect(announced(text)).toEqual([]);
  });
});
