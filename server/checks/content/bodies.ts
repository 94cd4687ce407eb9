/**
 * The content rules about the text body and the HTML body: both are present, with the same words, within size
 * limits, and with a useful preview.
 */
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { elementsOf, visibleText } from '../html.ts';
import { find } from './catalogue.ts';

/** The maximum size of HTML that Gmail shows, in octets. */
const CLIP = 102 * 1024;
/**
 * The minimum share of the words of the text body that must also occur in the HTML body; below this share, the finding
 * is that the bodies have different contents.
 */
const ALIKE = 0.3;
/**
 * The minimum number of words that the text body and the HTML body must each have before their words are compared.
 */
const COMPARED = 12;
/** The number of words below which a message with images has too little text. */
const WORDY = 15;

const wordsOf = (text: string): string[] =>
  text
    .replace(/https?:\/\/\S+/g, ' ')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{3,}/gu) ?? [];

function* htmlFindings(body: HtmlBody): Generator<Finding> {
  const octets = Buffer.byteLength(body.text);
  if (octets > CLIP) {
    const kilobytes = Math.round(octets / 1024);
    yield find('clipped', body.placeOf(0), {
      message: `The HTML has ${kilobytes} KB; Gmail shows the first 102 KB and hides the rest`,
    });
  }
  const elements = [...elementsOf(body.document)];
  const images = elements.filter(({ name }) => name === 'img').length;
  const words = wordsOf(visibleText(body.document)).length;
  if (images > 0 && words < WORDY && octets > 300) {
    yield find('only-images', body.placeOf(0), {
      message: `The HTML has ${images} images and ${words} words`,
    });
  }
  const first = visibleText(body.document).slice(0, 80);
  if (
    /^(?:view (?:this|it|in)|open in|having trouble|can['’]t (?:see|read)|https?:\/\/|unsubscribe|im browser)/i.test(
      first,
    )
  ) {
    yield find('missing-preheader', body.placeOf(0), {
      message: `The preview in the list of messages is “${first}”`,
    });
  }
}

export function* bodyFindings(message: CheckedMessage): Generator<Finding> {
  const { htmls, texts } = message;
  for (const body of htmls) yield* htmlFindings(body);
  const [html] = htmls;
  const [text] = texts;
  if (html === undefined) return;
  const seen = wordsOf(visibleText(html.document));
  if (text === undefined) {
    yield find('missing-text-part', message.placeOfPart(html.part));
    return;
  }
  const read = wordsOf(text.text);
  if (text.text.trim() === '') {
    yield find('empty-text-part', message.placeOfPart(text.part));
  } else if (read.length >= COMPARED && seen.length >= COMPARED) {
    const known = new Set(seen);
    const share = read.filter((word) => known.has(word)).length / read.length;
    if (share < ALIKE) {
      yield find('mismatched-text-part', message.placeOfPart(text.part), {
        message: `Only ${Math.round(share * 100)} % of the words of the text are in the HTML`,
      });
    }
  }
}
