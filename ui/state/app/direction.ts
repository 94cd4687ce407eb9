/** Which way the page reads: as its language does, unless the reader has set it. Everything in it is laid out so. */
import { computed, watchEffect } from 'vue';
import { languageDirection } from '../../strings.ts';
import { direction } from '../shared/settings.ts';

export const readingDirection = computed<'ltr' | 'rtl'>(() => direction.value || languageDirection);

export function startDirection(): void {
  watchEffect(() => (document.documentElement.dir = readingDirection.value));
}
