/** The addresses that a message has readers or their programs go to, each with its place. */
import type { FindingPlace } from '../message/finding.ts';
import { trimAddress } from '../message/links.ts';
import type { CheckedMessage } from './checked-message.ts';
import { elementsOf, openingTag, visibleText, type Element } from './html.ts';

export interface MailAddressed {
  /** As written, entities decoded, white space around it gone. */
  readonly href: string;
  /** What a browser makes of it; `null` for what is no address, or none with an authority of its own. */
  readonly url: URL | null;
  /** `link` is followed by a reader, `resource` fetched by the client. */
  readonly use: 'link' | 'resource';
  /** Text of a link, or its beginning. */
  readonly text: string;
  readonly element: Element | null;
  readonly place: () => FindingPlace;
}

const LINKS: Readonly<Record<string, string>> = { a: 'href', area: 'href', form: 'action' };
const RESOURCES: Readonly<Record<string, string>> = {
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
};
/** Nodes of a link whose text is read. */
const MAX_NODES = 100;
const IN_TEXT = /\bhttps?:\/\/[^\s<>"”“»«]{1,2000}/gi;

const urlOf = (href: string): URL | null => (URL.canParse(href) ? new URL(href) : null);

/** In the order of the message, of the HTML first. */
export function* addressesOf(message: CheckedMessage): Generator<MailAddressed> {
  for (const body of message.htmls) {
    for (const element of elementsOf(body.document)) {
      for (const [table, use] of [
        [LINKS, 'link'],
        [RESOURCES, 'resource'],
      ] as const) {
        const attribute = table[element.name];
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
