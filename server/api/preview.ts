/**
 * The preview of a message's HTML: the sender's document, under a policy that lets it do nothing, inside a frame
 * that is sandboxed as well. Only what points at the message's own parts is rewritten; the rest is left to the
 * policy, which does not depend on recognising every trick.
 */
import { Parser } from 'htmlparser2';
import type { Attachment } from '../message/content.ts';

const BASE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'self'";

/** Nothing leaves: images only of the message itself. */
export const PREVIEW_POLICY = `${BASE_POLICY}; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; media-src 'self' data:`;
/** The reader asked for the network: images, styles and fonts from it, still nothing that acts. */
export const REMOTE_PREVIEW_POLICY = `${BASE_POLICY}; img-src * data:; style-src * 'unsafe-inline'; font-src * data:; media-src * data:`;

/** Elements that are left out with all they hold: their only use in a mail is to act or to load. */
const DROPPED = new Set([
  'script',
  'iframe',
  'frame',
  'frameset',
  'object',
  'embed',
  'applet',
  'base',
  'portal',
  'noscript',
]);
/** Elements whose text is not HTML: it is passed on as it is. */
const RAW_TEXT = new Set(['style', 'xmp', 'noembed', 'noframes', 'plaintext']);
const VOID = new Set('area br col embed hr img input link meta param source track wbr'.split(' '));
const ADDRESSES = new Set(['src', 'background', 'poster', 'href', 'xlink:href']);

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const escapeValue = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

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
  const own = (url: string): string => {
    const match = /^\s*cid:(.+?)\s*$/i.exec(url);
    if (match === null) return url;
    const id = match[1] ?? '';
    return byId.get(id) ?? byId.get(safeDecode(id)) ?? url;
  };
  const ownInStyle = (css: string): string =>
    css.replaceAll(
      /url\(\s*(["']?)(cid:[^"')]+)\1\s*\)/gi,
      (_match, _quote, url: string) => `url("${own(url)}")`,
    );

  const out: string[] = ['<!doctype html>'];
  let dropped = 0;
  let raw: string | null = null;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (DROPPED.has(name)) dropped++;
        if (dropped > 0 || isRefresh(name, attributes)) return;
        const shown = Object.entries(attributes)
          .filter(([key]) => /^[^\s"'<>/=\p{Cc}]+$/u.test(key) && !/^on/i.test(key) && key !== 'srcdoc')
          .map(([key, value]) => {
            if (key === 'style') return ` style="${escapeValue(ownInStyle(value))}"`;
            if (ADDRESSES.has(key)) return ` ${key}="${escapeValue(own(value))}"`;
            return key === 'target' ? '' : ` ${key}="${escapeValue(value)}"`;
          });
        if (name === 'a' || name === 'area') shown.push(' target="_blank" rel="noopener noreferrer"');
        out.push(`<${name}${shown.join('')}>`);
        if (RAW_TEXT.has(name)) raw = name;
      },
      ontext(text) {
        if (dropped > 0) return;
        // A raw text element ends at the first `</`, so what looks like one inside must not survive.
        out.push(raw === null ? escapeText(text) : ownInStyle(text).replaceAll('</', '<\\/'));
      },
      onclosetag(name) {
        if (DROPPED.has(name)) dropped = Math.max(0, dropped - 1);
        else if (dropped === 0 && !VOID.has(name)) out.push(`</${name}>`);
        if (raw === name) raw = null;
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  );
  parser.end(html);
  return out.join('');
}

const isRefresh = (name: string, attributes: Readonly<Record<string, string>>): boolean =>
  name === 'meta' && attributes['http-equiv'] !== undefined;

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
