/** A live check that is loaded when it first runs: a start does without what checks bring along. */
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
