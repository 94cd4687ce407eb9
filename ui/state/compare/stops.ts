/**
 * Finds the elements of the page that show differences. Each of these elements can be scrolled into view, and is then
 * marked as the current difference.
 */
import type { Stop } from './comparison.ts';

export function stopsIn(stage: HTMLElement | null): Stop[] {
  const found = [...(stage?.querySelectorAll<HTMLElement>('[data-difference]') ?? [])];
  return found.map((element) => ({
    reveal() {
      for (const other of found) other.removeAttribute('aria-current');
      element.setAttribute('aria-current', 'true');
      element.scrollIntoView({ block: 'center' });
    },
  }));
}
