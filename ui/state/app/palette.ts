/** The search of the command palette: commands, accounts, tags, saved searches, rules and loaded messages. */
import { CornerDownLeft, Hash, ListFilter, Mail, Search, User } from '@lucide/vue';
import { computed, shallowRef, type Component } from 'vue';
import type { Rule } from '../../../contract/index.ts';
import { client } from '../../client.ts';
import { inboxAt, router } from '../../router.ts';
import { strings as s } from '../../strings.ts';
import { commands } from './commands.ts';
import { paletteText } from '../shared/dialogs.ts';
import { rows } from '../inbox/list.ts';
import { useAccounts } from '../accounts/search.ts';
import { tags } from '../shared/overview.ts';
import { openMessageAt, search } from '../shared/place.ts';
import { savedSearches } from '../shared/settings.ts';

export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly icon: Component;
  readonly shortcut: string;
  run(): void;
}

/** The maximum number of entries that the palette shows at once. */
const SHOWN = 30;
/** The number of loaded messages that are searched. */
const MESSAGES = 500;

const entry = (id: string, label: string, icon: Component, run: () => void, shortcut = ''): Entry => ({
  id,
  label,
  icon,
  shortcut,
  run,
});

/**
 * Returns the commands that are available on the current page. They are determined before the palette opens, because
 * the open palette changes what is available.
 */
function usableCommands(): Entry[] {
  return commands
    .filter((command) => command.id !== 'palette' && (command.when?.() ?? true))
    .map((command) => {
      const [shortcut = ''] = command.keys;
      return entry(`command ${command.id}`, command.label, CornerDownLeft, () => command.run(), shortcut);
    });
}

/** Returns the search function of the palette. It uses data that is loaded when the palette opens. */
export function usePalette(): (text: string) => readonly Entry[] {
  const usable = usableCommands();
  const { found: accounts } = useAccounts(computed(() => paletteText.value.trim().split(/\s+/).at(-1) ?? ''));
  const rules = shallowRef<readonly Rule[]>([]);
  client.rules().then(
    (list) => (rules.value = list.rules),
    // An error is ignored: if the rules cannot be loaded, the palette still finds all other entries.
    () => undefined,
  );

  function* all(typed: boolean): Generator<Entry> {
    yield* usable;
    for (const { name } of accounts.value) {
      yield entry(`account ${name}`, s.palette.goTo(name), User, () => void router.push(inboxAt(name)));
    }
    for (const { tag } of tags.value) {
      yield entry(`tag ${tag}`, s.palette.tag(tag), Hash, () => void search(`tag:${JSON.stringify(tag)}`));
    }
    for (const query of savedSearches.value) {
      yield entry(`saved ${query}`, s.palette.saved(query), Search, () => void search(query));
    }
    for (const { id, name, source } of rules.value) {
      if (source === 'file') continue;
      const run = (): void => void router.push({ name: 'rules', query: { edit: id } });
      yield entry(`rule ${id}`, s.palette.rule(name), ListFilter, run);
    }
    if (!typed) return;
    for (const { id, subject } of rows.value.slice(0, MESSAGES)) {
      yield entry(`message ${id}`, s.palette.message(subject || s.noSubject), Mail, () => openMessageAt(id));
    }
  }

  return (text) => {
    const words = text.toLowerCase().split(/\s+/);
    const found: Entry[] = [];
    for (const one of all(text.trim() !== '')) {
      const label = one.label.toLowerCase();
      if (words.every((word) => label.includes(word))) found.push(one);
      if (found.length === SHOWN) break;
    }
    if (text.trim() !== '') {
      const run = (): void => void search(text.trim());
      found.push(entry('search', s.palette.searchFor(text.trim()), Search, run));
    }
    return found;
  };
}
