/** Message ids: milliseconds, a counter within them, and chance; base 36, sortable by time. */
import type { MessageId } from '../ids.ts';

/** Digits of base 36: milliseconds last until the year 5188, 46,656 ids in one millisecond. */
const TIME = 9;
const COUNTER = 3;
const CHANCE = 4;

export function createMessageIds(clock: () => number, random: () => number): () => MessageId {
  let last = 0;
  let counter = 0;
  return () => {
    // A clock that is set back must not make ids that sort before older ones.
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
