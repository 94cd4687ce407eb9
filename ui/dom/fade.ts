/** Shows where something that scrolls has more: its edges fade (`fade-x`, `fade-y` in the styles). */
import type { Directive } from 'vue';

const stops = new WeakMap<HTMLElement, () => void>();

/** Less than a pixel is left by rounding at some zoom levels. */
const SLACK = 1;

/** What is hidden before and after, in the reading direction: scrolled right to left, `scrollLeft` is negative. */
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

/** `v-fade`, for an element of the class `fade-x` or `fade-y`: keeps `data-more` on it true. */
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
