/**
 * Decides, when the store is opened, whether lines of the log may be lost, and whether the log must be
 * rewritten.
 */
import { damagedName } from '../files/set-aside.ts';
import type { Replayed } from '../log/replay.ts';
import type { JsonJournal } from './journal.ts';
import { currentBoot, type Lock } from './lock.ts';
import { LOG_VERSION } from './migrations.ts';
import type { StateReplay } from './state-replay.ts';

/**
 * The state of the log as found when the store is opened: its version, damaged lines, lines in a wrong place, and
 * whether its last line is incomplete.
 */
export type FoundLog = Replayed & Pick<StateReplay, 'version' | 'displaced'>;

/**
 * Returns whether lines of the log may be lost although their changes were acknowledged.
 * @param isStrange whether there are message files that no line of the log mentions
 */
export function hasLost(
  { damaged, displaced, torn }: FoundLog,
  isStrange: boolean,
  lock: Lock | undefined,
): boolean {
  if (damaged.length + displaced > 0) return true;
  const wasClosed = lock?.taken === undefined;
  // If only the process was killed, the lines that it wrote are safe in the page cache of the kernel. If the
  // boot id has changed, the machine was restarted, and lines may be lost.
  const wasKilled = !wasClosed && lock.taken.boot === currentBoot();
  return !wasKilled && (!wasClosed || torn > 0 || isStrange);
}

/**
 * Compacts the log if it is damaged, has an older version, or does not record the change numbers that were skipped
 * for lost lines.
 */
export async function settleLog(
  journal: JsonJournal,
  { damaged, displaced, version, lines }: FoundLog,
  { isLost, now, warn }: { isLost: boolean; now: number; warn: (text: string) => void },
): Promise<void> {
  if (damaged.length + displaced > 0) {
    const kept = damagedName('messages.jsonl', now);
    if (displaced > 0) {
      warn(
        `${displaced} lines of the message log are duplicated or misplaced; the log before the repair: ${kept}`,
      );
    }
    if (damaged.length > 0) {
      const where = damaged.slice(0, 5).map(({ offset }) => offset);
      warn(
        `${damaged.length === 1 ? 'One line' : `${damaged.length} lines`} of the message log damaged and skipped, ` +
          `at octet ${where.join(', ')}; the log before the repair: ${kept}`,
      );
    }
    await journal.compact(kept);
  } else if (isLost || (version !== LOG_VERSION && lines > 0)) {
    await journal.compact();
  }
}
