/** The interface of a browser for the tests in `test/e2e/engines/`; each engine has an adapter. */

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** Size of the visible page in CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A CSS selector of an iframe in the page; `null` for the page itself. */
export type FrameSelector = string | null;

/** Modifier keys that are held during a click. */
export type Modifier = 'Control' | 'Shift';

/**
 * A tab with a storage of its own. Every expression is JavaScript source; if its value is a promise, the promise is
 * awaited.
 */
export interface Tab {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** Resolves with the value of an expression in the page or in a frame; the value is transferred as JSON. */
  evaluate<T>(frame: FrameSelector, expression: string): Promise<T>;
  /** Clicks the middle of the element that is the value of the expression, with real pointer events. */
  click(frame: FrameSelector, expression: string, modifiers: readonly Modifier[]): Promise<void>;
  /** Presses a key or a key combination, such as `Enter`, `#` or `Control+k`. */
  press(keys: string): Promise<void>;
  /** Types a text into the element that has the focus. */
  type(text: string): Promise<void>;
  /** Resolves with a PNG of the visible part of the page. */
  screenshot(): Promise<Buffer>;
  /** Resolves with the number of open tabs in this session, including the current tab. */
  tabs(): Promise<number>;
  /**
   * Resolves with the uncaught errors and the console messages of level `error`, as far as the engine reports them.
   */
  errors(): Promise<readonly string[]>;
  /** Resolves with the texts of the dialogs (`alert`, `confirm`, `prompt`) that were opened. */
  dialogs(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A running browser. */
export interface EngineBrowser {
  open(viewport: Viewport): Promise<Tab>;
  close(): Promise<void>;
}

export interface Engine {
  /** Names of the programs that must be installed; the tests are skipped if one of them is missing. */
  readonly programs: readonly string[];
  launch(): Promise<EngineBrowser>;
}

/** Splits a combination such as `Control+Shift+k` into its modifiers and its key; the key may be `+`. */
export function splitKeys(keys: string): { readonly modifiers: readonly string[]; readonly key: string } {
  const parts = keys.split('+');
  if (parts.length === 1 || keys === '+') return { modifiers: [], key: keys };
  return { modifiers: parts.slice(0, -1), key: parts.at(-1) ?? '' };
}
