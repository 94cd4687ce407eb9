/**
 * Commits a planned change: writes its lines to the journal, applies it to the state in memory, and publishes
 * the resulting changes, in this order.
 */
import type { Change } from '../changes.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan/plan.ts';
import { apply } from '../model/apply/index.ts';
import { NOWHERE } from '../position.ts';
import type { State } from '../model/state.ts';

/**
 * Commits a planned change. Must not run during another commit, because a plan is valid only for the state
 * for which it was made.
 */
export async function commit<T>(state: State, journal: Journal, plan: Plan<T>, isAccess = false): Promise<T> {
  const { lines, result } = plan;
  if (lines.length === 0) return result();
  const positions = await journal.append(lines, isAccess);
  const changes: Change[] = [];
  for (const [i, entries] of lines.entries()) {
    for (const entry of entries) changes.push(...apply(state, entry, positions[i] ?? NOWHERE));
  }
  state.ring.publish(changes);
  const dropped = state.takeDropped();
  if (dropped.length > 0) journal.dropRaw(dropped);
  return result();
}
