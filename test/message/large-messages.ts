/** Large messages for which earlier readers created an object per line, fold or word, or decoded everything. */

const fill = (unit: string, octets: number): Buffer => Buffer.alloc(octets, unit, 'latin1');
const message = (head: string, unit: string, octets: number): Buffer =>
  Buffer.concat([Buffer.from(head, 'latin1'), fill(unit, octets)]);
const body = (type: string, encoding: string, unit: string, octets: number, start = ''): Buffer =>
  message(`Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${start}`, unit, octets);

const FILE = 'application/octet-stream; name=a';

export const LARGE: Readonly<Record<string, () => Buffer>> = {
  'uuencode, a line for every three octets': () => body(FILE, 'x-uuencode', 'M\r\n', 49e6, 'begin 644 a\r\n'),
  'uuencode, full lines': () =>
    body(FILE, 'x-uuencode', `M${'0V%T'.repeat(15)}\r\n`, 49e6, 'begin 644 a\r\n'),
  'uuencode in a text': () =>
    body('text/plain', '7bit', `M${'0V%T'.repeat(15)}\r\n`, 20e6, 'begin 644 a\r\n'),
  'quoted-printable, soft line breaks': () => body(FILE, 'quoted-printable', '=\r\n', 49e6),
  'quoted-printable text': () => body('text/plain; charset=utf-8', 'quoted-printable', '=C3=A4=\r\n', 49e6),
  'base64, a line for every four digits': () => body(FILE, 'base64', 'QUFB\r\n', 49e6),
  'base64, padding everywhere': () => body(FILE, 'base64', 'QQ==', 49e6),
  'flowed text, a line for every two octets': () => body('text/plain; format=flowed', '7bit', ' \n', 20e6),
  'flowed text, quoted': () => body('text/plain; format=flowed', '7bit', '> a \r\n', 20e6),
  'ISO-2022-JP, an escape sequence for every character': () =>
    body('text/plain; charset=iso-2022-jp', '7bit', '\x1b$B$"\x1b(B', 20e6),
  'HZ, a shift for every character': () => body('text/plain; charset=hz-gb-2312', '7bit', '~{VP~}', 20e6),
  'UTF-7, a run for every character': () => body('text/plain; charset=utf-7', '7bit', '+AOQ-', 20e6),
  'a script without blanks': () => body('text/plain; charset=utf-8', '8bit', '\xe3\x81\x82', 20e6),
  'a field with a million folds': () => message('Subject: ', 'a\r\n ', 4e6),
  'a million fields': () => message('', 'a:b\r\n', 5e6),
  'a parameter in 100,000 sections': () =>
    Buffer.from(
      `Content-Type: text/plain; ${Array.from({ length: 100_000 }, (_, at) => `name*${at}*=a;`).join('\r\n ')}`,
    ),
  'a subject of 100,000 words': () => message('Subject: ', '=?utf-8?Q?a?=\r\n ', 16e5),
  'an address field of 100,000 words': () => message('To: ', '=?utf-8?Q?a,b?=\r\n ', 18e5),
};
