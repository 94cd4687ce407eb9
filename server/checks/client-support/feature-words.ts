/**
 * Maps each feature of Can I email to the words (such as `element:table`) that indicate its use in a
 * document. Most words are derived from the name of the feature, so that an updated table of features needs
 * no change here; all other words are listed.
 */

const words = (prefix: string, names: string): string[] =>
  names.split(' ').map((name) => `${prefix}:${name}`);
const longhands = (property: string, parts: string): string[] =>
  words('property', [property, ...parts.split(' ').map((part) => `${property}-${part}`)].join(' '));

const SIDES = 'top right bottom left';
const LOGICAL = ['inline', 'block'];
const borderSides = (part: string): string[] =>
  LOGICAL.flatMap((axis) => [`property:border-${axis}-start${part}`, `property:border-${axis}-end${part}`]);

const ATTRIBUTES = new Set(
  (
    'align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding cellspacing dir ' +
    'height hidden lang popover required role target valign width'
  ).split(' '),
);

/**
 * The words that indicate the use of a feature, such as `element:table`, for the features whose words cannot be
 * derived from their names.
 */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  amp: ['part:x-amp-html', 'attribute:⚡4email', 'attribute:amp4email'],
  'css-animation': longhands(
    'animation',
    'name duration timing-function delay iteration-count direction fill-mode play-state',
  ),
  'css-at-media-device-pixel-ratio': ['media:device-pixel-ratio'],
  'css-at-media-hover': ['media:hover', 'media:any-hover'],
  'css-block-inline-size': words('property', 'block-size inline-size'),
  'css-border': [
    ...longhands('border', `${SIDES} width style color`),
    ...SIDES.split(' ').flatMap((side) => longhands(`border-${side}`, 'width style color').slice(1)),
  ],
  'css-border-image': longhands('border-image', 'source slice width outset repeat'),
  'css-border-inline-block': words('property', 'border-inline border-block'),
  'css-border-inline-block-individual': [
    ...LOGICAL.flatMap((axis) => longhands(`border-${axis}`, 'color style width').slice(1)),
    ...borderSides(''),
  ],
  'css-border-inline-block-longhand': ['-color', '-style', '-width'].flatMap(borderSides),
  'css-border-radius': words(
    'property',
    'border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius',
  ),
  'css-border-radius-logical': words(
    'property',
    'border-start-start-radius border-start-end-radius border-end-start-radius border-end-end-radius',
  ),
  'css-column-layout-properties': [
    'property:columns',
    ...longhands('column', 'count fill gap rule rule-color rule-style rule-width span width').slice(1),
  ],
  'css-comments': ['comment:css'],
  'css-conic-gradient': words('function', 'conic-gradient repeating-conic-gradient'),
  'css-display-flex': ['display=flex', 'display=inline-flex'],
  'css-display-grid': ['display=grid', 'display=inline-grid'],
  'css-display-none': ['display=none'],
  'css-flex-direction': ['flex-direction=column', 'flex-direction=column-reverse'],
  'css-flex-wrap': ['flex-wrap=wrap', 'flex-wrap=wrap-reverse'],
  'css-font': ['property:font'],
  'css-gap': words('property', 'gap column-gap row-gap grid-gap'),
  'css-grid-template': longhands('grid-template', 'areas columns rows'),
  'css-important': ['important'],
  'css-inert-attribute': ['attribute:inert'],
  'css-intrinsic-size': [...words('value', 'fit-content min-content max-content'), 'function:fit-content'],
  'css-left-right-top-bottom': words('property', SIDES),
  'css-linear-gradient': words('function', 'linear-gradient repeating-linear-gradient'),
  'css-list-style': ['property:list-style'],
  'css-margin': longhands('margin', SIDES),
  'css-margin-block-start-end': words('property', 'margin-block-start margin-block-end'),
  'css-margin-inline-block': words('property', 'margin-inline margin-block'),
  'css-margin-inline-start-end': words('property', 'margin-inline-start margin-inline-end'),
  'css-modern-color': words('function', 'lch oklch lab oklab'),
  'css-nesting': ['nesting'],
  'css-outline': longhands('outline', 'color style width'),
  'css-overflow': longhands('overflow', 'x y'),
  'css-padding': longhands('padding', SIDES),
  'css-padding-block-start-end': words('property', 'padding-block-start padding-block-end'),
  'css-padding-inline-block': words('property', 'padding-inline padding-block'),
  'css-padding-inline-start-end': words('property', 'padding-inline-start padding-inline-end'),
  'css-radial-gradient': words('function', 'radial-gradient repeating-radial-gradient'),
  'css-rgb': ['function:rgb'],
  'css-rgba': ['function:rgba'],
  'css-scroll-snap': [
    ...words('property', 'scroll-snap-type scroll-snap-align scroll-snap-stop scroll-padding scroll-margin'),
  ],
  'css-sytem-ui': words('value', 'system-ui ui-serif ui-sans-serif ui-rounded ui-monospace'),
  'css-text-decoration': ['property:text-decoration'],
  'css-text-emphasis': longhands('text-emphasis', 'color style'),
  'css-text-wrap': longhands('text-wrap', 'mode style'),
  'css-transition': longhands('transition', 'property duration timing-function delay behavior'),
  'css-unit-calc': ['function:calc'],
  'css-unit-initial': ['value:initial'],
  'css-unit-percent': ['unit:%'],
  'css-variables': ['custom-property', 'function:var'],
  'html-anchor-links': ['link:anchor'],
  'html-button-reset': ['button:reset'],
  'html-button-submit': ['button:submit'],
  'html-comments': ['comment:html'],
  'html-doctype': ['doctype:html5'],
  'html-h1-h6': words('element', 'h1 h2 h3 h4 h5 h6'),
  'html-image-maps': ['element:map', 'attribute:usemap'],
  'html-lists': words('element', 'ul ol dl'),
  'html-loading-attribute': ['attribute:loading'],
  'html-mailto-links': ['link:mailto'],
  'html-meta-color-scheme': ['meta:color-scheme'],
  'html-popover': words('attribute', 'popover popovertarget'),
  'html-semantics': words(
    'element',
    'article aside details figcaption figure footer header main mark nav section summary time',
  ),
  'html-srcset': words('attribute', 'srcset sizes'),
};

/**
 * Pairs of prefixes for the features whose words are derived from their names: the prefix of the feature's name,
 * such as `css-unit-`, and the prefix of the derived word, such as `unit:`.
 */
const FAMILIES: readonly (readonly [string, string])[] = [
  ['css-at-media-', 'media:'],
  ['css-at-', 'at-rule:'],
  ['css-function-', 'function:'],
  ['css-pseudo-class-', 'pseudo-class:'],
  ['css-pseudo-element-', 'pseudo-element:'],
  ['css-selector-', 'selector:'],
  ['css-unit-', 'unit:'],
  ['css-', 'property:'],
  ['html-input-', 'input:'],
  ['html-', 'element:'],
  ['image-', 'image:'],
];

/**
 * Returns the words that indicate the use of a feature. The list is empty for features that the text of a document
 * cannot show: BIMI is a DNS record, and HDR is a property of an image's pixels.
 */
export function wordsOf(slug: string): readonly string[] {
  const listed = LISTED[slug];
  if (listed !== undefined) return listed;
  if (slug === 'image-hdr') return [];
  const attribute = slug.replace(/^html-/, '');
  if (slug.startsWith('html-') && ATTRIBUTES.has(attribute)) return [`attribute:${attribute}`];
  for (const [prefix, word] of FAMILIES) {
    if (slug.startsWith(prefix)) return [word + slug.slice(prefix.length)];
  }
  return [];
}
