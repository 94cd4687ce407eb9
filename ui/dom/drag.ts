/** Horizontal dragging of a separator. */

/**
 * Follows a pointer from its press on a separator until its release.
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
