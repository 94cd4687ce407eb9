/**
 * Plans changes of message flags (RFC 9051 §6.4.6), with the UNCHANGEDSINCE condition of CONDSTORE (RFC 7162
 * §3.1.3).
 */
import type { Seq, Uid } from '../../ids.ts';
import type { FlagOperation, FlagOutcome, Placement } from '../../store.ts';
import type { FlagSet } from '../../model/flag-sets.ts';
import type { MailboxState, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { formatUids } from '../../model/uid-set.ts';
import { Numbering, type Plan } from './plan.ts';

export function planFlags(
  state: State,
  mailbox: MailboxState,
  uids: readonly Uid[],
  operation: FlagOperation,
  given: readonly string[],
  unchangedSince?: Seq,
): Plan<FlagOutcome> {
  const after = state.flagSets.plan(operation, given);
  const modified: Uid[] = [];
  const addressed: Uid[] = [];
  const sets = new Map<FlagSet, Uid[]>();
  for (const uid of uids) {
    const placement = mailbox.placements.get(uid);
    if (placement === undefined) continue;
    if (unchangedSince !== undefined && placement.modseq > unchangedSince) {
      modified.push(uid);
      continue;
    }
    addressed.push(uid);
    group(sets, placement, after(placement.flags));
  }
  const result = (): FlagOutcome => ({
    updated: addressed.flatMap((uid): Placement[] => {
      const placement = mailbox.placements.get(uid);
      return placement === undefined ? [] : [placement];
    }),
    modified,
  });
  if (sets.size === 0) return { lines: [], result };
  const count = [...sets.values()].reduce((sum, members) => sum + members.length, 0);
  const seq = new Numbering(state).take(count);
  return {
    lines: [
      [
        {
          do: 'flag',
          seq,
          mailbox: mailbox.id,
          sets: [...sets].map(([set, members]) => ({ flags: set, uids: formatUids(members) })),
        },
      ],
    ],
    result,
  };
}

/**
 * Adds the UID of a message to the group of UIDs that get the same new flags. Skips a message whose flags
 * stay the same, because its MODSEQ must not increase.
 */
function group(sets: Map<FlagSet, Uid[]>, placement: PlacementState, after: FlagSet): void {
  if (after === placement.flags) return;
  const members = sets.get(after);
  if (members === undefined) sets.set(after, [placement.uid]);
  else members.push(placement.uid);
}
