/**
 * The maximum number of simultaneous requests: a browser opens six connections to a host, and the rest of the
 * page needs some of them.
 */
const AT_ONCE = 4;

/** Calls a function for each item, for a few items at the same time; rejects with the first error. */
export async function eachOf<T>(items: readonly T[], call: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const work = async (): Promise<void> => {
    for (const item of left) await call(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
