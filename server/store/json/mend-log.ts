/** Repairs of the message log at start: a torn end, damaged lines, an older version. */
import type { Seq } from '../ids.ts';
import { storageReason } from '../storage-reason.ts';
import type { LogAdapter } from '../log/database.ts';
import type { JsonJournal } from './journal.ts';
import { encodeLine } from '../log/line.ts';
import { currentBoot, type Lock } from './lock.ts';
import { LOG_VERSION } from '../log/migrations.ts';
import type { Replayed } from '../log/replay.ts';
import { damagedName, keepBeside } from './set-aside.ts';

/**
 * Whether the log may have lost acknowledged lines. @param isStrange whether there are message files that the log
 * does not name
 */
export function hasLost(
  { damaged, displaced, torn }: Replayed,
  isStrange: boolean,
  lock: Lock | undefined,
): boolean {
  if (damaged.length + displaced > 0) return true;
  const wasClosed = lock?.taken === undefined;
  // All data that a killed process has written is in the page cache of the kernel; after a power cut it may be lost.
  const wasKilled = !wasClosed && lock.taken.boot === currentBoot();
  return !wasKilled && (!wasClosed || torn > 0 || isStrange);
}

/** Compacts a log that is damaged, of another version, or without a record of the skipped numbers. */
export async function settleLog(
  journal: JsonJournal,
  { damaged, displaced, version, lines }: Replayed,
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

/** Repairs the end of the log so that the next append starts a new line. */
export async function mendEnd(
  adapter: LogAdapter,
  replayed: Replayed,
  now: number,
  warn: (text: string) => void,
): Promise<void> {
  const { log } = adapter;
  if (replayed.torn > 0 && log.size > replayed.keep) {
    const octets = await log.read({ offset: replayed.keep, length: replayed.torn });
    const kept = await keepBeside(log.path, octets, now).then(
      (name) => `kept as ${name}`,
      (error: unknown) => `not kept: ${storageReason(error)}`,
    );
    log.truncate(replayed.keep);
    warn(
      `The last line of the message log was incomplete and is removed, ${replayed.torn} octets, ${kept}: the process was killed, or the file was cut`,
    );
  } else if (replayed.unended && !endsWithLine(log.readNow(log.size - 1, 1))) {
    log.append(Buffer.from('\n'));
  }
  if (log.size === 0) log.append(encodeLine([{ do: 'log', version: LOG_VERSION, seq: 0 as Seq }]));
}

const endsWithLine = (last: Buffer): boolean => last[0] === 10;
