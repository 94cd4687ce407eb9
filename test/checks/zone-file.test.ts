/** Tests of parsing DNS zone files that users paste. */
import { describe, expect, it } from 'vitest';
import { lookupIn } from '../../server/checks/authenticity/names.ts';
import { parseZone } from '../../server/checks/authenticity/zone-file.ts';

const ZONE = `
$ORIGIN example.test.
$TTL 3600 ; an hour
@        3600 IN SOA ns hostmaster ( 1 7200
                                     900 1209600 86400 )
         IN NS ns
         MX 10 mail
         TXT "v=spf1 mx -all"
mail     IN 300 A 192.0.2.1
         AAAA 2001:db8::1
s1._domainkey TXT ( "v=DKIM1; k=rsa; "
                    "p=AAAA" )
www      CNAME mail
*.wild   A 192.0.2.9
quote    TXT "a \\"b\\" \\059 c"
`;

describe('a zone file', () => {
  const lookup = lookupIn(parseZone(ZONE), 'off');

  it.each([
    ['example.test', 'TXT', [['v=spf1 mx -all']]],
    ['EXAMPLE.test.', 'MX', [{ exchange: 'mail.example.test', priority: 10 }]],
    ['mail.example.test', 'A', ['192.0.2.1']],
    ['mail.example.test', 'AAAA', ['2001:db8::1']],
    ['www.example.test', 'A', ['192.0.2.1']],
    ['s1._domainkey.example.test', 'TXT', [['v=DKIM1; k=rsa; ', 'p=AAAA']]],
    ['any.wild.example.test', 'A', ['192.0.2.9']],
    ['quote.example.test', 'TXT', [['a "b" ; c']]],
  ])('answers %s %s', async (name, type, records) => expect(await lookup(name, type)).toEqual(records));

  it.each([
    ['nobody.example.test', 'A', 'ENOTFOUND'],
    ['mail.example.test', 'TXT', 'ENODATA'],
    ['other.test', 'A', 'ENOTFOUND'],
  ])('has nothing for %s %s', (name, type, code) =>
    expect(lookup(name, type)).rejects.toMatchObject({ code }),
  );

  it('treats names as absolute without $ORIGIN', async () => {
    const plain = lookupIn(parseZone('a.test TXT "x"\n_dmarc.a.test. IN TXT "y"'), 'off');
    expect(await plain('a.test', 'TXT')).toEqual([['x']]);
    expect(await plain('_dmarc.a.test', 'TXT')).toEqual([['y']]);
  });

  it('does not follow circular aliases', () =>
    expect(
      lookupIn(parseZone('a.test CNAME b.test\nb.test CNAME a.test'), 'off')('a.test', 'A'),
    ).rejects.toMatchObject({
      code: 'ENODATA',
    }));

  it.each([
    ['a.test A 1.2.3', /^line 1: “1\.2\.3” is not a valid address for a record of type A$/],
    ['\na.test TXT v=DKIM1; k=rsa', /^line 2: the text is cut off at a “;”/],
    ['a.test MX mail', /^line 1: an MX record needs/],
    ['a.test TXT "open', /^line 1: a closing quotation mark is missing/],
    ['a.test TXT ( "x"', /^line 1: this \( has no matching \)/],
    ['a.test )', /^line 1: this \) has no matching \(/],
    ['a.test IN', /^line 1: a record type is missing/],
    ['a.test NONSENSE x', /unknown record type NONSENSE/],
    ['a.test CH TXT x', /class CH is not supported/],
    ['$INCLUDE other', /\$INCLUDE is not supported/],
    [' A 1.2.3.4', /has no owner name/],
    ['a.test A', /A has no data/],
  ])('refuses %j with its line', (text, message) => expect(() => parseZone(text)).toThrow(message));
});
