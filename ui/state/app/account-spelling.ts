/**
 * Replaces the URL of the page if it contains another spelling of an account, so that each account has one
 * URL.
 */
import { watch } from 'vue';
import { addressKey } from '../../../contract/text/address.ts';
import { inboxAt, router } from '../../router.ts';
import { accounts } from '../shared/overview.ts';
import { account, inInbox, messageId, query, tab } from '../shared/place.ts';

export function startAccountSpelling(): void {
  watch([account, accounts], () => {
    if (!inInbox.value || accounts.value.some(({ name }) => name === account.value)) return;
    const key = addressKey(account.value);
    const known = accounts.value.find(({ name }) => addressKey(name) === key);
    if (known === undefined) return;
    void router.replace(
      inboxAt(known.name, {
        query: query.value,
        id: messageId.value,
        tab: messageId.value === '' ? '' : tab.value,
      }),
    );
  });
}
