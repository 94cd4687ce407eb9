/** How bodies are looked at: kept from message to message. */
import { useLocalStorage } from '@vueuse/core';
import { computed } from 'vue';
import { client } from '../../client.ts';

export type PreviewWidth = 'full' | 'desktop' | 'tablet' | 'phone' | 'free';

/** CSS pixels. */
const WIDTHS = { desktop: 1024, tablet: 768, phone: 375 } as const;
export const NARROWEST = 240;
export const WIDEST = 2400;

/** Factors the zoom steps through. */
export const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2] as const;

export const preview = useLocalStorage(
  'restante.preview',
  { body: 'html' as 'html' | 'text', width: 'full' as PreviewWidth, free: 600, dark: false, zoom: 1 },
  { mergeDefaults: true },
);

/** CSS pixels the mail is laid out in; null takes what there is. */
export const layoutWidth = computed<number | null>(() => {
  const { width, free } = preview.value;
  if (width === 'full') return null;
  return width === 'free' ? free : WIDTHS[width];
});

/** Lays the mail out in a width of one's own. */
export function setFreeWidth(to: number): void {
  preview.value.width = 'free';
  preview.value.free = Math.round(Math.min(WIDEST, Math.max(NARROWEST, to)));
}

/** Where the server has the HTML of a message as a document. It is told the page's host, which a proxy may change. */
export const previewAddress = (id: string, wish: 'closed' | 'remote' | 'measured'): string =>
  client.address(`messages/${encodeURIComponent(id)}/html`, {
    ...(wish === 'closed' ? {} : { [wish]: true }),
    host: location.host,
  });
