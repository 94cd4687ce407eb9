import { describe, expect, it } from 'vitest';
import { contentDisposition } from '../../server/api/messages/part-headers.ts';
import { isOwnAddress, ownAddresses } from '../../server/service/preview/own-address.ts';
import { previewDocument } from '../../server/service/preview/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const preview = (html: string) => previewDocument(html, [], (part) => `parts/${part}`);

it('has the position of each element on request, and never a position that the mail claims', () => {
  const html = '<p data-restante-at="7">a</p>\n<DIV>b<br>c</DIV>';
  const positioned = previewDocument(html, [], String, null, undefined, true);
  expect(positioned).toBe(
    '<!doctype html><p data-restante-at="0">a</p>\n' +
      `<div data-restante-at="${html.indexOf('<DIV')}">b<br data-restante-at="${html.indexOf('<br')}">c</div>`,
  );
  expect(preview(html)).toBe('<!doctype html><p>a</p>\n<div>b<br>c</div>');
});

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
  ])('removes %s', (_name, html, forbidden) => {
    expect(preview(html)).not.toMatch(forbidden);
  });

  it('opens links in a new window that cannot access the preview', () => {
    expect(preview('<a href="https://x.test">x</a>')).toBe(
      '<!doctype html><a href="https://x.test" target="_blank" rel="noopener noreferrer">x</a>',
    );
  });

  it('escapes text and attributes so that they cannot become tags', () => {
    expect(preview('<p title="a&quot;b">1 &lt; 2 &amp; 3</p>')).toBe(
      '<!doctype html><p title="a&quot;b">1 &lt; 2 &amp; 3</p>',
    );
  });

  it('cannot be left by the end of a style sheet', () => {
    expect(preview('<style>a{}</style><p>x</p>')).toBe('<!doctype html><style>a{}</style><p>x</p>');
  });

  it('ends with a notice if elements are nested deeper than browsers support', () => {
    const shown = preview(`<p>begin</p>${'<b>'.repeat(1_000_000)}end`);
    expect(shown).toMatch(/^<!doctype html><p>begin<\/p><b>.*nested too deeply to be shown\.\]<\/p>$/);
    expect(shown.length).toBeLessThan(10_000);
    expect(preview(`${'<b>'.repeat(1_000)}end`)).toContain('end');
  });

  it('refers to the images of the message', () => {
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
    const html = [
      '<img src="cid:logo@x" srcset="cid:logo@x, cid:none 2x,CID:logo@x 3x"><td background="CID:logo%40x">',
      '<p style="background:url(cid:logo@x)"><svg><image href="cid:logo@x"/><use xlink:href="cid:logo@x"/>',
      '<rect fill="url(cid:logo@x)"></svg><video poster="cid:logo@x" src="cid:logo@x"></video>',
      '<picture><source srcset="cid:logo@x 1.5x"></picture>',
      `<style>@font-face{src:url('cid:logo@x')} p{background:image-set("cid:logo@x" 1x, url( "cid:logo@x" ) 2x)}</style>`,
    ].join('');
    const shown = previewDocument(html, [attachment], (part) => `parts/${part}`);
    expect(shown.match(/parts\/2/g)).toHaveLength(14);
    expect(shown).toContain('srcset="parts/2, parts/2 3x"');
    expect(shown).not.toMatch(/cid:/i);
  });

  it('refers to parts by their Content-Location, and to nothing else by it', () => {
    const image = {
      part: '2',
      filename: null,
      name: 'a.gif',
      kind: 'file' as const,
      type: 'image/gif',
      size: 1,
      contentId: null,
      location: 'https://x.test/b/a.gif',
      inline: true,
    };
    const html =
      '<img src="https://x.test/b/a.gif"><img src="a.gif"><p style="background:url(a.gif)"><img src="b.gif">';
    const shown = previewDocument(
      html,
      [image],
      (part) => `parts/${part}`,
      null,
      'https://x.test/b/page.html',
    );
    expect(shown.match(/parts\/2/g)).toHaveLength(3);
    expect(shown).not.toMatch(/b\.gif|x\.test/);
  });

  const host = 'https://track.example';
  /** Returns documents that contain every way in which HTML, SVG and CSS load a URL; the loaded URL is `at`. */
  const loads = (at: string): readonly string[] => [
    `<img src="${at}">`,
    `<img src=" ${at.slice(0, 3)}&#10;${at.slice(3)}">`,
    `<image src="${at}">`,
    `<img srcset="${at} 1x,${at} 2x">`,
    `<img srcset="cid:x 1x,${at} 2x">`,
    `<img srcset="cid:x,${at}">`,
    `<img srcset="cid:x (,) 1x, ${at}">`,
    `<picture><source srcset="${at}"></picture>`,
    `<video src="${at}" poster="${at}"><source src="${at}"><track src="${at}"></video><audio src="${at}"></audio>`,
    `<body background="${at}"><table background="${at}"><td background="${at}">`,
    `<img lowsrc="${at}" dynsrc="${at}"><input type=image src="${at}"><bgsound src="${at}">`,
    `<link rel=stylesheet href="${at}"><link rel="icon" href="${at}"><link rel=preload href="${at}" imagesrcset="${at}">`,
    `<svg><image href="${at}" xlink:href="${at}"/><use href="${at}#a"/><feImage href="${at}"/></svg>`,
    `<svg><image><animate attributeName="href" values="${at};${at}"/><set attributeName="xlink:href" to="${at}"/></image></svg>`,
    `<svg><rect fill="url(${at})" filter="url('${at}')" mask="url(${at})" clip-path="url(${at})" cursor="url(${at}),auto" marker-end="url(${at})"/></svg>`,
    `<svg><rect><animate attributeName="fill" from="url(${at})" to="url(${at})" by="url(${at})"/></rect></svg>`,
    `<object data="${at}" classid="${at}" codebase="${at}"></object><embed src="${at}"><applet archive="${at}"></applet>`,
    `<iframe src="${at}"></iframe><frame src="${at}"><portal src="${at}"></portal><iframe srcdoc="<img src=${at}>"></iframe>`,
    `<form action="${at}"><button formaction="${at}"></button></form><a ping="${at}">x</a>`,
    `<meta http-equiv=refresh content="0;url=${at}"><base href="${at}"><html manifest="${at}">`,
    `<template shadowrootmode=open><img src="${at}"></template><noscript><img src="${at}"></noscript>`,
    `<style>@import "${at}";@import url(${at});@import url("${at}") layer(x) screen;</style>`,
    `<style>@\\69mport "${at}";p{background:\\75 rl(${at})}</style>`,
    `<style>@font-face{font-family:x;src:local("a"),url(${at}) format("woff2")}</style>`,
    `<style>a{background:url( ${at} );b:URL("${at}");c:src("${at}");d:image("${at}")}</style>`,
    `<style>a{background:image-set("${at}" 1x,"${at}" type("image/png"));b:-webkit-image-set(url(${at}) 1x)}</style>`,
    `<style>a{background:cross-fade(url(${at}),url(${at}),50%);list-style:url("${at}");cursor:url(${at}),auto}</style>`,
    `<style>:root{--a:"${at}";--b:url(${at})}p{background:image-set(var(--a) 1x)}</style>`,
    `<style>p{content:"\\"";background:url(${at})}/* " */q{background:url(${at})}</style>`,
    `<style>p{background:url(${at}</style>`,
    `<p style="background:url(${at});--x:'${at}'">`,
    `<p style="background:u\\72l('${at}')">`,
  ];

  it.each(loads(`${host}/x`).map((html) => [html]))('loads nothing of the network from %s', (html) => {
    const shown = preview(html);
    expect(shown).not.toContain('track.example');
    expect(preview(html.replaceAll('https:', ''))).not.toContain('track.example');
  });

  it('loads nothing from this server except the parts, in any spelling of the URL', () => {
    const own = [
      '/api/messages?query=x',
      'wait?timeout=300000',
      '../checks',
      '?x',
      'http:/api/messages',
      'https:api',
      String.raw`\\127.0.0.1:8025\api`,
      'parts/1',
      'filesystem:http://127.0.0.1/x',
      'blob:http://127.0.0.1/x',
      'about:srcdoc',
    ];
    for (const address of own) {
      for (const html of loads(address)) {
        const shown = preview(html);
        expect(shown.replaceAll('data:,', ''), html).not.toMatch(
          /api|wait|checks|\?x|parts|filesystem|blob:|about:/,
        );
      }
    }
  });

  it('loads from the network if the reader requests it, and still not from this server', () => {
    const own = ownAddresses(
      [{ protocol: 'http', host: '127.0.0.1', port: 8025, tls: 'none', url: 'http://127.0.0.1:8025/' }],
      ['192.168.0.7'],
      'mail.localhost',
    );
    const open = (html: string) =>
      previewDocument(
        html,
        [],
        (part) => `parts/${part}`,
        (url) => !isOwnAddress(url, own),
      );
    expect(open(`<img src="${host}/a b.png" srcset="//track.example/c 2x">`)).toContain(
      `<img src="${host}/a%20b.png" srcset="${host}/c 2x">`,
    );
    expect(open(`<style>@import '${host}/x.css' screen;p{background:url(${host}/p)}</style>`)).toContain(
      `<style>@import "${host}/x.css" screen;p{background:url("${host}/p")}</style>`,
    );
    expect(open(`<link rel=stylesheet href="${host}/x.css">`)).toContain(
      `href="${host}/x.css" rel="stylesheet"`,
    );
    for (const own of [
      'http://127.0.0.1:8025/api/messages',
      'http://127.1:8025/api/messages',
      'http://localhost:8025/api/messages',
      'http://[::1]:8025/api/messages',
      'http://[::ffff:127.0.0.1]:8025/api/messages',
      'http://0.0.0.0:8025/api/messages',
      'http://192.168.0.7:8025/api/messages',
      'http://mail.localhost/api/messages',
      '/api/messages',
    ]) {
      for (const html of loads(own)) expect(open(html), html).not.toContain('/api/messages');
    }
    // Without the normalisation, the URL would be relative to a page that is served over HTTP.
    expect(open('<img src="http:/api/messages">')).toContain('src="http://api/messages"');
    expect(open('<img src="http://127.0.0.1:3000/logo.png">')).toContain('127.0.0.1:3000/logo.png');
  });

  it('does not change the style of a mail that loads nothing', () => {
    const css = `@namespace svg "http://www.w3.org/2000/svg";p:before{content:"see https://x.test (url(x))"}a{color:red}:root{--sep:"/";--say:"see /x for more"}`;
    expect(preview(`<style>${css}</style>`)).toContain(css);
    expect(preview(`<style>p{background:url(data:image/png;base64,AAAA)}</style>`)).toContain(
      'url("data:image/png;base64,AAAA")',
    );
    expect(preview('<svg><rect fill="url(#g)"/><use href="#a"/></svg>')).toMatch(
      /fill="url\(&quot;#g&quot;\)".*href="#a"/,
    );
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
  it('has a policy that blocks all loads unless the reader requests them', async () => {
    const sandbox = await startTestSandbox();
    const [id] = await sendRaw(sandbox.smtp, [Buffer.from(related)]);
    const shut = await sandbox.api(`messages/${id!}/html`);
    const policy = shut.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox allow-popups/);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|allow-forms|allow-top-navigation/);
    expect(policy).toContain("default-src 'none'");
    const parts = `${new URL(sandbox.url).host}/api/messages/${id!}/parts/`;
    const own = `http://${parts} https://${parts} data:`;
    expect(policy).toContain(
      `; img-src ${own}; style-src 'unsafe-inline'; font-src ${own}; media-src ${own}`,
    );
    expect(policy.replace("frame-ancestors 'self'", '')).not.toContain("'self'");
    const open = await sandbox.api(`messages/${id!}/html?remote=true`);
    expect(open.headers.get('content-security-policy')).toMatch(/img-src \* data:/);
    expect(open.headers.get('content-security-policy')).not.toMatch(/script-src/);
  });

  it('never displays SVG or HTML parts inline', async () => {
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
