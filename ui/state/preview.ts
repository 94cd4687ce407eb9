/** How bodies are looked at: kept from message to message. */
import { useLocalStorage } from '@vueuse/core';

export type PreviewWidth = 'full' | 'desktop' | 'tablet' | 'phone';

/** CSS pixels; null takes what there is. */
export const WIDTHS: Readonly<Record<PreviewWidth, number | null>> = {
  full: null,
  desktop: 1024,
  tablet: 768,
  phone: 375,
};

/** Factors the zoom steps through. */
export const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2] as const;

export const preview = useLocalStorage(
  'restante.preview',
  { body: 'html' as 'html' | 'text', width: 'full' as PreviewWidth, dark: false, zoom: 1 },
  { mergeDefaults: true },
);
