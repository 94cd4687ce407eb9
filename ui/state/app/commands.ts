/** The table of all commands, which the key handler, the list of shortcuts and the command palette use. */
import { useClipboard } from '@vueuse/core';
import { strings as s } from '../../strings.ts';
import { inboxAt, ALL, MESSAGE_TABS, router } from '../../router.ts';
import type { Command } from './command.ts';
import { compareCommands } from '../compare/commands.ts';
import { isWindowOpen, releasing, shortcutsOpen, testing } from '../shared/dialogs.ts';
import { removeAll } from '../inbox/deletion.ts';
import { forward, newDraft, othersOf, replyTo, replyToAll } from '../compose/drafts.ts';
import { openDraft } from '../compose/kept.ts';
import { focusList, isNowhere, keepFocus } from '../shared/focus.ts';
import { rows } from '../inbox/list.ts';
import { isFollowing } from '../inbox/follow.ts';
import { openWatchWindow } from '../inbox/watch-view.ts';
import { markAll } from '../inbox/marks.ts';
import { detail } from '../message/open-message.ts';
import { areLinksOpen, isWide } from '../message/room.ts';
import { info } from '../shared/overview.ts';
import { openPalette, typeAhead } from './palette-keys.ts';
import { account, closeToList, inInbox, messageId, openMessageAt, openTab } from '../shared/place.ts';
import { clearSelection, selectedCount, selectEverything } from '../inbox/selection.ts';
import { settingsCommands } from './settings-commands.ts';
import {
  canSelect,
  closeOpen,
  hasTarget,
  removeTargets,
  selectTarget,
  step,
  toggleFlag,
  toggleRead,
} from '../inbox/targets.ts';
import { sendTestMessage } from '../shared/test-message.ts';
import { theme } from './theme.ts';
import { notify } from '../shared/toasts.ts';

const isOpen = (): boolean => inInbox.value && messageId.value !== '';

/** Focuses the search box and selects its text, so that typing replaces the text. */
function focusSearch(): void {
  const box = document.querySelector<HTMLInputElement>('[data-search]');
  box?.focus();
  box?.select();
}

function switchTheme(): void {
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  const system = matchMedia('(prefers-color-scheme: dark)').matches;
  theme.value = isDark || (theme.value === 'system' && system) ? 'light' : 'dark';
}

/**
 * Opens the dialog that releases the open message. If the relay is off, shows a notice that explains how to
 * enable it.
 */
function release(): void {
  if ((info.value?.relay.mode ?? 'off') === 'off') notify(`${s.relay.modes.off}. ${s.relay.offHint}`);
  else releasing.value = detail.value;
}

// The legacy clipboard API is permitted, because browsers offer no other API to pages without TLS on a host other than
// localhost.
const { copy } = useClipboard({ legacy: true });
async function copyCode(): Promise<void> {
  const code = detail.value?.codes[0]?.value ?? '';
  await copy(code);
  notify(s.commands.codeCopied(code));
}

export const commands: readonly Command[] = [
  {
    id: 'next',
    group: 'go',
    label: s.commands.next,
    keys: ['j'],
    run: () => step(1),
    when: () => inInbox.value,
  },
  {
    id: 'previous',
    group: 'go',
    label: s.commands.previous,
    keys: ['k'],
    run: () => step(-1),
    when: () => inInbox.value,
  },
  {
    id: 'first',
    group: 'go',
    label: s.commands.first,
    keys: ['g'],
    run: () => rows.value[0] && openMessageAt(rows.value[0].id),
    when: () => inInbox.value,
  },
  {
    id: 'open',
    group: 'go',
    label: s.commands.open,
    keys: ['enter'],
    run: () => step(1),
    when: () => inInbox.value && messageId.value === '' && isNowhere(),
  },
  {
    id: 'rows',
    group: 'go',
    label: s.commands.rows,
    keys: ['arrowdown', 'arrowup'],
    // While a row of the message list has the focus, the list itself handles the arrow keys.
    run: focusList,
    when: () => inInbox.value && isNowhere(),
  },
  {
    id: 'close',
    group: 'go',
    label: s.commands.closeMessage,
    keys: ['u'],
    run: () => void closeOpen(),
    when: isOpen,
  },
  {
    id: 'search',
    group: 'app',
    label: s.commands.search,
    keys: ['/'],
    run: focusSearch,
    when: () => inInbox.value,
  },
  {
    id: 'palette',
    group: 'app',
    label: s.commands.palette,
    keys: ['mod+k'],
    run: openPalette,
  },
  {
    id: 'shortcuts',
    group: 'app',
    label: s.commands.shortcuts,
    keys: ['?'],
    run: () => (shortcutsOpen.value = true),
  },
  {
    id: 'remove',
    group: 'list',
    label: s.commands.remove,
    keys: ['delete', '#'],
    run: removeTargets,
    when: hasTarget,
  },
  { id: 'read', group: 'list', label: s.commands.toggleRead, keys: ['m'], run: toggleRead, when: hasTarget },
  { id: 'flag', group: 'list', label: s.commands.flag, keys: ['s'], run: toggleFlag, when: hasTarget },
  {
    id: 'select',
    group: 'list',
    label: s.commands.select,
    keys: ['x'],
    run: selectTarget,
    when: canSelect,
  },
  {
    id: 'select-all',
    group: 'list',
    label: s.commands.selectAll,
    keys: ['shift+a'],
    run: selectEverything,
    when: () => inInbox.value && rows.value.length > 0,
  },
  {
    id: 'clear',
    group: 'list',
    label: s.commands.clear,
    keys: ['escape'],
    run: () => {
      clearSelection();
      void keepFocus();
    },
    when: () => selectedCount.value > 0,
  },
  {
    id: 'follow',
    group: 'list',
    label: s.commands.follow,
    keys: ['w'],
    run: () => {
      isFollowing.value = !isFollowing.value;
      notify(isFollowing.value ? s.list.following : s.list.notFollowing);
    },
    when: () => inInbox.value,
  },
  {
    id: 'watch',
    group: 'list',
    label: s.watch.action,
    keys: [],
    run: () => openWatchWindow(account.value),
    when: () => inInbox.value,
  },
  {
    id: 'compose',
    group: 'app',
    label: s.commands.compose,
    keys: ['c'],
    run: () => openDraft(newDraft()),
  },
  {
    id: 'reply',
    group: 'message',
    label: s.commands.reply,
    keys: ['r'],
    run: () => detail.value && openDraft(replyTo(detail.value)),
    when: () => isOpen() && detail.value !== null,
  },
  {
    id: 'reply-all',
    group: 'message',
    label: s.commands.replyAll,
    keys: ['a'],
    run: () => detail.value && openDraft(replyToAll(detail.value)),
    when: () => isOpen() && detail.value !== null && othersOf(detail.value).length > 0,
  },
  {
    id: 'forward',
    group: 'message',
    label: s.commands.forward,
    keys: ['f'],
    run: () => detail.value && openDraft(forward(detail.value)),
    when: () => isOpen() && detail.value !== null,
  },
  {
    id: 'release',
    group: 'message',
    label: s.commands.release,
    keys: ['shift+r'],
    run: release,
    when: () => isOpen() && detail.value !== null,
  },
  {
    id: 'copy-code',
    group: 'message',
    label: s.commands.copyCode,
    keys: ['y'],
    run: () => void copyCode(),
    when: () => isOpen() && (detail.value?.codes.length ?? 0) > 0,
  },
  ...compareCommands,
  {
    id: 'wide',
    group: 'message',
    label: s.commands.wide,
    keys: ['z'],
    run: () => (isWide.value = !isWide.value),
    when: isOpen,
  },
  {
    id: 'links',
    group: 'message',
    label: s.commands.links,
    keys: ['l'],
    run: () => (areLinksOpen.value = !areLinksOpen.value),
    when: () => isOpen() && (detail.value?.links.length ?? 0) > 0,
  },
  {
    id: 'test-code',
    group: 'message',
    label: s.commands.testCode,
    keys: ['t'],
    run: () => (testing.value = detail.value),
    when: () => isOpen() && detail.value !== null,
  },
  ...MESSAGE_TABS.map((tab, index): Command => ({
    id: `tab-${tab}`,
    group: 'message',
    label: s.commands.tab(s.message.tabs[tab]),
    keys: [String(index + 1)],
    run: () => openTab(tab),
    when: isOpen,
  })),
  { id: 'all', group: 'go', label: s.commands.all, keys: [], run: () => void router.push(inboxAt(ALL)) },
  {
    id: 'accounts',
    group: 'go',
    label: s.commands.accounts,
    keys: [],
    run: () => void router.push({ name: 'accounts' }),
  },
  {
    id: 'rules',
    group: 'go',
    label: s.commands.rules,
    keys: [],
    run: () => void router.push({ name: 'rules' }),
  },
  {
    id: 'relay',
    group: 'go',
    label: s.commands.relay,
    keys: [],
    run: () => void router.push({ name: 'relay' }),
  },
  {
    id: 'server',
    group: 'go',
    label: s.commands.server,
    keys: [],
    run: () => void router.push({ name: 'server' }),
  },
  { id: 'theme', group: 'app', label: s.commands.theme, keys: [], run: switchTheme },
  ...settingsCommands,
  {
    id: 'test',
    group: 'app',
    label: s.commands.test,
    keys: [],
    run: () => void sendTestMessage(account.value),
  },
  {
    id: 'mark-all-read',
    group: 'list',
    label: s.commands.markAllRead,
    keys: [],
    run: () => markAll({ seen: true }),
    when: () => inInbox.value,
  },
  {
    id: 'delete-all',
    group: 'list',
    label: s.commands.deleteAll,
    keys: [],
    run: () => {
      void closeToList();
      void removeAll();
    },
    when: () => inInbox.value && rows.value.length > 0,
  },
];

function keysOf(event: KeyboardEvent): string {
  const key = event.key.toLowerCase();
  const named = event.shiftKey && /^[a-z]$/.test(key) ? `shift+${key}` : key;
  return event.ctrlKey || event.metaKey ? `mod+${named}` : named;
}

/** Runs the command for a pressed key, unless the user is typing or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || typeAhead(event)) return;
  const keys = keysOf(event);
  const target = event.target as HTMLElement;
  const isTyping = target.matches('input, textarea, select, [contenteditable]');
  const isElsewhere = isWindowOpen() || document.querySelector('[role="dialog"], [role="menu"]') !== null;
  if ((isTyping || isElsewhere) && keys !== 'mod+k' && keys !== 'mod+p') return;
  const command = commands.find((one) => one.keys.includes(keys) && (one.when?.() ?? true));
  if (command === undefined) return;
  event.preventDefault();
  command.run();
}
