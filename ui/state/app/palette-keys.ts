/**
 * Collects key presses while the code of the command palette is still being loaded, so that the keys neither
 * run commands nor change a field of the page.
 */
import { paletteChosen, paletteOpen, paletteText } from '../shared/dialogs.ts';

export function openPalette(): void {
  paletteText.value = '';
  paletteChosen.value = false;
  paletteOpen.value = true;
}

/**
 * Handles a key press for the command palette. Returns false if the palette is closed, or if the palette's
 * own text field has the focus.
 */
export function typeAhead(event: KeyboardEvent): boolean {
  if (!paletteOpen.value || (event.target as HTMLElement).closest('[data-palette] input') !== null)
    return false;
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return true;
  if (key === 'Escape') paletteOpen.value = false;
  else if (key === 'Enter') paletteChosen.value = true;
  else if (key === 'Backspace') paletteText.value = paletteText.value.slice(0, -1);
  else if (key.length === 1) paletteText.value += key;
  else return true;
  event.preventDefault();
  return true;
}
