/** Responses with the decoded parts and the HTML of a message, for the APIs of all tools. */
import { partSources, previewPolicy } from '../service/preview/index.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';

/** Encodes a file name for a header field as Go does for a segment of a path. */
export const pathEscape = (name: string): string =>
  encodeURIComponent(name.replaceAll(/\p{Cs}/gu, '_'))
    .replaceAll(/%(24|26|2B|3A|3D|40)/g, (escaped) => decodeURIComponent(escaped))
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The media types that a browser could run as a page or a script: a browser downloads them and does not show them. */
const ACTIVE =
  /^(?:text\/(?:html|xml|xsl|(?:java|ecma)script)|application\/(?:.*xml|(?:x-)?(?:java|ecma)script)|image\/svg\+xml)$/;

/** Returns the response with a decoded part. */
export function partAnswer(part: {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}): Answer {
  const isActive = ACTIVE.test(part.type);
  return {
    type: isActive ? 'application/octet-stream' : part.type,
    headers: {
      'content-disposition': `${isActive ? 'attachment' : 'inline'}; filename="${pathEscape(part.name)}"`,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    },
    body: part.bytes,
  };
}

const isQuoteOrEnd = /["'\s/>;)]/;

/**
 * Replaces the `cid:` addresses of attributes by addresses of the parts.
 *
 * @param addressOf returns the address of the part with a Content-ID in lower case
 */
export function linkParts(html: string, addressOf: (contentId: string) => string | undefined): string {
  return html.replaceAll(/(=\s*["']?)cid:([^"'\s>]+)/gi, (whole, before: string, id: string) => {
    const name = id.toLowerCase();
    const address =
      addressOf(name) ?? addressOf(isQuoteOrEnd.test(name.at(-1) ?? '') ? name.slice(0, -1) : name);
    return address === undefined ? whole : `${before}${address}`;
  });
}

/** Removes `meta` elements that would navigate to another page: the content security policy does not block them. */
const withoutRedirects = (html: string): string =>
  html.replaceAll(/<meta\b[^>]*http-equiv\s*=\s*["']?refresh[^>]*>/gi, '');

/**
 * Returns the response with the HTML of a message.
 *
 * @param folder the path of this server below which the HTML loads the parts of the message; it ends with a slash
 */
export function htmlAnswer({ request }: Call, html: string, folder: string): Answer {
  const own = partSources([request.headers.host], folder);
  return {
    type: 'text/html; charset=utf-8',
    headers: {
      // The content security policy permits neither scripts nor loads from the network, so the document may have the
      // origin of this server, from which it loads the parts of the message.
      'content-security-policy': previewPolicy(own, { remote: false, measured: true }),
      'x-dns-prefetch-control': 'off',
      'cache-control': 'no-store',
    },
    body: withoutRedirects(html),
  };
}
