/**
 * The marks in the preview: the marks of the findings, and the mark of the element whose source line the user looks at.
 */
import { useLocalStorage } from '@vueuse/core';
import { ref, shallowRef } from 'vue';
import type { Finding } from '../../../contract/index.ts';
import { openTab } from '../shared/place.ts';
import { htmlPlaceOf } from './checks.ts';
import { preview } from './preview.ts';

/** Whether the preview has a mark at each finding. */
export const showsFindings = useLocalStorage('restante.preview-findings', false);
/** Whether the source is shown below the preview, and the pointer selects elements. */
export const isInspecting = ref(false);
/** The selected place in the HTML: its index, and where the user selected it; null if there is none. */
export const inspected = shallowRef<{ readonly index: number; readonly from: 'frame' | 'source' } | null>(
  null,
);

export function stopInspecting(): void {
  isInspecting.value = false;
  inspected.value = null;
}

/** Opens the preview, and marks the element to which a finding refers. */
export function showInPreview(finding: Finding): void {
  const place = htmlPlaceOf.value(finding);
  if (place === null) return;
  preview.value.body = 'html';
  openTab('preview');
  inspected.value = { index: place.index, from: 'source' };
  isInspecting.value = true;
}
