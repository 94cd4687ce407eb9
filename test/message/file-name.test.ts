/** Tests of the names under which parts are saved, the kinds of parts, and the encryption of messages. */
import { describe, expect, it } from 'vitest';
import { readContent, type Attachment } from '../../server/message/content.ts';
import { parseStructure } from '../../server/message/parse.ts';

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
const content = (text: string): ReturnType<typeof readContent> => {
  const raw = crlf(text);
  return readContent(raw, parseStructure(raw));
};
/** Returns the attachment of a message whose second part has the header and body `part`. */
function attached(part: string): Attachment {
  const { attachments } = content(
    `Content-Type: multipart/mixed; boundary=b\n\n--b\n\nouter\n--b\n${part}\n--b--\n`,
  );
  const [only] = attachments;
  expect(attachments).toHaveLength(1);
  return only!;
}

describe('a part without a name is saved as', () => {
  it.each([
    ['Content-Type: message/rfc822\n\nSubject: inner subject\n\nx', 'inner subject.eml', 'message'],
    [
      'Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?R=C3=A9_1/2:_=22x=22?=\n\nx',
      'Ré 1_2_ _x_.eml',
      'message',
    ],
    ['Content-Type: message/rfc822\n\nSubject: ../../etc\n\nx', 'etc.eml', 'message'],
    ['Content-Type: message/rfc822\n\nFrom: a@x\n\nx', 'message.eml', 'message'],
    ['Content-Type: message/global\nContent-Transfer-Encoding: base64\n\nQQ==', 'message.eml', 'message'],
    [
      'Content-Type: text/calendar; method=REQUEST\nContent-Disposition: attachment\n\nBEGIN:',
      'invitation.ics',
      'calendar',
    ],
    ['Content-Type: text/vcard\n\nBEGIN:', 'contact.vcf', 'contact'],
    ['Content-Type: application/pdf\n\nx', 'part-2.pdf', 'file'],
    ['Content-Type: image/jpeg\n\nx', 'part-2.jpg', 'file'],
    ['Content-Type: audio/mpeg\n\nx', 'part-2.mp3', 'file'],
    ['Content-Type: text/plain\nContent-Disposition: attachment\n\nx', 'part-2.txt', 'file'],
    ['Content-Type: text/x-unheard-of\n\nx', 'part-2.txt', 'file'],
    ['Content-Type: application/x-unheard-of\n\nx', 'part-2.bin', 'file'],
    ['Content-Type: application/pdf\nContent-Description: The report\n\nx', 'The report.pdf', 'file'],
    [
      'Content-Type: image/gif\nContent-Location: https://x.test/a/logo%20b.gif?c=d\n\nx',
      'logo b.gif',
      'file',
    ],
    ['Content-Type: message/delivery-status\n\nx', 'delivery-status.txt', 'delivery-status'],
    [
      'Content-Type: message/disposition-notification\n\nx',
      'disposition-notification.txt',
      'disposition-notification',
    ],
    ['Content-Type: message/feedback-report\n\nx', 'feedback-report.txt', 'feedback-report'],
    ['Content-Type: text/rfc822-headers\n\nx', 'headers.txt', 'headers'],
    ['Content-Type: application/ms-tnef\n\nx', 'winmail.dat', 'tnef'],
    ['Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx', 'smime.p7m', 'encrypted'],
    ['Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx', 'part-2.p7m', 'signed'],
    ['Content-Type: application/pgp-signature\n\nx', 'signature.asc', 'signature'],
    ['Content-Type: application/pkcs7-signature\n\nx', 'signature.p7s', 'signature'],
    ['Content-Type: application/pgp-keys\n\nx', 'keys.asc', 'key'],
  ])('%s', (part, name, kind) => {
    expect(attached(part)).toMatchObject({ filename: null, name, kind });
  });
});

describe('unsafe characters are removed from the name that the sender gave', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['no extension', 'no extension'],
    ['../../etc/passwd', 'etc_passwd'],
    ['C:\\\\dir\\\\file.txt', 'C_dir_file.txt'],
    ['.profile', 'profile'],
    ['a\u202Egpj.exe', 'a_gpj.exe'],
    ['  spaced   out .txt ', 'spaced out .txt'],
    ['a*b?c|d', 'a_b_c_d'],
    ['...', 'part-2.bin'],
  ])('%j', (filename, name) => {
    expect(attached(`Content-Type: application/octet-stream; name="${filename}"\n\nx`).name).toBe(name);
  });

  it('keeps the end of a name that is too long', () => {
    const { name } = attached(`Content-Type: application/pdf; name="${'a'.repeat(300)}.pdf"\n\nx`);
    expect(name).toHaveLength(130);
    expect(name.endsWith('a.pdf')).toBe(true);
  });
});

describe('the kind of a part with a generic type is found from its name', () => {
  it.each([
    ['winmail.dat', 'tnef'],
    ['smime.p7s', 'signature'],
    ['meeting.ics', 'calendar'],
    ['mail.eml', 'message'],
    ['secret.txt.gpg', 'encrypted'],
    ['program.exe', 'file'],
  ])('is determined by its name: %s', (filename, kind) => {
    expect(attached(`Content-Type: application/octet-stream; name="${filename}"\n\nx`).kind).toBe(kind);
  });
});

describe('encryption', () => {
  const PGP_MIME = `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e

--e
Content-Type: application/pgp-encrypted

Version: 1
--e
Content-Type: application/octet-stream

-----BEGIN PGP MESSAGE-----
--e--`;
  it.each([
    ['PGP/MIME', PGP_MIME, 'pgp'],
    [
      'PGP/MIME with the footer of a list',
      `Content-Type: multipart/mixed; boundary=b\n\n--b\n${PGP_MIME}\n--b\n\nfooter\n--b--`,
      'pgp',
    ],
    ['inline PGP', 'Subject: a\n\nHello\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n', 'pgp'],
    [
      'S/MIME',
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx',
      'smime',
    ],
    [
      'S/MIME, the old type without its parameter',
      'Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\nx',
      'smime',
    ],
    ['S/MIME, signed only', 'Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx', null],
    ['a signed message', 'Subject: a\n\n-----BEGIN PGP SIGNED MESSAGE-----\n\nabc\n', null],
    ['a message that speaks of it', 'Subject: a\n\nbegins with "-----BEGIN PGP MESSAGE-----".\n', null],
  ])('%s', (_, text, encryption) => {
    expect(content(text).encryption).toBe(encryption);
  });
});
