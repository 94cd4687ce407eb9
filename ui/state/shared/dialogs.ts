/** The state of the page's dialogs: which dialog is open, and what it shows. */
import { ref, shallowRef } from 'vue';
import type { Detail, Rule } from '../../../contract/index.ts';
import type { Draft } from '../compose/drafts.ts';

export const paletteOpen = ref(false);
/** The text in the field of the command palette. */
export const paletteText = ref('');
/** Whether Enter was pressed before the code of the command palette was loaded. */
export const paletteChosen = ref(false);
export const shortcutsOpen = ref(false);
export const navigationOpen = ref(false);
/** The draft in the compose dialog; null while the dialog is closed. */
export const draft = shallowRef<Draft | null>(null);
/** The message that the release dialog shows; null while the dialog is closed. */
export const releasing = shallowRef<Detail | null>(null);
/** The message that the dialog "Compare with…" shows; null while the dialog is closed. */
export const comparing = shallowRef<Detail | null>(null);
/** The message for which the dialog "Test" has a test; null while the dialog is closed. */
export const testing = shallowRef<Detail | null>(null);
/** The message that the dialog "Send again" shows; null while the dialog is closed. */
export const resending = shallowRef<Detail | null>(null);
/** The rule in the rule editor, and the initial text; null while the editor is closed. */
export const editedRule = shallowRef<{
  /** The stored rule to change; null for a new rule. */
  readonly rule: Rule | null;
  readonly text: string;
} | null>(null);

/** Returns whether a dialog is open or being loaded; in this case, keys do not run commands of the page. */
export const isWindowOpen = (): boolean =>
  paletteOpen.value ||
  shortcutsOpen.value ||
  [draft, releasing, comparing, testing, resending, editedRule].some(({ value }) => value !== null);
