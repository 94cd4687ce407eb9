/**
 * State of the search box: its text, the suggestions for the word at the caret, and the search that follows the text.
 */
import { computed, nextTick, ref, useTemplateRef, watch } from 'vue';
import { client, RestanteError } from '../../client.ts';
import { isPlain, suggest, waitsForValue, wordStart, type Suggestion } from '../../model/query-words.ts';
import { strings as s } from '../../strings.ts';
import { focusList, wantedFocus } from '../shared/focus.ts';
import { accounts, tags } from '../shared/overview.ts';
import { account, query, search } from '../shared/place.ts';
import { recentSearches, savedSearches } from '../shared/settings.ts';
import { notify } from '../shared/toasts.ts';
import { failure, isEmpty, rows, status } from './list.ts';

/** The time without a key press before the list is searched, in milliseconds. */
const PAUSE = 220;

/** Returns whether the server accepts a query; an error of the connection is reported by the search itself. */
async function isAccepted(next: string): Promise<boolean> {
  try {
    await client.list({ account: account.value, query: next, limit: 1 });
    return true;
  } catch (error) {
    return !(error instanceof RestanteError && error.problem.position !== undefined);
  }
}

/** The number of recent searches that are kept. */
const RECENT = 8;

function noteSearch(query: string): void {
  if (query === '') return;
  recentSearches.value = [query, ...recentSearches.value.filter((one) => one !== query)].slice(0, RECENT);
}

/** Returns the recent and the saved searches, for the empty search box. */
function earlierSearches(): readonly Suggestion[] {
  const saved = savedSearches.value.filter((query) => !recentSearches.value.includes(query));
  return [
    ...recentSearches.value.map((text) => ({ text, hint: s.search.recent, complete: true })),
    ...saved.map((text) => ({ text, hint: s.search.savedSearch, complete: true })),
  ];
}

export function useSearchBox() {
  const input = useTemplateRef<HTMLInputElement>('input');
  const text = ref(query.value);
  const caret = ref(0);
  const focused = ref(false);
  const dismissed = ref(false);
  const active = ref(-1);
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(query, (next) => {
    if (next !== text.value.trim()) text.value = next;
  });
  watch(account, () => (text.value = query.value));

  const start = computed(() => wordStart(text.value, caret.value));
  const suggestions = computed<readonly Suggestion[]>(() => {
    if (focused.value && !dismissed.value && text.value === '') return earlierSearches();
    return focused.value && !dismissed.value && start.value >= 0
      ? suggest(text.value.slice(start.value, caret.value), {
          accounts: accounts.value,
          tags: tags.value,
          messages: rows.value,
        })
      : [];
  });
  const problem = computed(() => (status.value === 'failed' ? (failure.value?.problem ?? null) : null));
  const canSave = computed(() => query.value !== '' && !savedSearches.value.includes(query.value));

  function onInput(): void {
    caret.value = input.value?.selectionStart ?? text.value.length;
    dismissed.value = false;
    active.value = -1;
    wantedFocus.value = null;
    clearTimeout(timer);
    const word = start.value < 0 ? '' : text.value.slice(start.value);
    if (!waitsForValue(word)) timer = setTimeout(() => void follow(), PAUSE);
  }

  /**
   * Searches for the text while the user types. A text that is no valid query yet, such as `is:un`, changes nothing:
   * the list keeps the results of the previous query until the text is valid or the user leaves the search box.
   */
  async function follow(): Promise<void> {
    const next = text.value.trim();
    if (!isPlain(next) && !(await isAccepted(next))) return;
    if (focused.value && next === text.value.trim()) await search(next, { replace: true });
  }

  async function take({ text: word, complete }: Suggestion): Promise<void> {
    if (text.value === '') {
      text.value = word;
      await leave();
      return;
    }
    const rest = text.value.slice(caret.value);
    const head = text.value.slice(0, start.value) + word + (complete && !rest.startsWith(' ') ? ' ' : '');
    text.value = head + rest;
    await nextTick();
    input.value?.setSelectionRange(head.length, head.length);
    onInput();
  }

  /**
   * Searches at once and moves the focus to the results. With `always`, the focus also moves out of the
   * search box if there are no results.
   */
  async function leave({ always = false } = {}): Promise<void> {
    clearTimeout(timer);
    dismissed.value = true;
    noteSearch(text.value.trim());
    await search(text.value.trim());
    await nextTick();
    if (always && isEmpty.value) input.value?.blur();
    else focusList();
  }

  function submit(): void {
    const chosen = suggestions.value[active.value];
    void (chosen === undefined ? leave() : take(chosen));
  }

  function move(by: 1 | -1): void {
    const size = suggestions.value.length;
    if (size > 0) active.value = (active.value + by + size + (active.value < 0 && by < 0 ? 1 : 0)) % size;
    else if (by > 0) void leave();
  }

  /** Offers the earlier searches again in an empty search box. */
  function onFocus(): void {
    focused.value = true;
    active.value = -1;
    if (text.value === '') dismissed.value = false;
  }

  /** Searches for the current text, so that the list always matches the search box. */
  function onBlur(): void {
    focused.value = false;
    clearTimeout(timer);
    if (text.value.trim() !== query.value) void search(text.value.trim(), { replace: true });
  }

  /** Closes the suggestions. If none are open, moves the focus out of the search box, and keeps the query. */
  function escape(): void {
    if (suggestions.value.length > 0) dismissed.value = true;
    else void leave({ always: true });
  }

  function clear(): void {
    clearTimeout(timer);
    text.value = '';
    void search('');
    onFocus();
    input.value?.focus();
  }

  function save(): void {
    savedSearches.value = [...savedSearches.value, query.value];
    notify(s.search.saved);
  }

  return {
    text,
    query,
    focused,
    active,
    suggestions,
    problem,
    canSave,
    onInput,
    onFocus,
    onBlur,
    take,
    submit,
    move,
    escape,
    clear,
    save,
  };
}
