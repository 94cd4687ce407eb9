/** Handles the dragging of a separator to the left or right. */

/**
 * Follows a pointer from the press on a separator until the release.
 * @param follow called with the number of CSS pixels that the pointer has moved to the right since the press
 */
export function followDrag(down: PointerEvent, follow: (pixels: number) => void): void {
  const line = down.currentTarget as HTMLElement;
  const move = (event: PointerEvent): void => follow(event.clientX - down.clientX);
  line.setPointerCapture(down.pointerId);
  line.addEventListener('pointermove', move);
  line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', move), {
    once: true,
  });
}
