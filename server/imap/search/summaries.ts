/**
 * Loads the summaries of messages that are to be sorted or threaded, and optionally the groups in their address
 * fields.
 */
import { Pace } from '../session/pace.ts';
import type { Candidate } from './match.ts';
import type { Session } from '../session/session.ts';

export async function withSummaries(
  session: Session,
  found: readonly Candidate[],
  groups = false,
): Promise<readonly Candidate[]> {
  const pace = new Pace();
  for (const candidate of found) {
    candidate.summary ??= (await session.store.messages.summary(candidate.placement.message)) ?? null;
    if (groups) candidate.groups ??= (await session.deps.messages.groups(candidate.placement)) ?? null;
    if (pace.overdue) await pace.rest();
  }
  return found;
}
