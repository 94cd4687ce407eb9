/**
 * Collects the URLs of a message that a reader can follow or that a mail client loads, each with its place in
 * the message.
 */
import type { FindingPlace } from '../message/finding.ts';
import { trimAddress } from '../message/links.ts';
import type { CheckedMessage } from './checked-message.ts';
import { elementsOf, openingTag, visibleText, type Element } from './html.ts';

export interface MailAddressed {
  /** The URL as written in the message, with decoded entities and without surrounding white space. */
  readonly href: string;
  /** The parsed URL; `null` for text that is not an absolute URL. */
  readonly url: URL | null;
  /**
   * The use of the URL: `link` for a URL that the reader can follow, `resource` for a URL that the mail client
   * loads.
   */
  readonly use: 'link' | 'resource';
  /** The visible text of a link, truncated after `MAX_NODES` nodes; empty for a URL that the mail client loads. */
  readonly text: string;
  readonly element: Element | null;
  readonly place: () => FindingPlace;
}

const LINKS: ReadonlyMap<string, string> = new Map(
  Object.entries({ a: 'href', area: 'href', form: 'action' }),
);
const RESOURCES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    img: 'src',
    source: 'src',
    video: 'src',
    audio: 'src',
    iframe: 'src',
    embed: 'src',
    link: 'href',
    body: 'background',
    table: 'background',
    td: 'background',
  }),
);
/** The maximum number of nodes that are read to determine the text of a link. */
const MAX_NODES = 100;
const IN_TEXT = /\bhttps?:\/\/[^\s<>"”“»«]{1,2000}/gi;

const urlOf = (href: string): URL | null => (URL.canParse(href) ? new URL(href) : null);

/**
 * Yields the URLs in the order of the message: first the URLs of the HTML bodies, then the URLs of the text
 * bodies.
 */
export function* addressesOf(message: CheckedMessage): Generator<MailAddressed> {
  for (const body of message.htmls) {
    for (const element of elementsOf(body.document)) {
      for (const [table, use] of [
        [LINKS, 'link'],
        [RESOURCES, 'resource'],
      ] as const) {
        const attribute = table.get(element.name);
        const value = attribute === undefined ? undefined : element.attribs[attribute];
        if (value === undefined) continue;
        const href = value.trim();
        const place = (): FindingPlace => body.placeOf(...openingTag(element, body.text));
        const text = use === 'link' ? visibleText(element, MAX_NODES) : '';
        yield { href, url: urlOf(href), use, text, element, place };
      }
    }
  }
  for (const body of message.texts) {
    for (const { 0: written, index } of body.text.matchAll(IN_TEXT)) {
      const href = trimAddress(written);
      const place = (): FindingPlace => body.placeOf(index, index + href.length);
      yield { href, url: urlOf(href), use: 'link', text: href, element: null, place };
    }
  }
}
