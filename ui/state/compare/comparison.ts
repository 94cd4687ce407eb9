/**
 * The state of the comparison of two messages: the messages and the view that the URL of the page names, and
 * the differences.
 */
import { computed, shallowRef } from 'vue';
import type { Detail, Summary } from '../../../contract/index.ts';
import { client, RestanteError, wordsOf } from '../../client.ts';
import { ALL, COMPARE_VIEWS, inboxAt, router, type CompareView } from '../../router.ts';

const route = router.currentRoute;
const parameter = (name: string): string => {
  const value = route.value.params[name];
  return typeof value === 'string' ? value : '';
};

export const isComparing = (): boolean => route.value.name === 'compare';
export const leftId = computed(() => parameter('left'));
export const rightId = computed(() => parameter('right'));
/** Whether only differences are shown and equal content is hidden. */
export const onlyDifferences = computed(() => route.value.query.only !== undefined);

/** The two compared messages; null until both are loaded. */
export const pair = shallowRef<{ readonly left: Detail; readonly right: Detail } | null>(null);
export const failure = shallowRef<{ readonly text: string; readonly gone: boolean } | null>(null);

/**
 * The view of the comparison that the URL of the page names; if the URL names none, a view that both messages
 * have.
 */
export const compareView = computed<CompareView>(() => {
  const asked = COMPARE_VIEWS.find((known) => known === parameter('view'));
  if (asked !== undefined || pair.value === null) return asked ?? 'headers';
  const { left, right } = pair.value;
  return left.html !== null && right.html !== null ? 'rendered' : 'text';
});

interface Place {
  left?: string;
  right?: string;
  view?: CompareView;
  only?: boolean;
}

function placeAt({
  left = leftId.value,
  right = rightId.value,
  view = compareView.value,
  only = onlyDifferences.value,
}: Place) {
  return { name: 'compare', params: { left, right, view }, query: only ? { only: '1' } : {} };
}
export const lookAt = (place: Place): void => void router.replace(placeAt(place));
export const swapSides = (): void => lookAt({ left: rightId.value, right: leftId.value });

/** Opens the comparison of two messages, with the older message on the left. */
export function compare(one: Pick<Summary, 'id' | 'seq'>, other: Pick<Summary, 'id' | 'seq'>): void {
  const [left, right] = one.seq <= other.seq ? [one, other] : [other, one];
  void router.push({ name: 'compare', params: { left: left.id, right: right.id, view: '' } });
}

/**
 * Returns to the previous page; if there is none because the comparison was opened by its URL, opens the left
 * message.
 */
export function closeCompare(): void {
  const { back } = (history.state ?? {}) as { back?: unknown };
  if (typeof back === 'string') router.back();
  else void router.push(inboxAt(ALL, { id: leftId.value }));
}

let asked = 0;
export async function loadPair(left: string, right: string): Promise<void> {
  const turn = ++asked;
  failure.value = null;
  try {
    const known = [pair.value?.left, pair.value?.right];
    const get = async (id: string): Promise<Detail> =>
      known.find((one) => one?.id === id) ?? (await client.message(id));
    const found = await Promise.all([get(left), get(right)]);
    if (turn === asked) pair.value = { left: found[0], right: found[1] };
  } catch (error) {
    if (turn !== asked) return;
    pair.value = null;
    failure.value = { text: wordsOf(error), gone: error instanceof RestanteError && error.status === 404 };
  }
}

/** A difference that the keys `n` and `p` move to. */
export interface Stop {
  reveal(): void;
}
export const stops = shallowRef<readonly Stop[]>([]);
/** The number of the difference that was visited last, counted from 1; 0 before the first visit. */
export const stopAt = shallowRef(0);

export function showStops(found: readonly Stop[]): void {
  stops.value = found;
  stopAt.value = 0;
}

/** Moves to the next or the previous difference; after the last difference, continues with the first difference. */
export function goToStop(by: 1 | -1): void {
  const { length } = stops.value;
  if (length === 0) return;
  const from = stopAt.value === 0 && by < 0 ? 1 : stopAt.value;
  stopAt.value = ((from - 1 + by + length) % length) + 1;
  stops.value[stopAt.value - 1]?.reveal();
}
