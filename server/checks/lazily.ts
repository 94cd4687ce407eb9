/**
 * Creates a live check (a check that contacts other servers) whose code is loaded on its first run, so that the
 * libraries of the check do not slow down the start of the server.
 */
import type { LiveCheck } from './check.ts';

export function lazily(
  name: LiveCheck['name'],
  unavailable: LiveCheck['unavailable'],
  load: () => Promise<LiveCheck['run']>,
): LiveCheck {
  let run: Promise<LiveCheck['run']> | undefined;
  return {
    name,
    unavailable,
    run: async (message, request, signal) => (await (run ??= load()))(message, request, signal),
  };
}
