/**
 * The preview of a message's HTML: the document of the sender, rewritten, in a sandboxed frame, with its own
 * content security policy. The rewritten document can load only the parts of the message, and resources from
 * the network if the reader requests them. The rewriting also removes what no content security policy covers:
 * DNS prefetching, links that navigate the frame, and redirects. The sandbox and the policy are a second
 * protection that does not depend on the rewriting: they block scripts, forms, frames, and every load that
 * the rewriting could miss.
 *
 * Invariant: each `<` in the text or the attributes of the document is escaped, so the only tags that a
 * browser can parse are the tags that this module writes.
 */
import { Parser } from 'htmlparser2';
import type { Attachment } from '../../message/content.ts';
import { partFinder, THIS_MESSAGE } from '../../message/related.ts';
import { followed, isFragment, loaded, loadedSet, type Reach } from './address.ts';
import { loadedStyle } from './style.ts';

const BASE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'self'";

export interface PreviewWishes {
  /**
   * Whether the reader requested network content: images, styles and fonts are then loaded from the network, but
   * never scripts.
   */
  readonly remote: boolean;
  /**
   * Whether the frame has the origin of this server, so that the surrounding page can measure the height of
   * the document, mark words in it, and receive the keys that are pressed in it. The mail cannot abuse this
   * origin, because scripts and forms stay blocked, and so do loads from this server.
   */
  readonly measured: boolean;
}

/**
 * Returns the content security policy of a preview.
 *
 * @param own the sources (CSP) from which the message's parts are loaded, as returned by `partSources`
 */
export function previewPolicy(own: string, { remote, measured }: PreviewWishes): string {
  const base = measured ? BASE_POLICY.replace('sandbox ', 'sandbox allow-same-origin ') : BASE_POLICY;
  if (remote) {
    return `${base}; img-src * data:; style-src * 'unsafe-inline'; font-src * data:; media-src * data:`;
  }
  const sources = `${own} data:`;
  return `${base}; img-src ${sources}; style-src 'unsafe-inline'; font-src ${sources}; media-src ${sources}`;
}

/**
 * Matches a host that may occur in a content security policy; an IPv6 address is not permitted there (CSP3
 * §2.3.1).
 */
const SOURCE_HOST = /^[\w.-]+(?::\d+)?$/;

/**
 * Returns the sources of a content security policy for the paths below `path` on this server, one for each name of
 * the server. Each source has a scheme: in a document without an origin, WebKit matches neither `'self'` nor a
 * source without a scheme.
 *
 * @param path a path with a slash at its end
 */
export function partSources(hosts: readonly (string | undefined)[], path: string): string {
  const named = [...new Set(hosts)].filter((host) => host !== undefined && SOURCE_HOST.test(host));
  // If the only name of the server is an IPv6 address, a source cannot contain the host; only the path then
  // restricts the loads.
  const sources = named.length === 0 ? ['*:*'] : named;
  return sources.flatMap((host) => [`http://${host}${path}`, `https://${host}${path}`]).join(' ');
}

/**
 * The elements that are removed with their content: in a mail, they serve only to run code, to load resources or to
 * deceive.
 */
const DROPPED = new Set(
  'script iframe frame frameset object embed applet portal fencedframe noembed noframes template'.split(' '),
);
/**
 * The elements whose tags are removed and whose content is kept. The content of `noscript` is shown, because
 * no script runs.
 */
const UNWRAPPED = new Set(['noscript', 'base']);
/** The elements that a browser parses by special rules, with the ordinary elements that replace them. */
const RENAMED = new Map([
  ['xmp', 'pre'],
  ['plaintext', 'pre'],
  ['listing', 'pre'],
]);
const VOID = new Set('area br col hr img input link meta param source track wbr'.split(' '));
/** The attributes whose value is a URL that the browser loads. */
const LOADING = new Set(['src', 'background', 'poster', 'lowsrc', 'dynsrc', 'href', 'xlink:href']);
/** Matches the names of attributes that are removed, because they run code, navigate, or move the focus. */
const LEFT_OUT =
  /^(?:on.*|http-equiv|srcdoc|target|ping|rel|action|formaction|formtarget|autofocus|accesskey|manifest|nonce)$/;
/** The SVG attributes whose value is CSS and can contain `url()`. */
const STYLING =
  /^(?:style|fill|stroke|filter|mask(?:-image)?|clip-path|cursor|marker(?:-start|-mid|-end)?|color-profile)$/;
/**
 * The SVG animation elements, which change the value of an attribute, and those of their attributes that
 * contain the new value.
 */
const ANIMATIONS = new Set(['animate', 'set', 'animatecolor', 'discard']);
const ANIMATED = new Set(['from', 'to', 'by', 'values']);
/** Matches a name of an element or attribute that may be written into a tag unchanged. */
const ELEMENT_NAME = /^[a-z][\w:.-]*$/;
const ATTRIBUTE_NAME = /^[^\s"'<>/=\p{Cc}]+$/u;
/** The elements whose `href` is a link that the reader can click; the browser does not load its URL. */
const LINKS = new Set(['a', 'area']);
/** The names of the `<meta>` elements that are kept: layout width, and support of a dark colour scheme. */
const META_NAMES = new Set(['viewport', 'color-scheme', 'supported-color-schemes']);

/**
 * The maximum depth of nested elements in the preview. Browsers support a depth of about 500. The parser
 * needs more time for each deeper element: without a limit, a million open elements would take hours.
 */
const MAX_DEPTH = 2_000;
const TOO_DEEP = '<p>[The rest of this message is nested too deeply to be shown.]</p>';

/**
 * The attribute with the position of an element's start tag in the HTML as sent, in UTF-16 code units; with this
 * attribute, the page finds the element for a line of the source, and the line for an element. The attribute of a mail
 * with this name is removed.
 */
const POSITION = 'data-restante-at';

type Attributes = Readonly<Record<string, string>>;

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

/**
 * Returns a style sheet in which each `<` is written as a CSS escape, so that no part of the style sheet can be
 * parsed as a tag.
 */
const escapeStyle = (css: string): string =>
  css.replaceAll(/<!--|-->/g, '').replaceAll(/<(?=[a-z/!?])/gi, '\\3c ');

/** Returns whether the tags of an element are removed while its content is kept. */
function isLeftOut(name: string, attributes: Attributes): boolean {
  if (UNWRAPPED.has(name) || !ELEMENT_NAME.test(name)) return true;
  // Browsers prefetch the URLs of `<link>` elements that are not style sheets, and content security policies
  // do not block this in every browser.
  if (name === 'link') return attributes['rel']?.trim().toLowerCase() !== 'stylesheet';
  if (ANIMATIONS.has(name)) return /href|src|style|^on/i.test(attributes['attributename'] ?? 'href');
  // All other `<meta>` elements are removed, because they can set refreshes, policies, cookies or referrers.
  return name === 'meta' && !META_NAMES.has(attributes['name']?.trim().toLowerCase() ?? '');
}

/**
 * Returns the rewritten document for the preview.
 *
 * @param address returns the URL of a part of the message, relative to the preview
 * @param remote returns whether the document may load a URL from the network; `null` if the reader did not
 *   request network content
 * @param base the location of the HTML, against which Content-Locations are resolved (RFC 2557)
 * @param positions whether each element has the attribute `data-restante-at`
 */
export function previewDocument(
  html: string,
  attachments: readonly Attachment[],
  address: (part: string) => string,
  remote: Reach['remote'] = null,
  base = THIS_MESSAGE,
  positions = false,
): string {
  const find = partFinder(attachments, base);
  const reach: Reach = {
    remote,
    own(written) {
      const part = find(written);
      return part === undefined ? undefined : address(part);
    },
  };

  /** Returns the new value of an attribute; `null` if the attribute is removed. */
  function rewritten(element: string, name: string, value: string): string | null {
    if (STYLING.test(name)) return loadedStyle(value, reach);
    if (name === 'srcset' || name === 'imagesrcset') return loadedSet(value, reach);
    if (LINKS.has(element) && (name === 'href' || name === 'xlink:href')) return followed(value);
    if (ANIMATIONS.has(element) && ANIMATED.has(name)) return loadedStyle(value, reach);
    return LOADING.has(name) ? loaded(value, reach) : value;
  }

  function attribute(element: string, name: string, value: string): string {
    if (!ATTRIBUTE_NAME.test(name) || LEFT_OUT.test(name) || name === POSITION) return '';
    const written = rewritten(element, name, value);
    return written === null ? '' : ` ${name}="${escapeValue(written)}"`;
  }

  const out: string[] = ['<!doctype html>'];
  let dropped = 0;
  let depth = 0;
  /** The text of the style sheet that is being parsed; `null` outside a style sheet. */
  let style: string | null = null;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > MAX_DEPTH) {
          out.push(TOO_DEEP);
          parser.pause();
          return;
        }
        if (DROPPED.has(name)) dropped++;
        if (dropped > 0 || isLeftOut(name, attributes)) return;
        // A browser would receive a style sheet that is a part of the message as a download, so the link to the
        // style sheet is removed.
        if (name === 'link' && remote === null) return;
        if (name === 'style') style = '';
        const shown = Object.entries(attributes).map(([key, value]) => attribute(name, key, value));
        // Links open in a new window that cannot access the preview; links to positions in the message stay in the
        // frame.
        if (name === 'link') shown.push(' rel="stylesheet"');
        if (LINKS.has(name) && !isFragment(attributes['href'] ?? '')) {
          shown.push(' target="_blank" rel="noopener noreferrer"');
        }
        if (positions) shown.push(` ${POSITION}="${parser.startIndex}"`);
        out.push(`<${RENAMED.get(name) ?? name}${shown.join('')}>`);
      },
      ontext(text) {
        if (dropped > 0) return;
        if (style === null) out.push(escapeText(text));
        else style += text;
      },
      onclosetag(name) {
        depth--;
        if (DROPPED.has(name)) dropped = Math.max(0, dropped - 1);
        else if (dropped === 0 && !VOID.has(name) && !UNWRAPPED.has(name) && ELEMENT_NAME.test(name)) {
          if (name === 'style' && style !== null) out.push(escapeStyle(loadedStyle(style, reach)));
          if (name === 'style') style = null;
          out.push(`</${RENAMED.get(name) ?? name}>`);
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  );
  parser.end(html);
  return out.join('');
}
