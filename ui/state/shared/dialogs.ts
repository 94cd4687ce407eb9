/** The dialogs over the page. */
import { ref, shallowRef } from 'vue';
import type { Detail, Rule } from '../../../contract/index.ts';
import type { Draft } from '../compose/drafts.ts';

export const paletteOpen = ref(false);
/** The text in the palette. */
export const paletteText = ref('');
/** Whether Enter was pressed before the palette was loaded. */
export const paletteChosen = ref(false);
export const shortcutsOpen = ref(false);
export const navigationOpen = ref(false);
/** The message being written; null when none is. */
export const draft = shallowRef<Draft | null>(null);
/** The message that is about to be released; null when none is. */
export const releasing = shallowRef<Detail | null>(null);
/** The message of the open dialog Compare with…; null without dialog. */
export const comparing = shallowRef<Detail | null>(null);
/** The rule being written, and the text that it begins with; null when none is. */
export const editedRule = shallowRef<{
  /** The one that is changed; null for a new one. */
  readonly rule: Rule | null;
  readonly text: string;
} | null>(null);

/** Whether a dialog is open or being loaded: then keys do not run commands of the page. */
export const isWindowOpen = (): boolean =>
  paletteOpen.value ||
  shortcutsOpen.value ||
  [draft, releasing, comparing, editedRule].some(({ value }) => value !== null);
