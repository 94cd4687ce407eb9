/**
 * The theme of the page: light, dark, or that of the operating system. The property `color-scheme` of the
 * root element selects the light or dark value of every colour.
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
