/** Which features of the table a message uses, over all of its HTML bodies, with the place of the first use. */
import type { FindingPlace } from '../../message/finding.ts';
import { partsOf } from '../../message/part.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { wordsOf } from './feature-words.ts';
import { observeHtml } from './observe-html.ts';
import type { Sighting } from './observations.ts';
import { featureOf, slugs, type Feature } from './support.ts';

/** Characters of the source that a place shows. */
const SHOWN = 80;

/** A feature that the message uses. */
export interface Use {
  readonly feature: Feature;
  readonly at: Sighting;
  readonly where: FindingPlace;
}

/** The media subtype of each image by its Content-ID. */
function imageTypes(message: CheckedMessage): Map<string, string> {
  const types = new Map<string, string>();
  for (const { type, subtype, contentId } of partsOf(message.structure.root)) {
    if (type === 'image' && contentId !== null) types.set(contentId, subtype);
  }
  return types;
}

/** To the end of a tag, or of a declaration or the start of a block in CSS; never beyond the line. */
const TAG = /^<[^>\r\n]*>?/;
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

/** AMP is a part of its own beside the HTML. */
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
  const types = imageTypes(message);
  const uses = new Map<string, Use>();
  for (const use of [...message.htmls.flatMap((body) => usesOf(body, types)), ...ampUse(message)]) {
    const known = uses.get(use.feature.slug);
    const count = (known?.at.count ?? 0) + use.at.count;
    uses.set(use.feature.slug, { ...(known ?? use), at: { ...(known ?? use).at, count } });
  }
  return [...uses.values()];
}
