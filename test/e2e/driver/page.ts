/**
 * A page in any engine: the tabs of the driver, with waits that make a test independent of the speed of the engine.
 */
import { expect } from 'vitest';
import type { FrameSelector, Modifier, Tab } from './engine.ts';
import { elementsOf, type Query } from './find.ts';

/** A CSS selector, or a query by role, name and text. */
export type Target = string | Query;

const queryOf = (target: Target): Query => (typeof target === 'string' ? { css: target } : target);

/** Waits until a value of the page is as expected. */
export const soon = (read: () => Promise<unknown>) => expect.poll(read, { interval: 50 });

/** The document of the page, or of one of its frames. */
export class Scope {
  protected readonly tab: Tab;
  readonly #frame: FrameSelector;

  constructor(tab: Tab, frame: FrameSelector = null) {
    this.tab = tab;
    this.#frame = frame;
  }

  /** Resolves with the value of an expression in this document. */
  evaluate<T>(expression: string): Promise<T> {
    return this.tab.evaluate<T>(this.#frame, expression);
  }

  /** Resolves with the number of matching elements that are currently visible. */
  count(target: Target): Promise<number> {
    return this.evaluate<number>(`${elementsOf(queryOf(target))}.length`);
  }

  /** Resolves with the text of each matching element, with white space folded. */
  texts(target: Target): Promise<string[]> {
    return this.evaluate<string[]>(
      `${elementsOf(queryOf(target))}.map(({ textContent }) => textContent.replace(/\\s+/g, ' ').trim())`,
    );
  }

  /** Resolves with the text of the first matching element; empty if there is no such element. */
  async text(target: Target): Promise<string> {
    return (await this.texts(target))[0] ?? '';
  }

  /** Resolves with an attribute of the first matching element; `null` if there is no such element or attribute. */
  attribute(target: Target, name: string): Promise<string | null> {
    const element = `${elementsOf(queryOf(target))}[0]`;
    return this.evaluate<string | null>(`${element}?.getAttribute(${JSON.stringify(name)}) ?? null`);
  }

  /** Resolves with the current value of a form field. */
  value(target: Target): Promise<string | null> {
    return this.evaluate<string | null>(`${elementsOf(queryOf(target))}[0]?.value ?? null`);
  }

  /** Waits until a matching element is visible. */
  async waitFor(target: Target): Promise<void> {
    await expect
      .poll(() => this.count(target), { interval: 50, message: describeTarget(target) })
      .toBeGreaterThan(0);
  }

  /** Waits until no matching element is visible. */
  async waitForNone(target: Target): Promise<void> {
    await expect.poll(() => this.count(target), { interval: 50, message: describeTarget(target) }).toBe(0);
  }

  /**
   * Clicks a matching element (the first one, or the one at index `nth`) as soon as it is visible, does not move, and
   * is not covered by another element.
   */
  async click(
    target: Target,
    { nth = 0, modifiers = [] }: { readonly nth?: number; readonly modifiers?: readonly Modifier[] } = {},
  ): Promise<void> {
    const element = `${elementsOf(queryOf(target))}[${nth}]`;
    const place = `((element) => {
      if (element === undefined) return 'nowhere';
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      if (hit === null || !(element.contains(hit) || hit.contains(element))) return 'covered';
      return element.matches(':disabled') ? 'disabled' : [left, top, width, height].join();
    })(${element})`;
    let before = '';
    await expect
      .poll(
        async () => {
          const now = await this.evaluate<string>(place);
          const steady = now === before && now.includes(',');
          before = now;
          return steady ? 'steady' : now;
        },
        { interval: 30, message: describeTarget(target) },
      )
      .toBe('steady');
    await this.tab.click(this.#frame, element, modifiers);
  }

  /** Replaces the value of a form field by typing. */
  async fill(target: Target, text: string): Promise<void> {
    await this.waitFor(target);
    await this.evaluate(
      `${elementsOf(queryOf(target))}.slice(0, 1).forEach((field) => (field.focus(), field.select()))`,
    );
    if (text === '') await this.tab.press('Delete');
    else await this.tab.type(text);
  }
}

export class Page extends Scope {
  /** Returns the document in the frame that a CSS selector matches. */
  frame(selector: string): Scope {
    return new Scope(this.tab, selector);
  }

  goto(url: string): Promise<void> {
    return this.tab.goto(url);
  }

  reload(): Promise<void> {
    return this.tab.reload();
  }

  async url(): Promise<URL> {
    return new URL(await this.tab.url());
  }

  press(keys: string): Promise<void> {
    return this.tab.press(keys);
  }

  type(text: string): Promise<void> {
    return this.tab.type(text);
  }

  screenshot(): Promise<Buffer> {
    return this.tab.screenshot();
  }

  /** Resolves with the number of open tabs, including the current tab. */
  tabs(): Promise<number> {
    return this.tab.tabs();
  }

  dialogs(): Promise<readonly string[]> {
    return this.tab.dialogs();
  }
}

const describeTarget = (target: Target): string =>
  JSON.stringify(target, (_, value: unknown) => (value instanceof RegExp ? String(value) : value));
