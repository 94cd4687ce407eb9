/**
 * Fades those edges of a scrollable element behind which content is hidden (`fade-x`, `fade-y` in the styles).
 */
import type { Directive } from 'vue';

const stops = new WeakMap<HTMLElement, () => void>();

/**
 * The tolerance in CSS pixels for comparing scroll positions: at some zoom levels, rounding leaves a fraction
 * of a pixel.
 */
const SLACK = 1;

/**
 * Returns the number of CSS pixels that are hidden before and after the visible part, in the reading
 * direction. In right-to-left layout, `scrollLeft` is negative.
 */
function hidden(element: HTMLElement): { before: number; after: number } {
  const { scrollLeft, scrollTop, scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
  const isAcross = element.classList.contains('fade-x');
  const before = isAcross ? Math.abs(scrollLeft) : scrollTop;
  const room = isAcross ? scrollWidth - clientWidth : scrollHeight - clientHeight;
  return { before, after: room - before };
}

function tell(element: HTMLElement): void {
  const { before, after } = hidden(element);
  const more = [before > SLACK && 'before', after > SLACK && 'after'].filter((edge) => edge !== false);
  element.dataset.more = more.join(' ');
}

/**
 * The directive `v-fade`, for an element with the class `fade-x` or `fade-y`: keeps the attribute `data-more`,
 * which names the edges with hidden content, up to date.
 */
export const fade: Directive<HTMLElement> = {
  mounted(element) {
    const update = (): void => tell(element);
    const observer = new ResizeObserver(update);
    for (const one of [element, ...element.children]) observer.observe(one);
    element.addEventListener('scroll', update, { passive: true });
    stops.set(element, () => observer.disconnect());
  },
  updated: tell,
  unmounted: (element) => stops.get(element)?.(),
};
