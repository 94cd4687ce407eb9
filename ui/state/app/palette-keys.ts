/**
 * Keys for a palette that was asked for and is not there yet: its code may have to be loaded, and whoever types on means
 * the palette, not the commands or the field that the keys would go to.
 */
import { paletteChosen, paletteOpen, paletteText } from '../shared/dialogs.ts';

export function openPalette(): void {
  paletteText.value = '';
  paletteChosen.value = false;
  paletteOpen.value = true;
}

/** Takes a key for the palette; false where it has its own field and that has the focus, or is not open. */
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
