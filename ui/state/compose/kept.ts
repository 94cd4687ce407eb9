/**
 * The drafts that the user closed without sending. This browser stores their fields, so that the same command opens a
 * draft again, also after a reload of the page; their attachments are kept until the page is closed.
 */
import { useLocalStorage } from '@vueuse/core';
import { draft } from '../shared/dialogs.ts';
import type { Draft, DraftAttachment } from './drafts.ts';

type KeptDraft = Pick<Draft, 'key' | 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text'> &
  // Drafts that earlier versions stored have no HTML.
  Partial<Pick<Draft, 'html'>>;

/** The maximum number of stored drafts; the oldest draft is removed first. */
const KEPT = 20;

const kept = useLocalStorage<KeptDraft[]>('restante.drafts', []);
const attachments = new Map<string, readonly DraftAttachment[]>();

export const isKept = (key: string): boolean => kept.value.some((one) => one.key === key);

/** Opens the compose dialog with a draft, or with the stored draft of the same purpose. */
export function openDraft(fresh: Draft): void {
  const fields = kept.value.find(({ key }) => key === fresh.key);
  const carried = attachments.get(fresh.key);
  draft.value = {
    ...fresh,
    ...fields,
    ...(fields === undefined || carried === undefined ? {} : { attachments: carried, forwarded: null }),
  };
}

/** Stores a draft that was closed without sending. */
export function keepDraft(closed: Draft): void {
  forgetDraft(closed.key);
  const { key, from, to, cc, bcc, subject, text, html } = closed;
  kept.value = [...kept.value, { key, from, to, cc, bcc, subject, text, html }].slice(-KEPT);
  attachments.set(key, closed.attachments);
}

/** Removes a stored draft that was sent or discarded. */
export function forgetDraft(key: string): void {
  kept.value = kept.value.filter((one) => one.key !== key);
  attachments.delete(key);
}
