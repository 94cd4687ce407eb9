/** Which window is open over the page. */
import { ref, shallowRef } from 'vue';
import type { Detail, Rule } from '../../../contract/index.ts';
import type { Draft } from '../compose/drafts.ts';

export const paletteOpen = ref(false);
/** What is looked for in the palette. */
export const paletteText = ref('');
/** Whether the first of what it finds was chosen before the palette was there. */
export const paletteChosen = ref(false);
export const shortcutsOpen = ref(false);
export const navigationOpen = ref(false);
/** The message being written; null when none is. */
export const draft = shallowRef<Draft | null>(null);
/** The message that is about to be released; null when none is. */
export const releasing = shallowRef<Detail | null>(null);
/** The message that another one is to be chosen for, to compare them; null when none is. */
export const comparing = shallowRef<Detail | null>(null);
/** The rule being written, and the text that it begins with; null when none is. */
export const editedRule = shallowRef<{
  /** The one that is changed; null for a new one. */
  readonly rule: Rule | null;
  readonly text: string;
} | null>(null);

/** Whether one was asked for, although it may have to be loaded first: from then on keys are not the page's. */
export const isWindowOpen = (): boolean =>
  paletteOpen.value ||
  shortcutsOpen.value ||
  [draft, releasing, comparing, editedRule].some(({ value }) => value !== null);
