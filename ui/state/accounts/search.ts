/**
 * Searches accounts by a filter. If not all accounts are loaded, the server searches, and sends the results page by
 * page.
 */
import { refDebounced } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import type { Account, AccountList } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { accounts, ACCOUNTS_LOADED, accountTotal, nextAccounts } from '../shared/overview.ts';

/** The time without a key press before the filter is sent to the server, in milliseconds. */
const QUIET = 150;

export interface FoundAccounts {
  /** The loaded accounts whose name contains the filter. */
  readonly found: ComputedRef<readonly Account[]>;
  /** The number of matching accounts on the server. */
  readonly total: ComputedRef<number>;
  /** Loads the next page of accounts, if there is one. */
  readonly more: () => Promise<void>;
}

export function useAccounts(filter: Readonly<Ref<string>>): FoundAccounts {
  const words = computed(() => filter.value.trim().toLowerCase());
  const asked = refDebounced(words, QUIET);
  const loaded = shallowRef<ReadonlyMap<string, Account>>(new Map());
  /** The last page of results that the server sent for the filter `name`. */
  const last = shallowRef<{ readonly name: string; readonly page: AccountList } | null>(null);

  async function load(name: string, cursor?: string): Promise<void> {
    try {
      const page = await client.accounts({
        name,
        limit: ACCOUNTS_LOADED,
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (name !== words.value) return;
      loaded.value = new Map([...loaded.value, ...page.accounts.map((one) => [one.name, one] as const)]);
      last.value = { name, page };
    } catch {
      // The error is ignored: the page shows that the connection is lost, and the next refresh or key press repeats
      // the request.
    }
  }

  watch(
    asked,
    (name) => {
      loaded.value = new Map();
      last.value = null;
      if (name !== '' && nextAccounts.value !== null) void load(name);
    },
    { immediate: true },
  );

  const found = computed(() => {
    const all = new Map([...loaded.value, ...accounts.value.map((one) => [one.name, one] as const)]);
    return [...all.values()].filter(({ name }) => name.toLowerCase().includes(words.value));
  });
  const total = computed(() => {
    if (words.value === '') return accountTotal.value;
    return last.value?.name === words.value ? last.value.page.total : found.value.length;
  });

  return {
    found,
    total,
    async more() {
      const isCurrent = last.value?.name === words.value;
      const cursor = isCurrent ? last.value?.page.next : words.value === '' ? nextAccounts.value : null;
      if (cursor != null) await load(words.value, cursor);
    },
  };
}
