/** Translates the marks `seen` and `flagged` of the API to operations on IMAP flags. */
import type { FlagOperation, Marks } from '../../store.ts';

/** Returns the operations that add and remove IMAP flags according to the given marks. */
export function flagOperations({ seen, flagged }: Marks): { operation: FlagOperation; flags: string[] }[] {
  const wanted = (state: boolean): string[] => [
    ...(seen === state ? ['\\Seen'] : []),
    ...(flagged === state ? ['\\Flagged'] : []),
  ];
  return [
    { operation: 'add' as const, flags: wanted(true) },
    { operation: 'remove' as const, flags: wanted(false) },
  ].filter(({ flags }) => flags.length > 0);
}
