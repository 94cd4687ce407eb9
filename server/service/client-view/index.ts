/**
 * Simulates the view of a message in a mail client: the features of HTML and CSS that the client does not support
 * according to Can I email are removed from the document, and each removal is explained. The view is an
 * approximation: the fonts, spaces and layout are those of the browser that shows the document.
 */
import { attributePlace } from '../../checks/attribute-place.ts';
import { wordsOf } from '../../checks/client-support/feature-words.ts';
import { cssUses, type CssRange } from '../../checks/client-support/observe-css.ts';
import { elementUses, type ElementUse } from '../../checks/client-support/observe-html.ts';
import { newest } from '../../checks/client-support/score.ts';
import { featureOf, slugs, type Feature } from '../../checks/client-support/support.ts';
import { elementsOf, openingTag, parseHtml, type Element } from '../../checks/html.ts';
import { Changes, type Reason, type ViewChange } from './changes.ts';
import { evaluateConditionals } from './conditional.ts';
import { ignoredUse } from './partial-support.ts';

export interface ClientView {
  readonly html: string;
  readonly changes: readonly ViewChange[];
  /** Whether only the beginning of the document was changed, because the document has too many elements. */
  readonly isCut: boolean;
}

/** The support of a client for one feature. */
interface Verdict {
  readonly feature: Feature;
  readonly support: 'partial' | 'no';
  readonly reason: Reason;
}

/** The elements that are removed with their content; of all other unsupported elements, only the tags are removed. */
const WITH_CONTENT = new Set(['style', 'svg', 'select']);
/** The maximum size of a style element, in characters, and of the HTML, in octets, that Gmail shows. */
const GMAIL_STYLE = 16 * 1024;
const GMAIL_CLIP = 102 * 1024;
/** The clients that show HTML with the engine of Word. */
const WORD_CLIENTS = new Set(['outlook.windows', 'outlook.windows-mail']);
/** The maximum number of characters of an end tag besides the name of its element. */
const END_TAG = 20;
/** Matches the VML elements that are drawn as boxes. */
const VML_BOX = /^v:(?:rect|roundrect|oval)$/;

const sentence = (text: string): string => (text.endsWith('.') ? text.slice(0, -1) : text);

/**
 * Explains a removal, or support that is only partial.
 * @param notes the numbers of the notes of Can I email about the support
 */
function reasonOf(
  { title, slug, url, notes: texts }: Feature,
  isRemoved: boolean,
  notes: readonly string[],
): Reason {
  const support =
    notes.length === 0 ? [`${title} is ${isRemoved ? 'not supported' : 'supported in part'}`] : [];
  const said = notes.map((number) => `${title}: ${texts[number] ?? ''}`);
  return {
    kind: isRemoved ? 'removed' : 'partial',
    feature: slug,
    reason: [...support, ...said].map(sentence).join('. '),
    reference: url,
  };
}

const verdicts = new Map<string, ReadonlyMap<string, readonly Verdict[]>>();

/**
 * Returns the features that a client does not support completely, as a map from the word for a use, such as
 * `property:gap`, to the support.
 */
function verdictsOf(client: string): ReadonlyMap<string, readonly Verdict[]> {
  const known = verdicts.get(client);
  if (known !== undefined) return known;
  const found = new Map<string, Verdict[]>();
  for (const slug of slugs) {
    const feature = featureOf(slug);
    const tested = feature?.clients.find((each) => each.client === client);
    const { support, notes = [] } = (tested === undefined ? undefined : newest(tested)) ?? {};
    if (feature === undefined || (support !== 'no' && support !== 'partial')) continue;
    const verdict: Verdict = { feature, support, reason: reasonOf(feature, support === 'no', notes) };
    for (const word of wordsOf(slug)) {
      found.set(word, [...(found.get(word) ?? []), verdict]);
    }
  }
  verdicts.set(client, found);
  return found;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits to a text. An edit within an earlier edit is skipped. */
function edited(text: string, edits: readonly Edit[]): string {
  const out: string[] = [];
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < position) continue;
    out.push(text.slice(position, edit.start), edit.text);
    position = edit.end;
  }
  return out.join('') + text.slice(position);
}

/** A piece of CSS without the declarations and rules that a client ignores. */
interface ShownCss {
  readonly css: string;
  /** The reasons, each with the piece of the CSS. */
  readonly reasons: readonly (readonly [reason: Reason, place: CssRange])[];
}

const escapeValue = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

class View {
  readonly changes: Changes;
  readonly edits: Edit[] = [];
  readonly #client: string;
  readonly #text: string;
  readonly #types: ReadonlyMap<string, string>;
  readonly #verdicts: ReadonlyMap<string, readonly Verdict[]>;
  /** The index after an element that was removed with its content. */
  #removedUntil = 0;
  /** Cache: the result for each style attribute, by element and value, because equal attributes are frequent. */
  readonly #styles = new Map<string, ShownCss>();

  constructor(client: string, text: string, types: ReadonlyMap<string, string>) {
    this.#client = client;
    this.#text = text;
    this.#types = types;
    this.#verdicts = verdictsOf(client);
    this.changes = new Changes(text);
  }

  /** Reads one element. The elements must be given in the order of the source. */
  readElement(element: Element): void {
    const [start, end] = openingTag(element, this.#text);
    if (start < this.#removedUntil) return;
    const uses = elementUses(element, this.#types);
    const reason = this.#reasonToRemove(element, uses);
    if (reason === null) this.#keep(element, uses, start, end);
    else this.#remove(element, reason, start, end);
  }

  #keep(element: Element, uses: readonly ElementUse[], start: number, end: number): void {
    if (element.name === 'style') this.#readSheet(element);
    const attributes = this.#readAttributes(element, uses, start, end);
    const box = this.#client === 'outlook.windows' ? vmlStyle(element) : null;
    if (box !== null) {
      this.changes.add(VML, start, end);
      this.edits.push({ start, end, text: `<span style="${escapeValue(box)}">` });
      this.#replaceEndTag(element, '</span>');
    } else if (attributes !== null) {
      const shown = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeValue(value)}"`);
      const close = this.#text.slice(start, end).endsWith('/>') ? ' />' : '>';
      this.edits.push({ start, end, text: `<${element.name}${shown.join('')}${close}` });
    }
  }

  #remove(element: Element, reason: Reason, start: number, end: number): void {
    this.changes.add(reason, start, end);
    const whole = WITH_CONTENT.has(element.name);
    if (whole) this.#removedUntil = Math.max(end, (element.endIndex ?? 0) + 1);
    else this.#replaceEndTag(element, '');
    this.edits.push({ start, end: whole ? this.#removedUntil : end, text: '' });
  }

  #reasonToRemove(element: Element, uses: readonly ElementUse[]): Reason | null {
    if (element.name === 'style' && this.#client.startsWith('gmail.')) {
      const note = gmailStyleNote(element);
      const verdict = this.#verdicts.get('element:style')?.[0];
      if (note !== null && verdict !== undefined) return reasonOf(verdict.feature, true, [note]);
    }
    for (const { word, attribute } of uses) {
      const lacking = attribute === null ? this.#lacking(word) : undefined;
      if (lacking !== undefined) return lacking.reason;
    }
    return null;
  }

  #lacking(word: string): Verdict | undefined {
    return this.#verdicts.get(word)?.find(({ support }) => support === 'no');
  }

  /** Replaces the end tag of an element, unless the end tag is missing in the source. */
  #replaceEndTag({ name, startIndex, endIndex }: Element, text: string): void {
    const last = endIndex ?? 0;
    const from = Math.max(startIndex ?? 0, last - name.length - END_TAG);
    const start = from + this.#text.slice(from, last + 1).lastIndexOf('</');
    const close = /^<\/([^\s>]+)\s*>/.exec(this.#text.slice(start, last + END_TAG));
    if (close?.[1]?.toLowerCase() === name) this.edits.push({ start, end: start + close[0].length, text });
  }

  /** Returns the attributes that the client supports; `null` if the client supports all of them. */
  #readAttributes(
    element: Element,
    uses: readonly ElementUse[],
    start: number,
    end: number,
  ): Readonly<Record<string, string>> | null {
    const removed = new Set<string>();
    for (const { word, attribute } of uses) {
      for (const verdict of this.#verdicts.get(word) ?? []) {
        this.changes.add(verdict.reason, start, end);
        if (verdict.support === 'no' && attribute !== null) removed.add(attribute);
      }
    }
    const { style } = element.attribs;
    const shown = style === undefined ? undefined : this.#readStyle(element, style, start);
    if (removed.size === 0 && shown === style) return null;
    return Object.fromEntries(
      Object.entries(element.attribs)
        .filter(([name]) => !removed.has(name))
        .map(([name, value]) => [name, name === 'style' ? (shown ?? value) : value]),
    );
  }

  #readStyle(element: Element, style: string, start: number): string {
    const key = `${element.name} ${style}`;
    const shown = this.#styles.get(key) ?? this.#shownCss(style, element.name);
    this.#styles.set(key, shown);
    const at = attributePlace(element, this.#text, 'style')?.[0] ?? start;
    for (const [reason, [from, to]] of shown.reasons) this.changes.add(reason, at + from, at + to);
    return shown.css;
  }

  #readSheet(element: Element): void {
    const [text] = element.children;
    if (text === undefined || !('data' in text)) return;
    const at = text.startIndex ?? 0;
    const { css, reasons } = this.#shownCss(text.data, null);
    for (const [reason, [from, to]] of reasons) this.changes.add(reason, at + from, at + to);
    if (css !== text.data) this.edits.push({ start: at, end: at + text.data.length, text: css });
  }

  /** @param element the name of the element whose style attribute is read; `null` for a style sheet */
  #shownCss(css: string, element: string | null): ShownCss {
    const reasons: [Reason, CssRange][] = [];
    const edits: Edit[] = [];
    const uses = cssUses(css, element === null ? 'stylesheet' : 'declarationList');
    for (const { word, offset, ignored } of uses) {
      for (const [reason, isIgnored] of this.#reasonsFor(word, element)) {
        reasons.push([reason, ignored ?? [offset, offset]]);
        if (isIgnored && ignored !== null) edits.push({ start: ignored[0], end: ignored[1], text: '' });
      }
    }
    return { css: edited(css, edits), reasons };
  }

  #reasonsFor(word: string, element: string | null): (readonly [reason: Reason, isIgnored: boolean])[] {
    const [kind = '', value = ''] = word.split(/[=:]/);
    // A note about the values of a property belongs to the feature of the property.
    const verdicts = this.#verdicts.get(word) ?? [];
    const ofProperty =
      word.includes('=') && value !== '' ? (this.#verdicts.get(`property:${kind}`) ?? []) : [];
    return [...verdicts, ...ofProperty].flatMap((verdict) => {
      const { slug } = verdict.feature;
      const note = ignoredUse(this.#client, slug, word, element);
      if (note !== undefined) return [[reasonOf(verdict.feature, true, [note]), true] as const];
      return ofProperty.includes(verdict) ? [] : [[verdict.reason, verdict.support === 'no'] as const];
    });
  }
}

/**
 * Returns the number of the note of Can I email because of which Gmail ignores a style element; `null` if Gmail does
 * not ignore the element.
 */
function gmailStyleNote(element: Element): string | null {
  for (let parent = element.parent; parent !== null; parent = parent.parent) {
    if ('name' in parent && parent.name === 'body') return '1';
  }
  const [text] = element.children;
  return text !== undefined && 'data' in text && text.data.length > GMAIL_STYLE ? '6' : null;
}

const VML: Reason = {
  kind: 'changed',
  feature: 'vml',
  reason: 'VML is drawn as a box with its size and its colour',
  reference: null,
};

const COLOUR = /^#?\w+$/;
const LENGTH = /^[\d.]+(?:px|pt|in)?$/;

/** Returns the CSS of the box for a VML element; `null` for any other element. */
function vmlStyle({ name, attribs }: Element): string | null {
  if (!VML_BOX.test(name)) return null;
  const sizes = (attribs['style'] ?? '').split(';').flatMap((declaration) => {
    const [property = '', value = ''] = declaration.split(':').map((piece) => piece.trim().toLowerCase());
    return /^(?:width|height)$/.test(property) && LENGTH.test(value) ? [`${property}:${value}`] : [];
  });
  const fill = attribs['fillcolor'] ?? '';
  const colour = COLOUR.test(fill) && attribs['fill'] !== 'false' ? [`background-color:${fill}`] : [];
  return ['display:inline-block', 'overflow:hidden', ...sizes, ...colour].join(';');
}

/** Returns the beginning of a document that Gmail shows; `null` if Gmail shows the whole document. */
function clipped(html: string): string | null {
  const bytes = Buffer.from(html);
  if (bytes.length <= GMAIL_CLIP) return null;
  const text = bytes
    .subarray(0, GMAIL_CLIP)
    .toString()
    .replace(/\ufffd$/, '');
  const tag = text.lastIndexOf('<');
  return tag > text.lastIndexOf('>') ? text.slice(0, tag) : text;
}

const CLIPPED: Reason = {
  kind: 'removed',
  feature: 'clipped',
  reason: 'Gmail shows the first 102 KB of HTML and hides the rest',
  reference: null,
};

const conditionalReason = (condition: string, isShown: boolean): Reason => ({
  kind: isShown ? 'changed' : 'removed',
  feature: 'conditional-comment',
  reason: `The condition [if ${condition}] is ${isShown ? 'true in Outlook: its content is shown' : 'false in Outlook: its content is hidden'}`,
  reference: null,
});

/**
 * Returns the view of an HTML document in a mail client.
 * @param client the name of the client at Can I email, as `family.platform`
 * @param types the media subtype of each image part of the message, by Content-ID
 */
export function clientView(
  html: string,
  client: string,
  types: ReadonlyMap<string, string> = new Map(),
): ClientView {
  const clip = client.startsWith('gmail.') ? clipped(html) : null;
  const { html: text, pieces } = WORD_CLIENTS.has(client)
    ? evaluateConditionals(html)
    : { html: clip ?? html, pieces: [] };
  const { document, truncated } = parseHtml(text);
  const view = new View(client, text, types);
  for (const element of elementsOf(document)) view.readElement(element);
  const whole = new Changes(html);
  for (const { condition, isShown, start, end } of pieces) {
    whole.add(conditionalReason(condition, isShown), start, end);
  }
  if (clip !== null) whole.add(CLIPPED, clip.length, html.length);
  const shown = edited(text, view.edits);
  return {
    html: clip === null ? shown : `${shown}<p>[Message clipped]&nbsp; <u>View entire message</u></p>`,
    changes: [...whole.list(), ...view.changes.list()],
    isCut: truncated,
  };
}
