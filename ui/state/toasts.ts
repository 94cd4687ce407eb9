/** Short notices at the foot of the page; some offer to undo what they tell. */
import { shallowRef } from 'vue';

export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly tone: 'plain' | 'danger';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Milliseconds a notice stays. */
export const TOAST_TIME = 6000;

export const toasts = shallowRef<readonly Toast[]>([]);
let lastKey = 0;

export function dismiss(key: number): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key);
}

/** Shows a notice; returns what takes it away early. */
export function notify(text: string, { tone = 'plain', action = null }: Partial<Toast> = {}): () => void {
  const key = ++lastKey;
  toasts.value = [...toasts.value.slice(-2), { key, text, tone, action }];
  setTimeout(() => dismiss(key), TOAST_TIME);
  return () => dismiss(key);
}
