/**
 * Decides, when the store is opened, whether lines of the log may be lost, and whether the log must be
 * rewritten.
 */
import path from 'node:path';
import { damagedPath } from '../files/set-aside.ts';
import type { Replayed } from '../log/replay.ts';
import type { JsonJournal } from './journal.ts';
import { currentBoot, type Lock } from './lock.ts';
import { LOG_VERSION } from './migrations.ts';
import type { StateReplay } from './state-replay.ts';

/**
 * The state of the log as found when the store is opened: its version, damaged lines, lines in a wrong place, gaps
 * in the change numbers, and whether its last line is incomplete.
 */
export type FoundLog = Replayed & Pick<StateReplay, 'version' | 'displaced' | 'gaps'>;

/**
 * Returns whether complete lines are missing from the log: its first line is not the line with the version, or
 * change numbers are missing that no damaged line explains.
 */
export const isIncomplete = ({ lines, version, gaps, damaged }: FoundLog): boolean =>
  damaged.length === 0 && (gaps > 0 || (version === undefined && lines > 0));

/**
 * Returns whether lines of the log may be lost although their changes were acknowledged.
 * @param isStrange whether there are message files that no line of the log mentions
 */
export function hasLost(log: FoundLog, isStrange: boolean, lock: Lock | undefined): boolean {
  const { damaged, displaced, torn } = log;
  if (damaged.length + displaced > 0 || isIncomplete(log)) return true;
  const wasClosed = lock?.taken === undefined;
  // If only the process was killed, the lines that it wrote are safe in the page cache of the kernel. If the
  // boot id has changed, the machine was restarted, and lines may be lost.
  const wasKilled = !wasClosed && lock.taken.boot === currentBoot();
  return !wasKilled && (!wasClosed || torn > 0 || isStrange);
}

export interface SettleOptions {
  /** Path of the log. */
  readonly file: string;
  /** Whether acknowledged lines of the log may be lost. */
  readonly isLost: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly warn: (text: string) => void;
}

/**
 * Compacts the log if it is damaged or incomplete, has an older version, or does not record the change numbers that were skipped
 * for lost lines.
 */
export async function settleLog(
  journal: JsonJournal,
  log: FoundLog,
  { file, isLost, now, warn }: SettleOptions,
): Promise<void> {
  const { damaged, displaced, version, lines } = log;
  if (damaged.length + displaced > 0 || isIncomplete(log)) {
    const kept = path.basename(damagedPath(file, now));
    if (isIncomplete(log)) {
      warn(`Lines are missing from the message log; the log before the repair: ${kept}`);
    }
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
