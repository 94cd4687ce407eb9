/** Loads the summaries of messages that are to be ordered. */
import { Pace } from './pace.ts';
import type { Candidate } from './search-match.ts';
import type { Session } from './session.ts';

export async function withSummaries(
  session: Session,
  found: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const pace = new Pace();
  for (const candidate of found) {
    candidate.summary ??= (await session.store.summary(candidate.placement.message)) ?? null;
    if (pace.due) await pace.rest();
  }
  return found;
}
