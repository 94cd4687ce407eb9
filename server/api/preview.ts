/**
 * The preview of a message's HTML: the sender's document, rewritten, under a policy that lets it do nothing, inside
 * a frame that is sandboxed as well. Scripts, forms, frames and loads are stopped by policy and sandbox, which do not
 * depend on recognising every trick; the rewriting takes away what those two do not cover (addresses looked up ahead
 * of a click, links that leave the frame, redirects) and points at the message's own parts.
 *
 * Invariant: no `<` of the document's text or attributes comes out as one, so what a browser reads in it are the
 * tags written here, whatever context it takes them for.
 */
import { Parser } from 'htmlparser2';
import type { Attachment } from '../message/content.ts';
import { followed, isFragment, loaded, loadedSet } from './preview-address.ts';

const BASE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'self'";

/** Nothing leaves: images only of the message itself. */
export const PREVIEW_POLICY = `${BASE_POLICY}; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; media-src 'self' data:`;
/** The reader asked for the network: images, styles and fonts from it, still nothing that acts. */
export const REMOTE_PREVIEW_POLICY = `${BASE_POLICY}; img-src * data:; style-src * 'unsafe-inline'; font-src * data:; media-src * data:`;

/**
 * For a page of this server that has to know how high the document is, or to mark its words: the frame keeps this
 * server's origin. Nothing in it can make use of that: there are still no scripts, forms or loads.
 */
export const OPEN_PREVIEW_POLICY = PREVIEW_POLICY.replace('sandbox ', 'sandbox allow-same-origin ');

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
  // Refreshes, policies, cookies, referrers.
  return name === 'meta' && !META_NAMES.has(attributes['name']?.trim().toLowerCase() ?? '');
}

/** @param address where a part is served, relative to the preview. */
export function previewDocument(
  html: string,
  attachments: readonly Attachment[],
  address: (part: string) => string,
): string {
  const byId = new Map(
    attachments.flatMap(({ contentId, part }) =>
      contentId === null ? [] : [[contentId, address(part)] as const],
    ),
  );
  const own = (id: string): string | undefined => byId.get(id) ?? byId.get(safeDecode(id));
  const ownInStyle = (css: string): string =>
    css.replaceAll(
      /url\(\s*(["']?)cid:([^"')]+)\1\s*\)/gi,
      (_match, _quote, id: string) => `url("${own(id.trim()) ?? ''}")`,
    );

  function attribute(element: string, name: string, value: string): string {
    const write = (written: string | null): string =>
      written === null ? '' : ` ${name}="${escapeValue(written)}"`;
    if (!ATTRIBUTE_NAME.test(name) || LEFT_OUT.test(name)) return '';
    if (name === 'style') return write(ownInStyle(value));
    if (name === 'srcset' || name === 'imagesrcset') return write(loadedSet(value, own));
    if (LINKS.has(element) && (name === 'href' || name === 'xlink:href')) return write(followed(value));
    return write(LOADING.has(name) ? loaded(value, own) : value);
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
          if (name === 'style' && style !== null) out.push(escapeStyle(ownInStyle(style)));
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

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
