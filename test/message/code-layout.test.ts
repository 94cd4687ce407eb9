/**
 * Tests of one-time codes in the layouts of templates: one element per digit, and all kinds of blanks and dashes
 * between groups.
 */
import { describe, expect, it } from 'vitest';
import { readContent } from '../../server/message/content.ts';
import { findCodes } from '../../server/message/codes/index.ts';
import { parseStructure } from '../../server/message/parse.ts';

function codesOfHtml(html: string): readonly string[] {
  const raw = Buffer.from(
    `From: shop@x.test\r\nSubject: Sign in\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`,
  );
  const { codes } = readContent(raw, parseStructure(raw));
  return codes.filter(({ confidence }) => confidence >= 0.5).map(({ value }) => value);
}

const digits = ['4', '8', '2', '9', '1', '3'];

describe('finds a code with an element for each digit', () => {
  it.each([
    ['cells', `<table><tr>${digits.map((digit) => `<td>${digit}</td>`).join('')}</tr></table>`],
    [
      'cells on lines',
      `<table>\n<tr>\n${digits.map((digit) => ` <td> ${digit} </td>\n`).join('')}</tr></table>`,
    ],
    ['nested tables', digits.map((digit) => `<table><tr><td>${digit}</td></tr></table>`).join('')],
    ['rows', `<table>${digits.map((digit) => `<tr><td>${digit}</td></tr>`).join('')}</table>`],
    ['blocks', digits.map((digit) => `<div>${digit}</div>`).join('')],
    ['spans', digits.map((digit) => `<span style="padding:8px">${digit}</span>`).join('')],
    ['spans with blanks', digits.map((digit) => `<span>${digit}</span>`).join(' ')],
    ['spans with no-break spaces', digits.map((digit) => `<span>&nbsp;${digit}&nbsp;</span>`).join('')],
    ['cells around a dash', `<table><tr><td>482</td><td>-</td><td>913</td></tr></table>`],
  ])('%s', (_, code) => {
    expect(codesOfHtml(`<p>Your verification code:</p>${code}<p>It is valid for 10 minutes.</p>`)).toEqual([
      '482913',
    ]);
  });
});

describe.each([
  ['7Q4MZD', '7Q4MZD'],
  ['XKQRPD', 'XKQRPD'],
  ['7q4mzd', '7q4mzd'],
  ['7Д4ЖЛК', '7Д4ЖЛК'],
  ['482-913', '482913'],
  ['7Q4-MZD', '7Q4-MZD'],
])('finds the code %s with an element for each character', (code, value) => {
  const characters = Array.from(code);
  it.each([
    ['cells', `<table><tr>${characters.map((sign) => `<td>${sign}</td>`).join('')}</tr></table>`],
    ['rows', `<table>${characters.map((sign) => `<tr><td>${sign}</td></tr>`).join('')}</table>`],
    ['blocks', characters.map((sign) => `<div>${sign}</div>`).join('')],
    ['spans', characters.map((sign) => `<span>${sign}</span>`).join('')],
  ])('%s', (_, html) => {
    expect(codesOfHtml(`<p>Use these characters on the sign-in page:</p>${html}<p>Thanks</p>`)).toEqual([
      value,
    ]);
  });
});

describe('finds the groups of a code in cells around', () => {
  it.each(['-', '\u2010', '\u2013', '\u2212', '\u05be'])('the dash %s', (dash) => {
    const cells = ['GH6T', dash, '2WRP'].map((text) => `<td>${text}</td>`).join('');
    expect(codesOfHtml(`<p>Your code:</p><table><tr>${cells}</tr></table>`)).toEqual(['GH6T-2WRP']);
  });
  it.each(['\u00b7', '\u2022', '\u2027', '\u22c5', '\u30fb'])('the dot %s', (dot) => {
    const cells = ['520', dot, '164'].map((text) => `<td>${text}</td>`).join('');
    expect(codesOfHtml(`<p>Your code:</p><table><tr>${cells}</tr></table>`)).toEqual(['520164']);
  });
});

const announcedIn = (text: string): readonly string[] =>
  findCodes({ subject: 'Account', texts: [text], tokens: [] })
    .filter(({ confidence }) => confidence >= 0.5)
    .map(({ value }) => value);

describe('finds groups with letters and groups with dots', () => {
  it.each([
    ['Your code: LEZ-4829', 'LEZ-4829'],
    ['Type this on the device:\nPLK-3908', 'PLK-3908'],
    ['Ваш код: АБВ-4829', 'АБВ-4829'],
    ['G-482913 is your code.', '482913'],
    ['Your code: PIN-4829', '4829'],
    ['Your code: GH6T 2WRP', 'GH6T2WRP'],
    ['Your code is GH6T\u00a02WRP.', 'GH6T2WRP'],
    ['Your code is 48·29·13.', '482913'],
    ['Your code is 4·8·2·9·1·3.', '482913'],
    ['Use o código 814·056 para entrar.', '814056'],
    ['Ingresá estos números en la app:\n520 · 164', '520164'],
    ['認証コード：492・360', '492360'],
    ['Your code: GH6T·2WRP', 'GH6T2WRP'],
    ['Your code: PIN·4829', '4829'],
    ['Code 482913 · valid for 10 minutes', '482913'],
  ])('%s', (text, code) => {
    expect(announcedIn(text)).toEqual([code]);
  });
});

describe('finds no code in', () => {
  it.each([
    'Code of conduct: pages 12 · 14 · 16',
    'Your sign-in code was used. 120 · 131',
    'Verify your account\n\nSE1 7PB',
    'Sign in: TKT-20250318',
    'O código expira às 23h59.',
    'Le code expire à 23 h 59.',
    'LE CODE EXPIRE À 18H05',
    'De code is geldig tot 18u30.',
    'Mã hết hạn lúc 18g30',
    'Your code expires at 1030pm',
    'Der Code gilt bis 18:30Uhr',
    'Koden gäller till kl. 08.44',
    'Koden gælder til kl. 0844',
    'Tunnusluku vanhenee klo 19.05.',
    'รหัสหมดอายุวันที่ 12 มีนาคม 2568 เวลา 18:30 น.',
    'รหัสหมดอายุ 12 มี.ค. ๒๕๖๘',
    'ລະຫັດໝົດອາຍຸ 12 ມີນາ 2568',
    '認証コードは令和7年3月12日まで有効です',
    'رمز التحقق صالح حتى ١٥ رمضان ١٤٤٦ هـ',
    'کد تأیید تا ۲۲ اسفند ۱۴۰۳ معتبر است',
    'קוד האימות תקף עד ט״ו באדר 5785',
    'प्रमाणीकरण कोड २०८१ चैत्र १२ सम्म',
    'Verification code expires on 15 Ramadan 1446',
    'Ellenőrző kód 2025. március 12-ig',
  ])('%s', (text) => {
    expect(announcedIn(text)).toEqual([]);
  });
});

describe('finds a code with the form of a year in', () => {
  it.each([
    ['รหัส OTP: 2568', '2568'],
    ['کد تأیید شما: ۱۴۰۳', '1403'],
    ['رمز التحقق الخاص بك هو 1446', '1446'],
    ['קוד האימות שלך: 5785', '5785'],
  ])('%s', (text, code) => {
    expect(announcedIn(text)).toEqual([code]);
  });
});

describe('finds a code after the instruction', () => {
  it.each([
    'Use these six characters on the reset page:',
    'Key in these symbols on the device:',
    'Ingresá estos números en la app:',
    'Tipeá estos caracteres en la página:',
    'Ponelos en la pantalla:',
    'Colocá estos dígitos en tu computadora:',
    'Digitem estes caracteres no aparelho:',
    'Ponha estes dígitos na página:',
    'Schreibt diese Zeichen in die App:',
    'Mettez ces caractères dans l’application :',
    'Entrez ces caractères sur votre ordinateur :',
    'Mettete queste cifre nella pagina:',
    'Надрукуйте на пристрої:',
    'Напечатайте эти знаки на устройстве:',
    'Надрукуйце гэтыя знакі на прыладзе:',
    'Напечатайте тези символи на устройството:',
    'Vtipkajta te znake v napravo:',
    'Pretipkajte ove znakove na uređaju:',
    'Näppäilkää nämä merkit laitteeseen:',
    'Trükkige need märgid seadmesse:',
    'Iedrukājiet šos simbolus ierīcē:',
    'Gépeljétek be ezeket a karaktereket a készüléken:',
    'Użyjcie tych znaków na stronie:',
    'Χρησιμοποιήστε αυτούς τους χαρακτήρες στη σελίδα:',
    'Bu karakterleri cihaza yazın:',
    'השתמשו בתווים האלה בדף:',
    'استخدم هذه الأرقام في الصفحة:',
    'ใช้ตัวอักษรเหล่านี้ในหน้าเว็บ:',
    '请在页面使用这些字符：',
    'このページで次の文字を使ってください：',
    '이 페이지에서 다음 문자를 사용하세요:',
  ])('%s', (instruction) => {
    expect(announcedIn(`${instruction}\n\n7Q4MZD\n\n.`)).toEqual(['7Q4MZD']);
  });
});

describe('finds a code after the Finnish words', () => {
  it.each([
    'Kertakäyttöinen tunnusluku:',
    'Kertakäyttöisen tunnusluvun numerot ovat:',
    'Tunnuslukusi on',
    'Käytä kertakäyttöistä tunnuslukua',
  ])('%s', (words) => {
    expect(announcedIn(`${words} 4172608`)).toEqual(['4172608']);
  });
});

describe('finds a code of two groups with', () => {
  it.each(
    [
      ' ',
      '\u00a0',
      '\u2002',
      '\u2003',
      '\u2005',
      '\u2007',
      '\u2009',
      '\u200a',
      '\u202f',
      '\u205f',
      '\u3000',
      '-',
      '\u2010',
      '\u2011',
      '\u2012',
      '\u2013',
      '\u2014',
      '\u2212',
      '\ufe63',
      '\uff0d',
      ' - ',
      ' \u2013 ',
      '\u200b',
      '\u2060',
      '\u00ad',
      '\ufeff',
    ].map((separator) => [
      Array.from(separator, (sign) => sign.codePointAt(0)!.toString(16)).join(' '),
      separator,
    ]),
  )('U+%s between them', (_, separator) => {
    const found = findCodes({ subject: '', texts: [`Your code: 482${separator}913`], tokens: [] });
    expect(found[0]?.value).toBe('482913');
    expect(found[0]?.confidence).toBeGreaterThanOrEqual(0.5);
  });
});

describe('reads the digits of', () => {
  it.each([
    ['full width', '４８２９１３'],
    ['Arabic', '٤٨٢٩١٣'],
    ['Persian', '۴۸۲۹۱۳'],
    ['Devanagari', '४८२९१३'],
    ['Bengali', '৪৮২৯১৩'],
    ['Thai', '๔๘๒๙๑๓'],
    ['bold mathematics', '𝟒𝟖𝟐𝟗𝟏𝟑'],
    ['monospace mathematics', '𝟺𝟾𝟸𝟿𝟷𝟹'],
  ])('%s', (_, code) => {
    const found = findCodes({ subject: '', texts: [`Your code: ${code}`], tokens: [] });
    expect(found[0]?.value).toBe('482913');
  });
});

function codesOfText(subject: string, text: string): readonly string[] {
  const codes = findCodes({ subject, texts: [text], tokens: [] });
  return codes.filter(({ confidence }) => confidence >= 0.5).map(({ value }) => value);
}

describe('finds a code in groups of two, and in three groups with letters', () => {
  it.each([
    ['pairs of digits', 'Your unlock code is below.\n\n71 04 92 35\n\nHelp: 0800 11 22 33', '71049235'],
    ['letters first', 'Enter the pairing code on your TV:\n\nPX-7Q4-KD', 'PX-7Q4-KD'],
    ['letters last', 'Your code:\n──────────\nAK-3917-ZU\n──────────\nRef 5512', 'AK-3917-ZU'],
    ['arrows', 'Approval code\n=============\n>> 5519 <<\n=============\nValid for 5 minutes', '5519'],
    ['a second ending', 'כדי לאשר, הקלד/י באפליקציה את הספרות:\n6 0 9 7 2\nאסמכתא 88120437', '60972'],
  ])('%s', (_, text, code) => {
    expect(codesOfText('Hello', text)).toEqual([code]);
  });
});

describe('reports no number that the words beside it name otherwise', () => {
  it.each([
    [
      'a telephone number',
      'Attention aux fraudes',
      'Ne donnez jamais votre code. Raccrochez puis composez le 3477.',
    ],
    ['a customer number', 'Hotovo', 'Příště budeme chtít kód z aplikace. Uveďte zákaznické číslo 1094472.'],
    [
      'a member number whose noun is a compound',
      'Din adgangskode er ændret',
      'Adgangskoden til din profil (medlemsnr. 4008217) blev ændret.',
    ],
    ['the identification of a declaration', 'Entregue', 'Identificação da declaração: 1502-J4471-88'],
    ['a number after the Romanian verb fi', 'Livrare', 'Numărul coletului va fi: 4471882.'],
    ['a customer number in a compound', 'Ihr Passwort', 'Das Passwort zu Kundennr.: 4008217 wurde geändert.'],
    ['a card number', 'Prijava', 'Kod više nije potreban. Tvoja karta br. 77120048 vrijedi do lipnja.'],
    ['a member', 'Contul tău', 'Nu mai trebuie să introduci niciun cod.\n\nID abonat: 204417'],
    ['a bad password', 'Advice', 'Turn on codes. Do not use the password "123456".'],
    ['a short number', 'חשבון', 'אל תמסרו את הקוד לאיש.\nמוקד שירות: 2700* או 03-7472700'],
    ['a number for the staff', 'Kode', 'Du trenger ingen kode nå. Oppgi 448120 hvis du ringer.'],
  ])('%s', (_, subject, text) => {
    expect(codesOfText(subject, text)).toEqual([]);
  });
  it('beside a code', () => {
    const text = 'Your code is 482913. Enter it in the app.\n\nIf you call us, enter 2217 on your phone.';
    expect(codesOfText('Sign in', text)).toEqual(['482913']);
  });
});
