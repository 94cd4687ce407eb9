/** Combines the slices of a copy or a move, each of which is a commit of its own, to one outcome for the caller. */
import type { Uid } from '../ids.ts';
import type { CopyOutcome } from '../store.ts';

export const ascending = (uids: readonly Uid[]): Uid[] => [...new Set(uids)].sort((a, b) => a - b);

/**
 * Copies messages in slices, and returns the UIDs of all slices. If a slice fails, the copies of the earlier slices
 * are removed (RFC 9051 §6.4.7: all messages are copied or none).
 * @param uidValidity UIDVALIDITY of the mailbox that receives the copies
 * @param copy copies all slices, and calls its parameter with the outcome of each one
 * @param remove removes copies by their UIDs; `null` for a move, whose earlier slices stay moved
 */
export async function copySlices(
  uidValidity: number,
  copy: (done: (outcome: CopyOutcome) => void) => Promise<unknown>,
  remove: ((copies: readonly Uid[]) => Promise<unknown>) | null,
): Promise<CopyOutcome> {
  const outcomes: CopyOutcome[] = [];
  const all = (key: 'source' | 'target'): Uid[] => outcomes.flatMap((outcome) => outcome[key]);
  try {
    await copy((outcome) => outcomes.push(outcome));
  } catch (error) {
    // The caller receives the error of the failed copy, even if the removal of the earlier copies fails too.
    await remove?.(all('target')).catch(() => undefined);
    throw error;
  }
  return { uidValidity, source: all('source'), target: all('target') };
}
