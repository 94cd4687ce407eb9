/** Large messages, each of which is the worst case for some step that a server performs with it. */

/**
 * The approximate size of each message in octets: ten megabytes to measure the costs, fewer in a brief run, which
 * also detects superlinear costs.
 */
export const SIZE = process.env['COSTS'] === undefined ? 1_000_000 : 10_000_000;

const fill = (unit: string, size = SIZE): string => unit.repeat(Math.ceil(size / unit.length));
const numbered = (of: (n: number) => string, size = SIZE): string => {
  const pieces: string[] = [];
  for (let n = 0, length = 0; length < size; n++) {
    const piece = of(n);
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join('');
};

const MIME = 'MIME-Version: 1.0\r\n';
const HEAD = `From: a@x.test\r\nTo: b@x.test\r\nSubject: monster\r\n${MIME}`;
const MIXED = `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n`;
const text = (body: string, more = ''): string =>
  `${HEAD}Content-Type: text/plain; charset=utf-8${more}\r\n\r\n${body}`;
const html = (body: string): string => `${HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n${body}`;
const field = (name: string, value: string): string => `${HEAD}${name}: ${value}\r\n\r\nx`;
const quotedPrintable = '\r\nContent-Transfer-Encoding: quoted-printable';
const base64 = '\r\nContent-Transfer-Encoding: base64';
const charset = (name: string, body: string): string =>
  `${HEAD}Content-Type: text/plain; charset=${name}\r\n\r\n${body}`;

/** Returns a large message without malice: two bodies and an attachment. */
export const benign = (): string => {
  const sentence =
    'The order that you placed last week has been shipped, see https://shop.test/orders/1 for more. ';
  const paragraph = `<p style="margin:0">${sentence}<a href="https://shop.test/a?b=c">Here</a> <img src="cid:a@x" alt="a"></p>\r\n`;
  const picture = Buffer.alloc((SIZE * 0.55) | 0, 'picture')
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\r\n');
  return (
    `${MIXED}--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n` +
    `--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${fill(`${sentence}\r\n`, SIZE * 0.1)}\r\n` +
    `--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${fill(paragraph, SIZE * 0.15)}\r\n--c--\r\n` +
    `--b\r\nContent-Type: image/png; name=a.png${base64}\r\nContent-ID: <a@x>\r\n\r\n${picture}\r\n--b--\r\n`
  );
};

export const monsters: Readonly<Record<string, () => string>> = {
  'multiparts in multiparts': () =>
    HEAD + numbered((n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`),
  'messages in messages': () => HEAD + fill('Content-Type: message/rfc822\r\n\r\n'),
  'a million tiny parts': () => MIXED + fill('--b\r\n\r\nx\r\n'),
  'attachments without number': () =>
    MIXED + numbered((n) => `--b\r\nContent-Disposition: attachment; filename=a${n}.txt\r\n\r\n\r\n`),
  'lines that are almost boundaries': () => MIXED + fill('--bb\r\n--b \tx\r\n--\r\n'),
  'a boundary as long as it gets': () =>
    `${HEAD}Content-Type: multipart/mixed; boundary="${'b'.repeat(60_000)}"\r\n\r\n${fill(`--${'b'.repeat(59_999)}\r\n`)}`,
  'a million header lines': () => `${HEAD}${fill('a: b\r\n')}\r\nx`,
  'one header line': () => field('X-Long', fill('x ')),
  'one folded header': () => field('Subject', fill('a\r\n ')),
  'one list of addresses': () => field('To', fill('Bob <b@x.test>, ')),
  'addresses in no order': () => field('To', fill('"a\\" <(b:;,@[.')),
  'groups of addresses': () => field('Cc', fill('g: a@x.test;, ')),
  'encoded words': () => field('Subject', fill('=?utf-8?B?w7zDtg==?= ')),
  'encoded words of other charsets': () =>
    field('From', `${fill('=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= ')} <a@x.test>`),
  references: () =>
    field(
      'References',
      numbered((n) => `<${n}@x.test> `),
    ),
  dates: () => `${fill('Date: Mon, 32 Foo 99999 25:61:61 +9999 (((\r\n')}Subject: x\r\n\r\nx`,
  'one date': () => field('Date', fill('Mon, 1 Jan (')),
  'continued parameters (RFC 2231)': () =>
    `${HEAD}Content-Type: text/plain; ${numbered((n) => `name*${n}*=%41;`)}\r\n\r\nx`,
  'one file name': () => `${HEAD}Content-Disposition: attachment; filename="${fill('../ü')}"\r\n\r\nx`,
  'one quoted parameter': () => `${HEAD}Content-Type: text/plain; name="${fill('\\\\x')}"\r\n\r\nx`,
  'flowed text': () => text(fill('word word \r\n> '), '; format=flowed; delsp=yes'),
  'marks of quotes': () => text(fill('>'), '; format=flowed'),
  'soft breaks': () => text(fill('=\r\n'), quotedPrintable),
  'quoted-printable that is none': () => text(fill('=G=\r=3'), quotedPrintable),
  'base64 that is none': () => text(fill('A=*'), base64),
  'uuencoded files': () => text(fill('begin 644 x\r\n#0V%T\r\n`\r\nend\r\n')),
  'uuencoded files that do not end': () => text(fill('begin 644 x\r\n')),
  'a charset of escapes': () => charset('iso-2022-jp', fill('\u001b$B!!\u001b(B')),
  'a charset that grows': () => charset('gb18030', fill('\u0080')),
  'UTF-7 and what it hides': () => charset('utf-7', fill('+2AHcAA-')),
  'a charset nobody knows': () => charset(fill('x', 100_000), fill('a')),
  'line feeds': () => text(fill('\n')),
  NULs: () => text(fill('\0')),
  'addresses of the web': () => text(fill('https://a.test/?x ')),
  codes: () => text(fill('your code is 123456 ')),
  'open elements': () => html(fill('<div>')),
  'open elements of every kind': () => html(fill('<a href=//x><table><tr><td><b><p><select><svg>')),
  brackets: () => html(fill('<')),
  attributes: () => html(`<p ${numbered((n) => `a${n}=1 `)}>x`),
  'one attribute': () => html(`<a href="${fill('javascript&#58;')}">x</a>`),
  entities: () => html(fill('&#x41;&amp;&nosuch;')),
  comments: () => html(fill('<!--<!-->')),
  'style sheets': () => html(`<style>${fill('a>b{c:url(//x)}@import "y";')}</style>x`),
  'style that does not close': () => html(`<style>${fill('@media x{a{b:c(')}`),
  'styles of elements': () => html(fill('<p style="a:url(cid:x);b:expression(">')),
  'pictures of its own': () => html(fill('<img src="cid:x">')),
};
