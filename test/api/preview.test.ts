import { describe, expect, it } from 'vitest';
import { contentDisposition } from '../../server/api/part-headers.ts';
import { previewDocument } from '../../server/api/preview.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const preview = (html: string) => previewDocument(html, [], (part) => `parts/${part}`);

describe('the preview document', () => {
  it.each([
    ['scripts', '<p>a</p><script>alert(1)</script><p>b</p>', /<script|alert/],
    ['handlers', '<img src="x" onerror="alert(1)"><body onload=alert(1)>', /onerror|onload/],
    [
      'frames',
      '<iframe src="https://evil.example"></iframe><iframe srcdoc="<script>1</script>">',
      /iframe|srcdoc|script/,
    ],
    ['plugins', '<object data="x.swf"></object><embed src="x">', /object|embed/],
    ['refreshes', '<meta http-equiv="refresh" content="0;url=https://evil.example">', /refresh|evil/],
    ['base addresses', '<base href="https://evil.example/"><a href="x">x</a>', /<base/],
    ['targets', '<a href="https://x.test" target="_top">x</a>', /_top/],
    ['scripts in what is not HTML', '<style></style><script>alert(1)</script>', /alert/],
    ['unclosed scripts', '<script>alert(1)', /alert/],
    ['scripts in foreign content', '<svg><script>alert(1)</script></svg>', /alert/],
  ])('leaves out %s', (_name, html, forbidden) => {
    expect(preview(html)).not.toMatch(forbidden);
  });

  it('opens links outside, without a way back', () => {
    expect(preview('<a href="https://x.test">x</a>')).toBe(
      '<!doctype html><a href="https://x.test" target="_blank" rel="noopener noreferrer">x</a>',
    );
  });

  it('keeps text and attributes as text and attributes', () => {
    expect(preview('<p title="a&quot;b">1 &lt; 2 &amp; 3</p>')).toBe(
      '<!doctype html><p title="a&quot;b">1 &lt; 2 &amp; 3</p>',
    );
  });

  it('cannot be broken out of by what ends a style', () => {
    expect(preview('<style>a{}</style><p>x</p>')).toBe('<!doctype html><style>a{}</style><p>x</p>');
  });

  it('ends where elements are nested deeper than any browser shows, and says so', () => {
    const shown = preview(`<p>begin</p>${'<b>'.repeat(1_000_000)}end`);
    expect(shown).toMatch(/^<!doctype html><p>begin<\/p><b>.*nested too deeply to be shown\.\]<\/p>$/);
    expect(shown.length).toBeLessThan(10_000);
    expect(preview(`${'<b>'.repeat(1_000)}end`)).toContain('end');
  });

  it('points at the message’s own images', () => {
    const attachment = {
      part: '2',
      filename: null,
      name: 'part-2.png',
      kind: 'file' as const,
      location: null,
      type: 'image/png',
      size: 1,
      contentId: 'logo@x',
      inline: true,
    };
    const html = '<img src="cid:logo@x"><td background="CID:logo%40x"><p style="background:url(cid:logo@x)">';
    const shown = previewDocument(html, [attachment], (part) => `parts/${part}`);
    expect(shown.match(/parts\/2/g)).toHaveLength(3);
  });
});

const related = [
  'From: a@x.test\r\nTo: b@x.test\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
  '--b\r\nContent-Type: text/html\r\n\r\n<img src="https://track.example/p.gif"><p>hi</p>\r\n',
  '--b\r\nContent-Type: image/svg+xml; name=x.svg\r\nContent-Disposition: inline\r\n\r\n<svg onload="alert(1)"/>\r\n',
  '--b\r\nContent-Type: text/html; name="a.html"\r\nContent-Disposition: attachment\r\n\r\n<script>1</script>\r\n',
  '--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n',
].join('');

describe('over HTTP', () => {
  it('is under a policy that lets nothing in or out unless the reader asks', async () => {
    const sandbox = await startTestSandbox();
    const [id] = await sendRaw(sandbox.smtp, [Buffer.from(related)]);
    const shut = await sandbox.api(`messages/${id!}/html`);
    const policy = shut.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox allow-popups/);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|allow-forms|allow-top-navigation/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/img-src 'self' data:/);
    const open = await sandbox.api(`messages/${id!}/html?remote=true`);
    expect(open.headers.get('content-security-policy')).toMatch(/img-src \* data:/);
    expect(open.headers.get('content-security-policy')).not.toMatch(/script-src/);
  });

  it('never shows SVG or HTML parts in place', async () => {
    const sandbox = await startTestSandbox();
    const [id] = await sendRaw(sandbox.smtp, [Buffer.from(related)]);
    for (const part of ['2', '3']) {
      const response = await sandbox.api(`messages/${id!}/parts/${part}`);
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
    }
    const image = await sandbox.api(`messages/${id!}/parts/4`);
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(await image.text()).toBe('hello');
    expect((await sandbox.api(`messages/${id!}/parts/9`)).status).toBe(404);
    expect((await sandbox.api(`messages/${id!}/parts/..%2f..`)).status).toBe(404);
  });
});

describe('file names', () => {
  it.each([
    ['report.pdf', `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
    ['Grüße.txt', `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`],
    [
      'a"; filename="b.exe',
      `attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe`,
    ],
    ['../../etc/passwd', `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
    ['a\r\nSet-Cookie: x', `attachment; filename="a__Set-Cookie: x"; filename*=UTF-8''a__Set-Cookie%3A%20x`],
  ])('%j', (name, header) => {
    expect(contentDisposition('attachment', name)).toBe(header);
  });
});
