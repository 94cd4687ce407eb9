/** Tests of finding links in messages and of classifying them. */
import { describe, expect, it } from 'vitest';
import { htmlLinks } from '../../server/message/html-links.ts';
import { linkKind } from '../../server/message/link-kind.ts';
import { findLinks, trimAddress } from '../../server/message/links.ts';

describe('in HTML', () => {
  it.each([
    ['<a href="https://x.test/a">Go</a>', [['https://x.test/a', 'Go']]],
    ['<A HREF=https://x.test/a>Go</A>', [['https://x.test/a', 'Go']]],
    ["<a class=b href='https://x.test/?a=1&amp;b=2'>Go</a>", [['https://x.test/?a=1&b=2', 'Go']]],
    ['<a href="https://x.test/">  <b>Go</b>\n now </a>', [['https://x.test/', 'Go now']]],
    ['<a href="https://x.test/"><img src=x alt="Logo"></a>', [['https://x.test/', 'Logo']]],
    ['<a href="https://x.test/" title="Home"></a>', [['https://x.test/', 'Home']]],
    [
      '<a href="https://x.test/">one<a href="https://y.test/">two',
      [
        ['https://x.test/', 'one'],
        ['https://y.test/', 'two'],
      ],
    ],
    ['<map><area href="https://x.test/" alt="Area"></map>', [['https://x.test/', 'Area']]],
    ['<a href="#top">up</a><a name="x">no</a><a href="">none</a>', []],
    ['<!-- <a href="https://x.test/">no</a> --><script>"<a href=\'y\'>"</script>', []],
    ['<a href="mailto:a@x.test">Write &lt;us&gt;</a>', [['mailto:a@x.test', 'Write <us>']]],
    ['<a href="https://x.test/"', []],
    ['<a href=" https://x.test/ ">Go</a>', [['https://x.test/', 'Go']]],
  ])('%s', (html, expected) => {
    expect(htmlLinks(html).map(({ href, text }) => [href, text])).toEqual(expected);
  });
});

describe('in text', () => {
  it.each([
    ['https://x.test/a.', 'https://x.test/a'],
    ['https://x.test/a).', 'https://x.test/a'],
    ['https://x.test/a_(b)', 'https://x.test/a_(b)'],
    ['https://x.test/?a=1,', 'https://x.test/?a=1'],
    ['https://x.test/a**', 'https://x.test/a'],
    ["https://x.test/a'", 'https://x.test/a'],
    ['https://x.test/]', 'https://x.test/'],
  ])('%s', (written, expected) => {
    expect(trimAddress(written)).toBe(expected);
  });

  it('finds addresses, and classifies them by the words before them', () => {
    const text =
      'Hi,\n\nReset your password:\nhttps://x.test/t/1\n\nor (https://x.test/t/2), <https://x.test/t/3>\nHTTPS://X.TEST/T/4';
    expect(
      findLinks({ text, html: null, listUnsubscribe: [] }).map(({ href, kind }) => `${kind} ${href}`),
    ).toEqual([
      'reset https://x.test/t/1',
      'other https://x.test/t/2',
      'other https://x.test/t/3',
      'other HTTPS://X.TEST/T/4',
    ]);
  });
});

describe('links from several sources', () => {
  it('lists each address once, those of the HTML first, and recognizes List-Unsubscribe', () => {
    expect(
      findLinks({
        html: '<a href="https://x.test/u?1">Manage</a><a href="https://x.test/v">Confirm</a><a href="javascript:x()">no</a>',
        text: 'https://x.test/v https://x.test/w',
        listUnsubscribe: ['<mailto:u@x.test?subject=u>, <https://x.test/u?1>'],
      }),
    ).toEqual([
      { href: 'https://x.test/u?1', text: 'Manage', kind: 'unsubscribe', source: 'html' },
      { href: 'https://x.test/v', text: 'Confirm', kind: 'verify', source: 'html' },
      { href: 'https://x.test/w', text: 'https://x.test/w', kind: 'other', source: 'text' },
      { href: 'mailto:u@x.test?subject=u', text: '', kind: 'unsubscribe', source: 'header' },
    ]);
  });
});

describe('kinds', () => {
  it.each([
    ['Verify email', '', 'verify'],
    ['Confirm your account', '', 'verify'],
    ['E-Mail-Adresse bestätigen', '', 'verify'],
    ['Activer mon compte', '', 'verify'],
    ['メールアドレスを確認', '', 'verify'],
    ['Reset password', '', 'reset'],
    ['Choose a new password', '', 'reset'],
    ['Passwort zurücksetzen', '', 'reset'],
    ['Réinitialiser le mot de passe', '', 'reset'],
    ['Restablecer contraseña', '', 'reset'],
    ['Sign in', '', 'signin'],
    ['Log in to Example', '', 'signin'],
    ['Anmelden', '', 'signin'],
    ['Accept invitation', '', 'invite'],
    ['Join the team', '', 'invite'],
    ['Unsubscribe', '', 'unsubscribe'],
    ['Newsletter abbestellen', '', 'unsubscribe'],
    ['Se désabonner', '', 'unsubscribe'],
    ['Confirm that you want to unsubscribe', '', 'unsubscribe'],
    ['Click here', 'https://x.test/users/password/edit?reset_password_token=a', 'reset'],
    ['Click here', 'https://x.test/confirm/abc', 'verify'],
    ['Click here', 'https://x.test/magic-link?t=1', 'signin'],
    ['Click here', 'https://x.test/email%20verification', 'verify'],
    ['Click here', 'https://verify.x.test/a', 'other'],
    ['Read more', 'https://x.test/%E0%A4%A', 'other'],
    ['Our website', 'https://x.test/', 'other'],
  ])('%s %s', (text, href, kind) => {
    expect(linkKind(text, href)).toBe(kind);
  });
});
