/** UID sets as text with ranges, in the given order: `1:500,502` instead of 501 numbers in a line of the log. */
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
