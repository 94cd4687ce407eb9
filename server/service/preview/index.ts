/**
 * The preview of a message's HTML: the sender's document, rewritten, inside a sandboxed frame, under a policy of its
 * own. The rewriting leaves no address in it that it could load besides the message's own parts, and the network
 * where the reader asks for it; it also takes away what no policy covers (addresses looked up ahead of a click, links
 * that leave the frame, redirects). Sandbox and policy do not depend on recognising every trick: they stop scripts,
 * forms and frames, and every load that the rewriting could miss.
 *
 * Invariant: no `<` of the document's text or attributes comes out as one, so what a browser reads in it are the
 * tags written here, whatever context it takes them for.
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
  /** The reader asked for the network: images, styles and fonts from it, still nothing that acts. */
  readonly remote: boolean;
  /**
   * For a page of this server that has to know how high the document is, or to mark its words: the frame keeps this
   * server's origin. Nothing in it can make use of that: there are still no scripts, forms or loads.
   */
  readonly measured: boolean;
}

/**
 * The policy of a preview.
 *
 * @param own sources of the message's own parts, from `partSources`
 */
export function previewPolicy(own: string, { remote, measured }: PreviewWishes): string {
  const base = measured ? BASE_POLICY.replace('sandbox ', 'sandbox allow-same-origin ') : BASE_POLICY;
  if (remote && !measured) {
    return `${base}; img-src * data:; style-src * 'unsafe-inline'; font-src * data:; media-src * data:`;
  }
  const sources = `${own} data:`;
  return `${base}; img-src ${sources}; style-src 'unsafe-inline'; font-src ${sources}; media-src ${sources}`;
}

/** Hosts that a policy can name: an IPv6 address is none of them (CSP3 §2.3.1). */
const SOURCE_HOST = /^[\w.-]+(?::\d+)?$/;

/**
 * Sources of a content security policy for the paths below `path` on this server, by each name that it may have. Each
 * has a scheme: WebKit matches neither 'self' nor a source without one in a document that has no origin.
 *
 * @param path with a slash at its end
 */
export function partSources(hosts: readonly (string | undefined)[], path: string): string {
  const named = [...new Set(hosts)].filter((host) => host !== undefined && SOURCE_HOST.test(host));
  // A server that is reached by an IPv6 address alone has no name; the path then is all that a source can say.
  const sources = named.length === 0 ? ['*:*'] : named;
  return sources.flatMap((host) => [`http://${host}${path}`, `https://${host}${path}`]).join(' ');
}

/** Elements that are left out with all they hold: their only use in a mail is to act, to load or to deceive. */
const DROPPED = new Set(
  'script iframe frame frameset object embed applet portal fencedframe noembed noframes template'.split(' '),
);
/** Elements of which only the tags are left out. No script runs, so what is for that case is shown. */
const UNWRAPPED = new Set(['noscript', 'base']);
/** Elements that a browser reads in a way of its own: they become one that it reads like any other. */
const RENAMED = new Map([
  ['xmp', 'pre'],
  ['plaintext', 'pre'],
  ['listing', 'pre'],
]);
const VOID = new Set('area br col hr img input link meta param source track wbr'.split(' '));
/** Attributes that load what they name. */
const LOADING = new Set(['src', 'background', 'poster', 'lowsrc', 'dynsrc', 'href', 'xlink:href']);
/** Attributes that act, lead elsewhere or take the focus away from the reader. */
const LEFT_OUT =
  /^(?:on.*|http-equiv|srcdoc|target|ping|rel|action|formaction|formtarget|autofocus|accesskey|manifest|nonce)$/;
/** SVG attributes whose value is CSS, with `url()` in it. */
const STYLING =
  /^(?:style|fill|stroke|filter|mask(?:-image)?|clip-path|cursor|marker(?:-start|-mid|-end)?|color-profile)$/;
/** SVG elements that give an attribute another value later, and the attributes of theirs that hold it. */
const ANIMATIONS = new Set(['animate', 'set', 'animatecolor', 'discard']);
const ANIMATED = new Set(['from', 'to', 'by', 'values']);
/** What may stand in a tag as it is. */
const ELEMENT_NAME = /^[a-z][\w:.-]*$/;
const ATTRIBUTE_NAME = /^[^\s"'<>/=\p{Cc}]+$/u;
/** Elements whose `href` is followed, not loaded. */
const LINKS = new Set(['a', 'area']);
/** The only `<meta>`s of use: how to lay out, and whether the mail is made for the dark. */
const META_NAMES = new Set(['viewport', 'color-scheme', 'supported-color-schemes']);

/**
 * Elements within elements that are shown: browsers build some 500, and the parser takes the longer for each the
 * deeper it is, so that a million open elements would take it hours.
 */
const MAX_DEPTH = 2_000;
const TOO_DEEP = '<p>[The rest of this message is nested too deeply to be shown.]</p>';

type Attributes = Readonly<Record<string, string>>;

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

/** A style sheet in which nothing could be taken for a tag: CSS writes the sign by its number, too. */
const escapeStyle = (css: string): string =>
  css.replaceAll(/<!--|-->/g, '').replaceAll(/<(?=[a-z/!?])/gi, '\\3c ');

/** Whether the tag alone is left out. */
function isLeftOut(name: string, attributes: Attributes): boolean {
  if (UNWRAPPED.has(name) || !ELEMENT_NAME.test(name)) return true;
  // A link of any other kind is looked up or fetched ahead, which policies do not cover in every browser.
  if (name === 'link') return attributes['rel']?.trim().toLowerCase() !== 'stylesheet';
  if (ANIMATIONS.has(name)) return /href|src|style|^on/i.test(attributes['attributename'] ?? 'href');
  // Refreshes, policies, cookies, referrers.
  return name === 'meta' && !META_NAMES.has(attributes['name']?.trim().toLowerCase() ?? '');
}

/**
 * The document as the preview shows it.
 *
 * @param address where a part is served, relative to the preview
 * @param remote whether it may load from an address of the network; `null` where the reader did not ask for that
 * @param base location of the HTML, against which Content-Locations are compared (RFC 2557)
 */
export function previewDocument(
  html: string,
  attachments: readonly Attachment[],
  address: (part: string) => string,
  remote: Reach['remote'] = null,
  base = THIS_MESSAGE,
): string {
  const find = partFinder(attachments, base);
  const reach: Reach = {
    remote,
    own(written) {
      const part = find(written);
      return part === undefined ? undefined : address(part);
    },
  };

  /** What takes the place of an attribute's value; `null` leaves the attribute out. */
  function rewritten(element: string, name: string, value: string): string | null {
    if (STYLING.test(name)) return loadedStyle(value, reach);
    if (name === 'srcset' || name === 'imagesrcset') return loadedSet(value, reach);
    if (LINKS.has(element) && (name === 'href' || name === 'xlink:href')) return followed(value);
    if (ANIMATIONS.has(element) && ANIMATED.has(name)) return loadedStyle(value, reach);
    return LOADING.has(name) ? loaded(value, reach) : value;
  }

  function attribute(element: string, name: string, value: string): string {
    if (!ATTRIBUTE_NAME.test(name) || LEFT_OUT.test(name)) return '';
    const written = rewritten(element, name, value);
    return written === null ? '' : ` ${name}="${escapeValue(written)}"`;
  }

  const out: string[] = ['<!doctype html>'];
  let dropped = 0;
  let depth = 0;
  /** Text of the style sheet that is being read. */
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
        // A style sheet of the message's own would be sent as a file.
        if (name === 'link' && remote === null) return;
        if (name === 'style') style = '';
        const shown = Object.entries(attributes).map(([key, value]) => attribute(name, key, value));
        // Links open outside, without a way back; those within the message stay in it.
        if (name === 'link') shown.push(' rel="stylesheet"');
        if (LINKS.has(name) && !isFragment(attributes['href'] ?? '')) {
          shown.push(' target="_blank" rel="noopener noreferrer"');
        }
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
