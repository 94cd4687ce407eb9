/**
 * The accessibility rules about images: alternative texts, animations, and messages that consist only of
 * images.
 */
import type { Finding } from '../../message/finding.ts';
import { decodePart, partsOf } from '../../message/part.ts';
import { visibleText, type Element } from '../html.ts';
import { isEndlessGif } from './gif.ts';
import { isAriaHidden, isInvisibleImage, isPresentational, type Page } from './page.ts';

const FILE_NAME =
  /(^[\w%.-]*\.(png|jpe?g|gif|webp|svg|bmp|avif)$)|^(img|dsc|image|screenshot|unnamed)[-_ ]?\d+$/i;
const MEANINGLESS =
  /^(an? )?(image|img|photo|picture|pic|graphic|icon|spacer|banner|bild|imagen?|immagine|null|undefined|alt( text)?)[.:]?$/i;

/** The number of text characters below which a message with images has too little text. */
const HARDLY_ANY = 60;
/** The maximum number of octets that are read of an image. */
const MAX_IMAGE = 2_000_000;

function altFinding({ find }: Page, image: Element): Finding | null {
  const { alt } = image.attribs;
  if (isPresentational(image) || isAriaHidden(image)) return null;
  const named = image.attribs['aria-label'] ?? image.attribs['aria-labelledby'] ?? image.attribs['title'];
  if (alt === undefined) return named === undefined ? find('missing-alt', image) : null;
  const text = alt.trim();
  if (text === '') return null;
  const said = { message: `The alternative text of an image is “${text.slice(0, 60)}”` };
  if (isInvisibleImage(image)) return find('alt-on-decoration', image);
  if (FILE_NAME.test(text)) return find('file-name-as-alt', image, said);
  return MEANINGLESS.test(text) ? find('meaningless-alt', image, said) : null;
}

/** Returns the bytes of a GIF image that is contained in the message; `null` for other images. */
function bytesOf({ message }: Page, image: Element): Buffer | null {
  const source = image.attribs['src']?.trim() ?? '';
  const data = /^data:image\/gif;base64,/i.exec(source);
  if (data !== null) return Buffer.from(source.slice(data[0].length), 'base64');
  const id = /^cid:(.+)$/i.exec(source)?.[1];
  if (id === undefined) return null;
  for (const part of partsOf(message.structure.root)) {
    if (part.contentId === id && part.subtype === 'gif') return decodePart(message.raw, part, MAX_IMAGE);
  }
  return null;
}

export function* imageFindings(page: Page): Generator<Finding> {
  let seen = 0;
  const animated = new Set<string>();
  for (const image of page.elements) {
    if (image.name !== 'img') continue;
    if (!isInvisibleImage(image)) seen++;
    const found = altFinding(page, image);
    if (found !== null) yield found;
    const source = image.attribs['src'] ?? '';
    if (animated.has(source)) continue;
    animated.add(source);
    const bytes = bytesOf(page, image);
    if (bytes !== null && isEndlessGif(bytes)) yield page.find('animated-image', image);
  }
  const text = visibleText(page.body.document).replace(/[^\p{L}\p{N}\p{P}]+/gu, '');
  if (seen > 0 && text.length < HARDLY_ANY) {
    yield page.find('text-in-images', page.elements.find(({ name }) => name === 'img') ?? null);
  }
}
