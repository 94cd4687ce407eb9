/**
 * The content rules about images: their size, references to missing parts, unused parts, and tracking pixels.
 */
import { bodiesOf } from '../../message/bodies.ts';
import { decodedSize, partNumber } from '../../message/part.ts';
import type { Finding } from '../../message/finding.ts';
import type { MimePart } from '../../message/structure.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { elementsOf, openingTag, type Element } from '../html.ts';
import { find } from './catalogue.ts';

/** The total size in octets above which images load slowly on a mobile connection. */
const HEAVY = 1_000_000;
const CID = /\bcid:([^"'\s)>]{1,400})/gi;

const isOne = (value: string | undefined): boolean => /^[01](?:px)?$/.test(value?.trim() ?? '');

/** Whether the attributes or the style of an image set its width and height to 0 or 1 pixel. */
function isPixel({ attribs }: Element): boolean {
  if (isOne(attribs['width']) && isOne(attribs['height'])) return true;
  const style = attribs['style'] ?? '';
  return /(?:^|;)\s*width:\s*[01]px/i.test(style) && /(?:^|;)\s*height:\s*[01]px/i.test(style);
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function* imageElements(body: HtmlBody): Generator<Finding> {
  for (const image of elementsOf(body.document)) {
    if (image.name !== 'img') continue;
    const place = (): ReturnType<HtmlBody['placeOf']> => body.placeOf(...openingTag(image, body.text));
    const source = image.attribs['src']?.trim() ?? '';
    if (/^data:/i.test(source)) yield find('inline-data-image', place());
    if (/^https?:/i.test(source) && isPixel(image)) yield find('tracking-pixel', place());
  }
}

/**
 * Yields a finding for each missing part to which a `cid:` URL in an HTML body refers. Adds the Content-IDs of all
 * `cid:` URLs in the body to `shown`.
 */
function* missingParts(body: HtmlBody, known: ReadonlySet<string>, shown: Set<string>): Generator<Finding> {
  for (const { 0: written, 1: id = '', index } of body.text.matchAll(CID)) {
    const contentId = decoded(id);
    if (!known.has(contentId) && !shown.has(contentId)) {
      yield find('missing-inline-part', body.placeOf(index, index + written.length), {
        message: `The HTML refers to ${written}, but no part has that Content-ID`,
      });
    }
    shown.add(contentId);
  }
}

/** Whether the HTML refers to a part by its Content-Location (RFC 2557). */
const isLocated = ({ location }: MimePart, htmls: readonly HtmlBody[]): boolean =>
  location !== null && htmls.some(({ text }) => text.includes(location));

function* unusedParts(
  message: CheckedMessage,
  images: readonly MimePart[],
  shown: ReadonlySet<string>,
): Generator<Finding> {
  for (const part of images) {
    if (part.contentId === null || shown.has(part.contentId) || isLocated(part, message.htmls)) continue;
    yield find('unused-inline-part', message.placeOfPart(part), {
      message: `Part ${partNumber(part)} (${part.filename ?? part.contentId}) is not used in the HTML`,
    });
  }
}

function* heavyImages(message: CheckedMessage, images: readonly MimePart[]): Generator<Finding> {
  const [first] = images;
  const weight = images.reduce((sum, part) => sum + decodedSize(message.raw, part), 0);
  if (first === undefined || weight <= HEAVY) return;
  yield find('heavy-images', message.placeOfPart(first), {
    message: `The images in the message have ${(weight / 1_000_000).toFixed(1)} MB`,
  });
}

export function* imageFindings(message: CheckedMessage): Generator<Finding> {
  const { attachments } = bodiesOf(message.structure);
  const known = new Set(attachments.flatMap(({ part }) => part.contentId ?? []));
  const shown = new Set<string>();
  for (const body of message.htmls) {
    yield* imageElements(body);
    yield* missingParts(body, known, shown);
  }
  if (message.htmls.length === 0) return;
  const images = attachments
    .filter(({ part, inline }) => inline && part.type === 'image')
    .map(({ part }) => part);
  yield* unusedParts(message, images, shown);
  yield* heavyImages(message, images);
}
