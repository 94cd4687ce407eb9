/** Waits for a condition that a busy machine may be slow to meet; the limit only ends a test that hangs. */
import { vi } from 'vitest';

/** Resolves when `check` no longer throws; rejects with its last error after a minute. */
export const soon = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { interval: 5, timeout: 60_000 });
