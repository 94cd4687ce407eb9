/** The reading direction of the page: the direction of its language, unless the settings override it. */
import { computed, watchEffect } from 'vue';
import { languageDirection } from '../../strings.ts';
import { direction } from '../shared/settings.ts';

export const readingDirection = computed<'ltr' | 'rtl'>(() => direction.value || languageDirection);

export function startDirection(): void {
  watchEffect(() => (document.documentElement.dir = readingDirection.value));
}
