/**
 * Idempotency keys: a request with the key of an earlier request gets the earlier response, and its messages are not
 * captured again. Two requests at the same time, also to two servers on one store, are captured once.
 */
import { createHash } from 'node:crypto';
import type { RecordSet, Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { Call } from './provider.ts';

/** The time for which the response to a request is stored, in milliseconds. */
const KEPT = 24 * 3_600_000;
/** The minimum time between two deletions of old records, in milliseconds. */
const SWEPT_EVERY = 600_000;

interface Claim {
  /** The digest of the request's path and body. */
  readonly request: string;
  /** The time of the request in milliseconds since the epoch. */
  readonly at: number;
  /** The response; `null` while the request is being processed. */
  readonly answer: Answer | null;
}

/** The responses to a request whose key was used before for another request, or for a request that is not finished. */
export interface Conflicts {
  readonly otherRequest: () => Answer;
  readonly unfinished: () => Answer;
}

const digest = (...texts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64url');
};

/** The time of the last deletion of old records of each store. */
const swept = new WeakMap<object, number>();

async function sweep(records: RecordSet<Claim>, store: object, now: number): Promise<void> {
  if (now - (swept.get(store) ?? 0) < SWEPT_EVERY) return;
  swept.set(store, now);
  for (const { key, value } of await records.list()) if (now - value.at >= KEPT) await records.delete(key);
}

/**
 * Processes a request once. A failed request does not use up its key.
 *
 * @param idempotencyKey the key that the request names; `undefined` for a request without a key
 */
export async function once(
  store: Pick<Store, 'records'>,
  call: Call,
  idempotencyKey: string | undefined,
  conflicts: Conflicts,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (idempotencyKey === undefined || idempotencyKey === '') return work();
  const records = store.records.collection<Claim>('provider-idempotency');
  await sweep(records, store, call.now);
  const key = digest(call.key, idempotencyKey);
  const own: Claim = { request: digest(call.path, call.body), at: call.now, answer: null };
  let earlier: Claim | undefined;
  await records.update(key, (known) => {
    earlier = known !== undefined && call.now - known.at < KEPT ? known : undefined;
    return earlier ?? own;
  });
  if (earlier !== undefined) {
    if (earlier.request !== own.request) return conflicts.otherRequest();
    return earlier.answer ?? conflicts.unfinished();
  }
  try {
    const answer = await work();
    await records.put(key, { ...own, answer });
    return answer;
  } catch (error) {
    await records.delete(key);
    throw error;
  }
}
