/** The actions on accounts: setting passwords, and removal with undo. */
import { shallowRef } from 'vue';
import { client, wordsOf } from '../../client.ts';
import { strings as s } from '../../strings.ts';
import { refreshSoon } from '../shared/overview.ts';
import { notify } from '../shared/toasts.ts';
import { defer } from '../shared/undo.ts';

/** The accounts whose removal can still be undone: the page does not show them. */
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

/**
 * Sets the password of an account; null makes the account accept any password. Resolves with true if the server
 * accepted the change, and shows the result in a notice.
 */
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
