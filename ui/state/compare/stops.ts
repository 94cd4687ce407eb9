/** The differences that stand in the page itself: each can be brought into sight, and shows that it was. */
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
