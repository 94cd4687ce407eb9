/** Waits for a condition that a busy machine may be slow to meet; the limit serves only to end a test that hangs. */
import { vi } from 'vitest';
import { PATIENCE } from './patience.ts';

/** Resolves when `check` no longer throws; rejects with its last error after `PATIENCE`. */
export const soon = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { interval: 5, timeout: PATIENCE });
