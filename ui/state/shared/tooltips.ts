/** Whether tooltips are shown. A dialog that closes focuses its button again, which would show the button's tooltip. */
import { ref } from 'vue';

export const areTooltipsOff = ref(false);

/** Shows no tooltip until the user presses a key or moves the pointer. */
export function holdTooltips(): void {
  areTooltipsOff.value = true;
  const release = (event: Event): void => {
    // Browsers also report a movement of the pointer when the page moves under it.
    if (event instanceof PointerEvent && event.movementX === 0 && event.movementY === 0) return;
    areTooltipsOff.value = false;
    removeEventListener('keydown', release, true);
    removeEventListener('pointermove', release, true);
  };
  addEventListener('keydown', release, true);
  addEventListener('pointermove', release, true);
}
