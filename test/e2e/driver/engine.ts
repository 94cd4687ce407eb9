/** The interface to a browser that the tests of `test/e2e/engines/` need, with one adapter for each engine. */

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A CSS selector of an iframe in the page, or `null` for the page itself. */
export type FrameSelector = string | null;

/** Modifier keys that are held during a click. */
export type Modifier = 'Control' | 'Shift';

/** A tab with its own storage. Every expression is JavaScript source; a promise as its value is awaited. */
export interface Tab {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** The value of an expression in the page or in a frame, as JSON carries it. */
  evaluate<T>(frame: FrameSelector, expression: string): Promise<T>;
  /** Clicks the middle of the element that the expression has as its value, with a real pointer. */
  click(frame: FrameSelector, expression: string, modifiers: readonly Modifier[]): Promise<void>;
  /** Presses a key or a combination: `Enter`, `#`, `Control+k`. */
  press(keys: string): Promise<void>;
  /** Types a text into the element that has the focus. */
  type(text: string): Promise<void>;
  /** The visible part of the page as PNG. */
  screenshot(): Promise<Buffer>;
  /** Tabs that are open in this session, this one included. */
  tabs(): Promise<number>;
  /** Uncaught errors and messages of level `error` in the console, as far as the engine reports them. */
  errors(): Promise<readonly string[]>;
  /** Texts of the dialogs (`alert` and the like) that were opened. */
  dialogs(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A running browser. */
export interface EngineBrowser {
  open(viewport: Viewport): Promise<Tab>;
  close(): Promise<void>;
}

export interface Engine {
  /** Programs that have to be installed; the tests are skipped without one of them. */
  readonly programs: readonly string[];
  launch(): Promise<EngineBrowser>;
}

/** Splits `Control+Shift+k` into its modifiers and its key; the key may be `+`. */
export function splitKeys(keys: string): { readonly modifiers: readonly string[]; readonly key: string } {
  const parts = keys.split('+');
  if (parts.length === 1 || keys === '+') return { modifiers: [], key: keys };
  return { modifiers: parts.slice(0, -1), key: parts.at(-1) ?? '' };
}
