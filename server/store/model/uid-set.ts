/**
 * Converts lists of UIDs to text with ranges, and back, in the given order: a line of the log contains
 * `1:500,502` in place of 501 numbers.
 */
import type { Uid } from '../ids.ts';

export function formatUids(uids: readonly Uid[]): string {
  const parts: string[] = [];
  for (let i = 0; i < uids.length; i++) {
    const first = uids[i] as number;
    let last = first;
    while (uids[i + 1] === last + 1) {
      last++;
      i++;
    }
    parts.push(first === last ? `${first}` : `${first}:${last}`);
  }
  return parts.join(',');
}

export function* parseUids(text: string | undefined): Generator<Uid> {
  if (text === undefined || text === '') return;
  for (const part of text.split(',')) {
    const [first, last] = part.split(':').map(Number);
    for (let uid = first ?? 1; uid <= (last ?? first ?? 0); uid++) yield uid as Uid;
  }
}
