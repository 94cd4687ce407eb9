/** What is done with accounts: their passwords, and their end, which can be undone for a moment. */
import { shallowRef } from 'vue';
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { refreshSoon } from '../shared/overview.ts';
import { notify } from '../shared/toasts.ts';
import { defer } from '../shared/undo.ts';

/** Accounts that are about to be removed: shown no more. */
export const leaving = shallowRef<ReadonlySet<string>>(new Set());

const without = (name: string): ReadonlySet<string> =>
  new Set([...leaving.value].filter((other) => other !== name));

export function removeAccount(name: string): void {
  leaving.value = new Set([...leaving.value, name]);
  defer({
    text: s.accounts.removed(name),
    async commit() {
      await client.removeAccount(name);
      refreshSoon();
    },
    undo: () => (leaving.value = without(name)),
    failed: s.accounts.removeFailed,
  });
}

/** Sets the password; with null any will do. Tells whether it went well, and the reader too. */
export async function setPassword(name: string, password: string | null): Promise<boolean> {
  try {
    await client.setPassword(name, password);
    notify(password === null ? s.accounts.accepts(name) : s.accounts.changed(name));
    refreshSoon();
    return true;
  } catch (error) {
    notify(s.accounts.changeFailed(wordsOf(error)), { tone: 'danger' });
    return false;
  }
}
