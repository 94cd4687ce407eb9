/** Changes the allow list of the relay. */
import type { AllowListChange } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { info } from '../shared/overview.ts';
import { notify } from '../shared/toasts.ts';

/** Changes the allow list and shows the notice `done`; resolves with the error, or with null after a success. */
export async function changeAllowList(change: AllowListChange, done: string): Promise<string | null> {
  try {
    const relay = await client.changeAllowList(change);
    if (info.value !== null) info.value = { ...info.value, relay };
    notify(done);
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}
