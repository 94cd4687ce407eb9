/** Tests of addresses in HTML that refer to another part of the message (RFC 2392, RFC 2557). */
import { describe, expect, it } from 'vitest';
import { readContent } from '../../server/message/content.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { partFinder } from '../../server/message/related.ts';

/** Returns the number of the part to which an address in the HTML of a multipart/related refers. */
function found(address: string, image: string, html = '', multipart = ''): string | undefined {
  const raw = Buffer.from(
    [
      'Content-Type: multipart/related; boundary=b',
      ...(multipart === '' ? [] : [multipart]),
      '',
      '--b',
      'Content-Type: text/html',
      ...(html === '' ? [] : [html]),
      '',
      '<p>hi</p>',
      '--b',
      'Content-Type: image/gif',
      image,
      '',
      'x',
      '--b--',
    ].join('\r\n'),
  );
  const { attachments, base } = readContent(raw, parseStructure(raw));
  return partFinder(attachments, base)(address);
}

describe('the address in the HTML refers to the image', () => {
  it.each([
    ['cid:a@x', 'Content-ID: <a@x>'],
    ['CID:a%40x', 'Content-ID: <a@x>'],
    ['https://x.test/a.gif', 'Content-Location: https://x.test/a.gif'],
    ['HTTPS://X.test:443/a.gif', 'Content-Location: https://x.test/a.gif'],
    [' a.gif ', 'Content-Location: a.gif'],
    ['./img/../a.gif', 'Content-Location: a.gif'],
    ['a b.gif', 'Content-Location: a%20b.gif'],
    ['/a.gif', 'Content-Location: https://x.test/a.gif', 'Content-Location: https://x.test/b/page.html'],
    ['a.gif', 'Content-Location: https://x.test/b/a.gif', 'Content-Location: https://x.test/b/page.html'],
    ['a.gif', 'Content-Location: a.gif', '', 'Content-Location: https://x.test/b/'],
    ['https://x.test/b/a.gif', 'Content-Location: a.gif', '', 'Content-Location: https://x.test/b/'],
    ['file:///C:/a.gif', 'Content-Location: file:///C:/a.gif'],
  ])('%s', (address, ...header) => {
    expect(found(address, header[0] ?? '', header[1], header[2])).toBe('2');
  });
});

describe('the address in the HTML refers to no part', () => {
  it.each([
    ['cid:b@x', 'Content-ID: <a@x>'],
    ['https://x.test/b.gif', 'Content-Location: https://x.test/a.gif'],
    ['a.gif', 'Content-Location: https://x.test/a.gif'],
    ['', 'Content-ID: <a@x>'],
    ['https://[', 'Content-Location: https://x.test/a.gif'],
  ])('%s', (address, header) => {
    expect(found(address, header)).toBeUndefined();
  });
});

it('treats an image with a location as inline', () => {
  const raw = Buffer.from(
    'Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\nx\r\n' +
      '--b\r\nContent-Type: image/gif\r\nContent-Location: a.gif\r\n\r\nx\r\n--b--',
  );
  expect(readContent(raw, parseStructure(raw)).attachments).toMatchObject([
    { part: '2', inline: true, location: 'thismessage:/a.gif', name: 'a.gif' },
  ]);
});
