/** When a page has come to rest, and how much moved in it until then. */
import type { Page } from 'playwright-core';

/** Milliseconds without a change after which a view is taken to be all there. */
const CALM = 60;

/** Waits until nothing of the document changes any more. */
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

/** Waits until what moves once has arrived; what turns for ever goes on. */
export const still = (page: Page): Promise<unknown> =>
  page.evaluate(
    `Promise.allSettled(
      document.getAnimations()
        .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
        .map(({ finished }) => finished),
    ).then(() => undefined)`,
  );

/**
 * Layout shift that no input caused, from the beginning of the page up to the frame that is shown now. The first frame
 * asked for ends what is under way, the second comes when it has been painted.
 */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const observer = new PerformanceObserver(() => undefined);
      observer.observe({ type: 'layout-shift', buffered: true });
      resolve(observer.takeRecords().reduce((sum, { hadRecentInput, value }) => sum + (hadRecentInput ? 0 : value), 0));
    })))`,
  );
