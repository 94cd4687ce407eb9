/**
 * The title of the tab, with the subject of the open message; and the badge with the number of unread messages: in
 * the title, as a dot on the icon of the tab, and on the icon of an installed page.
 */
import { useTitle } from '@vueuse/core';
import { computed, watch } from 'vue';
import { count } from '../../format.ts';
import { strings as s } from '../../strings.ts';
import { detail } from '../message/open-message.ts';
import { everyone } from '../shared/overview.ts';
import { inInbox, messageId } from '../shared/place.ts';
import { badgeOn } from '../shared/settings.ts';

/** The width and height of the drawn icon in pixels. */
const SIZE = 64;

const shown = computed(() => (badgeOn.value ? (everyone.value?.unread ?? 0) : 0));

/** Draws a dot in the accent colour on the page's icon; resolves with the URL of the new icon. */
async function dotted(icon: string): Promise<string> {
  const image = new Image(SIZE, SIZE);
  image.src = icon;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext('2d');
  if (context === null) return icon;
  context.drawImage(image, 0, 0, SIZE, SIZE);
  const radius = SIZE / 5;
  context.beginPath();
  context.arc(SIZE - radius, radius, radius, 0, 2 * Math.PI);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--badge');
  context.fill();
  return canvas.toDataURL();
}

/** Starts updating the badge, for as long as the page is open. */
export function startBadge(): void {
  // The count is first, because the browser cuts off the end of the title.
  const unread = computed(() => (shown.value === 0 ? '' : `(${count(shown.value)}) `));
  const subject = computed(() => {
    if (!inInbox.value || messageId.value === '' || detail.value === null) return '';
    return `${detail.value.subject || s.noSubject} – `;
  });
  useTitle(computed(() => `${unread.value}${subject.value}${s.product}`));
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link === null) return;
  const plain = link.href;
  const withDot = (): Promise<string> => (badged ??= dotted(plain));
  let badged: Promise<string> | undefined;
  watch(
    () => shown.value > 0,
    async (any) => {
      const icon = any ? await withDot().catch(() => plain) : plain;
      if (any === shown.value > 0) link.href = icon;
    },
    { immediate: true },
  );
  // Some browsers support the method `setAppBadge`, but only for installed pages; errors of the method are
  // ignored.
  if ('setAppBadge' in navigator) {
    watch(shown, (unread) => void navigator.setAppBadge(unread).catch(() => undefined));
  }
}
