/** A line that is dragged sideways. */

/**
 * Follows the pointer that was pressed on a line until it is let go.
 * @param follow told how many CSS pixels the pointer has gone to the right since it was pressed
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
