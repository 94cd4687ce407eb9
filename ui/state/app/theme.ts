/**
 * The theme: light, dark, or that of the system. The property `color-scheme` of the root element selects every
 * colour.
 */
import { useLocalStorage } from '@vueuse/core';
import { watchEffect } from 'vue';

export type Theme = 'system' | 'light' | 'dark';

export const theme = useLocalStorage<Theme>('restante.theme', 'system');

export function startTheme(): void {
  watchEffect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}
