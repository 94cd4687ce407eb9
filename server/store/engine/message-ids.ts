/**
 * Creates message ids from the milliseconds since the epoch, a counter within the millisecond, and random
 * digits. All parts are written in base 36 with a fixed number of digits, so ids sort by time.
 */
import type { MessageId } from '../ids.ts';

/**
 * Number of base-36 digits for each part of an id: the time fits until the year 5188, and the counter allows
 * 46,656 ids in each millisecond.
 */
const TIME = 9;
const COUNTER = 3;
const CHANCE = 4;

export function createMessageIds(clock: () => number, random: () => number): () => MessageId {
  let last = 0;
  let counter = 0;
  return () => {
    // New ids must still sort after older ids when the system clock was set back.
    const now = Math.max(Math.floor(clock()), last);
    counter = now === last ? counter + 1 : 0;
    if (counter >= 36 ** COUNTER) {
      last = now + 1;
      counter = 0;
    } else {
      last = now;
    }
    const chance = Math.floor(random() * 36 ** CHANCE);
    return [
      last.toString(36).padStart(TIME, '0'),
      counter.toString(36).padStart(COUNTER, '0'),
      chance.toString(36).padStart(CHANCE, '0'),
    ].join('') as MessageId;
  };
}
