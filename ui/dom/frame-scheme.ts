/**
 * Shows the mail in a frame in a colour scheme. Chromium and Firefox report the `color-scheme` of the frame's element
 * as `prefers-color-scheme` to the document in the frame (CSS Color Adjustment 1 §2.2). WebKit reports the scheme of
 * the system instead, so in WebKit the media queries of the mail are rewritten.
 */
import { withScheme } from '../model/message/dark-styles.ts';

/** A media query that can be replaced: of a rule, of a style sheet, or of an image source. */
interface MediaQuery {
  readonly owner: object;
  readonly read: () => string;
  readonly write: (query: string) => void;
}

const ofList = (list: MediaList): MediaQuery => ({
  owner: list,
  read: () => list.mediaText,
  write: (query) => void (list.mediaText = query),
});

/** Returns the rules of a style sheet; none for a style sheet of another origin, which scripts cannot read. */
function rulesOf(sheet: CSSStyleSheet): readonly CSSRule[] {
  try {
    return [...sheet.cssRules];
  } catch {
    return [];
  }
}

// The objects belong to the window of the frame, so that `instanceof` does not recognize them.
function queriesOfRule(rule: CSSRule): MediaQuery[] {
  const { media, cssRules, styleSheet } = rule as Partial<CSSMediaRule & CSSImportRule>;
  return [
    ...(media === undefined ? [] : [ofList(media)]),
    ...(cssRules === undefined ? [] : [...cssRules].flatMap(queriesOfRule)),
    ...(styleSheet == null ? [] : rulesOf(styleSheet).flatMap(queriesOfRule)),
  ];
}

function queriesOf({ styleSheets }: Document, sources: Iterable<HTMLSourceElement>): MediaQuery[] {
  return [
    ...[...styleSheets].flatMap((sheet) => [ofList(sheet.media), ...rulesOf(sheet).flatMap(queriesOfRule)]),
    ...Array.from(sources, (source) => ({
      owner: source,
      read: () => source.media,
      write: (query: string) => void (source.media = query),
    })),
  ];
}

/** The original media queries of the mail, by the object that contains the query. */
const originals = new WeakMap<object, string>();

/** Returns the colour schemes that a document supports, by its styles or its `meta` element. */
function schemesOf(view: Window): string {
  const { documentElement: root } = view.document;
  const meta = view.document.querySelector<HTMLMetaElement>('meta[name="color-scheme" i]');
  return `${view.getComputedStyle(root).colorScheme} ${meta?.content ?? ''}`;
}
const supported = new WeakMap<Document, string>();

/** Shows the mail in a frame in a colour scheme; called when the frame has loaded, and after the scheme has changed. */
export function showScheme(frame: HTMLIFrameElement, dark: boolean): void {
  const view = frame.contentWindow;
  if (view === null) return;
  const { document } = view;
  const isReported = view.matchMedia('(prefers-color-scheme: dark)').matches === dark;
  if (isReported && !supported.has(document)) return;
  const schemes = supported.get(document) ?? schemesOf(view);
  supported.set(document, schemes);
  for (const { owner, read, write } of queriesOf(document, document.querySelectorAll('source'))) {
    const original = originals.get(owner) ?? read();
    const wanted = withScheme(original, dark);
    if (wanted === original) continue;
    originals.set(owner, original);
    write(wanted);
  }
  // The canvas and form fields follow the scheme of the system too, if the mail supports both schemes.
  if (/\bdark\b/.test(schemes) && /\blight\b/.test(schemes))
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}
