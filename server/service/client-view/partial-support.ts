/**
 * The notes of Can I email about partial support that a view can simulate: for each, the uses that the client ignores.
 * All other uses of partially supported features stay in the view.
 */

interface PartialSupport {
  readonly client: string;
  /** The id of the feature at Can I email, and the number of the note that describes the partial support. */
  readonly slug: string;
  readonly note: string;
  /** Matches the words of the uses that the client ignores, such as `display=flex`. */
  readonly words: RegExp;
  /**
   * Returns whether the client ignores the declaration in the style attribute of the element; absent for a
   * declaration that it ignores everywhere, in style sheets too.
   */
  readonly on?: (element: string) => boolean;
}

const oneOf =
  (...names: readonly string[]) =>
  (element: string): boolean =>
    names.includes(element);

const WORD = 'outlook.windows';
const GMAIL = 'gmail.desktop-webmail';

const table: readonly PartialSupport[] = [
  { client: WORD, slug: 'css-background', note: '3', words: /^background=url$/ },
  { client: WORD, slug: 'css-display', note: '5', words: /^display=(?!none$)/ },
  { client: WORD, slug: 'css-display-none', note: '2', words: /^display=none$/, on: oneOf('img') },
  {
    client: WORD,
    slug: 'css-height',
    note: '2',
    words: /^property:height$/,
    on: oneOf('body', 'span', 'div', 'p'),
  },
  { client: WORD, slug: 'css-list-style', note: '2', words: /^list-style=(?:url|inside|outside)$/ },
  { client: WORD, slug: 'css-margin', note: '2', words: /^property:margin/, on: oneOf('span', 'body') },
  { client: WORD, slug: 'css-margin', note: '4', words: /^margin(?:-\w+)?=auto$/ },
  {
    client: WORD,
    slug: 'css-max-width',
    note: '1',
    words: /^property:max-width$/,
    on: (element) => element !== 'table',
  },
  {
    client: WORD,
    slug: 'css-padding',
    note: '1',
    words: /^property:padding/,
    on: (element) => element !== 'td' && element !== 'th',
  },
  { client: WORD, slug: 'css-text-align', note: '1', words: /^text-align=(?:start|end)$/ },
  { client: WORD, slug: 'css-text-align', note: '3', words: /^text-align=match-parent$/ },
  { client: WORD, slug: 'css-text-decoration', note: '3', words: /^text-decoration=overline$/ },
  { client: WORD, slug: 'css-text-transform', note: '1', words: /^text-transform=lowercase$/ },
  {
    client: WORD,
    slug: 'css-width',
    note: '1',
    words: /^property:width$/,
    on: oneOf('body', 'span', 'div', 'p', 'img'),
  },
  { client: GMAIL, slug: 'css-list-style', note: '1', words: /^list-style=url$/ },
  { client: GMAIL, slug: 'css-overflow', note: '4', words: /^property:overflow-(?:block|inline)$/ },
];

/**
 * Returns the note about the partial support because of which a client ignores the use of a feature; `undefined` if
 * the client does not ignore the use.
 * @param element the element whose style attribute has the use; `null` for a use in a style sheet
 */
export const ignoredUse = (
  client: string,
  slug: string,
  word: string,
  element: string | null,
): string | undefined =>
  table.find(
    (entry) =>
      entry.client === client &&
      entry.slug === slug &&
      entry.words.test(word) &&
      (entry.on === undefined || (element !== null && entry.on(element))),
  )?.note;
