/**
 * Finds the features of HTML and CSS that the HTML bodies of a message use, with the place of the first use.
 */
import type { FindingPlace } from '../../message/finding.ts';
import { partsOf } from '../../message/part.ts';
import type { MessageStructure } from '../../message/structure.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { wordsOf } from './feature-words.ts';
import { observeHtml } from './observe-html.ts';
import type { Sighting } from './observations.ts';
import { featureOf, slugs, type Feature } from './support.ts';

/** The maximum number of characters of the source that the excerpt of a finding contains. */
const SHOWN = 80;

/** A feature of HTML or CSS that the message uses. */
export interface Use {
  readonly feature: Feature;
  readonly at: Sighting;
  readonly where: FindingPlace;
}

/** Returns the media subtype of each image part, by the part's Content-ID. */
export function imageTypes({ root }: MessageStructure): Map<string, string> {
  const types = new Map<string, string>();
  for (const { type, subtype, contentId } of partsOf(root)) {
    if (type === 'image' && contentId !== null) types.set(contentId, subtype);
  }
  return types;
}

/** Matches a tag, or the part of a tag on its first line, as an excerpt for a finding. */
const TAG = /^<[^>\r\n]*>?/;
/**
 * Matches CSS up to the end of a declaration or the start of a block, within one line, as an excerpt for a
 * finding.
 */
const CSS = /^[^"';{}>\r\n]*/;

function placeOf(body: HtmlBody, index: number): FindingPlace {
  const piece = body.text.slice(index, index + SHOWN);
  const end = (piece.startsWith('<') ? TAG : CSS).exec(piece)?.[0].trimEnd().length ?? 0;
  return body.placeOf(index, index + Math.max(end, 1));
}

function usesOf(body: HtmlBody, types: ReadonlyMap<string, string>): Use[] {
  const seen = observeHtml(body.document, body.text, types);
  return slugs.flatMap((slug) => {
    const at = seen.find(wordsOf(slug));
    const feature = at === undefined ? undefined : featureOf(slug);
    if (at === undefined || feature === undefined) return [];
    return [{ feature, at, where: placeOf(body, at.index) }];
  });
}

/** Returns the use of the feature AMP, which is a separate MIME part beside the HTML part. */
function ampUse(message: CheckedMessage): Use[] {
  const feature = featureOf('amp');
  const parts = [...partsOf(message.structure.root)].filter(
    ({ type, subtype }) => type === 'text' && subtype === 'x-amp-html',
  );
  const [first] = parts;
  if (feature === undefined || first === undefined) return [];
  return [{ feature, at: { index: 0, count: parts.length }, where: message.placeOfPart(first) }];
}

export function findUses(message: CheckedMessage): readonly Use[] {
  const types = imageTypes(message.structure);
  const uses = new Map<string, Use>();
  for (const use of [...message.htmls.flatMap((body) => usesOf(body, types)), ...ampUse(message)]) {
    const known = uses.get(use.feature.slug);
    const count = (known?.at.count ?? 0) + use.at.count;
    uses.set(use.feature.slug, { ...(known ?? use), at: { ...(known ?? use).at, count } });
  }
  return [...uses.values()];
}
