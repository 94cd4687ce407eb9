/** Settings of the message preview, which are the same for every message. */
import { useLocalStorage } from '@vueuse/core';
import { computed, ref } from 'vue';
import { client } from '../../client.ts';
import type { StageFrames } from '../../model/message/stage-layout.ts';

export type PreviewWidth = 'full' | 'desktop' | 'tablet' | 'phone' | 'free';

/** The frames of the preview: one, or several side by side. */
export type PreviewFrames = 'one' | StageFrames;

/** Layout widths of the preview in CSS pixels. */
const WIDTHS = { desktop: 1024, tablet: 768, phone: 375 } as const;
export const NARROWEST = 240;
export const WIDEST = 2400;

/** The zoom factors that the user can choose for the preview. */
export const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2] as const;

export const preview = useLocalStorage(
  'restante.preview',
  {
    body: 'html' as 'html' | 'text',
    width: 'full' as PreviewWidth,
    free: 600,
    dark: false,
    zoom: 1,
    frames: 'one' as PreviewFrames,
  },
  { mergeDefaults: true },
);

/** The scale factor of the displayed preview: the zoom factor, reduced if the layout width is wider than the pane. */
export const shownScale = ref(1);

/** The layout width of the mail in CSS pixels; null uses the available width. */
export const layoutWidth = computed<number | null>(() => {
  const { width, free } = preview.value;
  if (width === 'full') return null;
  return width === 'free' ? free : WIDTHS[width];
});

/** Sets a layout width that the user chose by dragging; the width is restricted to the permitted range. */
export function setFreeWidth(to: number): void {
  preview.value.width = 'free';
  preview.value.free = Math.round(Math.min(WIDEST, Math.max(NARROWEST, to)));
}

/**
 * Returns the URL of a message's HTML preview. The URL contains the host of the page: the content security
 * policy must name this host, but a proxy may change the Host header.
 * @param remote whether the document may load images, styles and fonts from the network
 */
export const previewAddress = (id: string, { remote = false } = {}): string =>
  client.address(`messages/${encodeURIComponent(id)}/html`, {
    measured: true,
    ...(remote ? { remote } : {}),
    host: location.host,
  });
