/** What marking messages means in flags. */
import type { FlagOperation, Store } from '../store.ts';

export type Marks = Parameters<Store['markMatching']>[1];

/** Flag operations that bring the marks about; those that are not given stay as they are. */
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
