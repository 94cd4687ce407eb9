/** State of the accounts view: the accounts that match a filter, in a chosen order, page by page. */
import { computed, ref } from 'vue';
import type { Account } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';
import { info } from '../shared/overview.ts';
import { leaving } from './actions.ts';
import { useAccounts } from './search.ts';

/**
 * The number of rows that are shown at first, and the number of rows that are added each time the user requests
 * more rows.
 */
const STEP = 200;

type Order = keyof typeof s.accounts.sorts;
const orders: Readonly<Record<Order, (a: Account, b: Account) => number>> = {
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
  name: (a, b) => a.name.localeCompare(b.name),
  unread: (a, b) => b.unread - a.unread,
  messages: (a, b) => b.messages - a.messages,
};
const orderChoices = (Object.keys(orders) as Order[]).map((value) => ({
  value,
  label: s.accounts.sorts[value],
}));

export function useAccountsView() {
  const filter = ref('');
  const order = ref<Order>('newest');
  const limit = ref(STEP);
  const isMinting = ref(false);
  /** The name of the account whose login dialog is open; empty if no dialog is open. */
  const editing = ref('');
  const { found: matching, total, more } = useAccounts(filter);

  const found = computed(() =>
    matching.value.filter(({ name }) => !leaving.value.has(name)).sort(orders[order.value]),
  );
  /** Whether the server has more matching accounts than are loaded. */
  const isPartial = computed(() => matching.value.length < total.value);

  return {
    filter,
    order,
    orderChoices,
    isMinting,
    editing,
    info,
    edited: computed(() => matching.value.find(({ name }) => name === editing.value) ?? null),
    found,
    shown: computed(() => found.value.slice(0, limit.value)),
    isPartial,
    total: computed(() => (isPartial.value ? total.value : found.value.length)),
    hasMore: computed(() => found.value.length > limit.value || isPartial.value),
    showMore: async (): Promise<void> => {
      limit.value += STEP;
      if (found.value.length < limit.value) await more();
    },
  };
}
