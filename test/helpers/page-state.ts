/** Waits until a page no longer changes, and measures the layout shift until then. */
import type { Page } from 'playwright-core';

/** Milliseconds without a change of the document after which a view is considered complete. */
const CALM = 60;

/** Waits until the document no longer changes. */
export const calm = (page: Page): Promise<unknown> =>
  page.evaluate(
    `new Promise((resolve) => {
      let timer = setTimeout(resolve, ${CALM});
      new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(resolve, ${CALM});
      }).observe(document, { subtree: true, childList: true, attributes: true });
    })`,
  );

/** Waits until all finite animations have ended; endless animations continue. */
export const still = (page: Page): Promise<unknown> =>
  page.evaluate(
    `Promise.allSettled(
      document.getAnimations()
        .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
        .map(({ finished }) => finished),
    ).then(() => undefined)`,
  );

/**
 * Resolves with the layout shift that no input caused, from the start of the page to the current frame. The first
 * requested frame completes the pending work; the second frame starts after the first frame was painted.
 */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const observer = new PerformanceObserver(() => undefined);
      observer.observe({ type: 'layout-shift', buffered: true });
      resolve(observer.takeRecords().reduce((sum, { hadRecentInput, value }) => sum + (hadRecentInput ? 0 : value), 0));
    })))`,
  );
