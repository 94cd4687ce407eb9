/** Short notices at the bottom of the page; some of them offer to undo an action. */
import { shallowRef } from 'vue';

export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly tone: 'plain' | 'danger';
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /**
   * The function that is called when the notice disappears: after its display time, by a click, or after its
   * action.
   */
  readonly ended: () => void;
}

/** The time that a notice is shown, in milliseconds. */
const TOAST_TIME = 6000;
/** The maximum number of notices shown at once; a new notice replaces the oldest notice. */
const MOST = 3;

export const toasts = shallowRef<readonly Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let lastKey = 0;
let isHeld = false;

export function dismiss(key: number): void {
  const gone = toasts.value.find((toast) => toast.key === key);
  clearTimeout(timers.get(key));
  timers.delete(key);
  toasts.value = toasts.value.filter((toast) => toast !== gone);
  gone?.ended();
}

/** Shows a notice; returns a function that removes the notice early. */
export function notify(
  text: string,
  { tone = 'plain', action = null, ended = () => undefined }: Partial<Toast> = {},
): () => void {
  const key = ++lastKey;
  toasts.value = [...toasts.value, { key, text, tone, action, ended }];
  const [oldest] = toasts.value;
  if (toasts.value.length > MOST && oldest !== undefined) dismiss(oldest.key);
  startTimer(key);
  return () => dismiss(key);
}

function startTimer(key: number): void {
  if (isHeld) return;
  timers.set(
    key,
    setTimeout(() => dismiss(key), TOAST_TIME),
  );
}

/** Keeps all notices visible while the pointer or the focus is on one of them. */
export function holdToasts(): void {
  isHeld = true;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
}

export function releaseToasts(): void {
  holdToasts();
  isHeld = false;
  for (const { key } of toasts.value) startTimer(key);
}
