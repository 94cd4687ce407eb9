/**
 * All commands, ordered by the first session state in which they are allowed. The CAPABILITY response is
 * derived from this table.
 */
import type { Command } from './command.ts';
import { append } from './append.ts';
import { authenticate } from './authenticate.ts';
import { capability } from './capability.ts';
import { check } from './check.ts';
import { close } from './close.ts';
import { copy } from './copy.ts';
import { create } from './create.ts';
import { deleteMailbox } from './delete.ts';
import { enable } from './enable.ts';
import { examine } from './examine.ts';
import { expunge } from './expunge.ts';
import { fetch } from './fetch.ts';
import { getquota } from './getquota.ts';
import { getquotaroot } from './getquotaroot.ts';
import { id } from './id.ts';
import { idle } from './idle.ts';
import { list } from './list.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { lsub } from './lsub.ts';
import { move } from './move.ts';
import { namespace } from './namespace.ts';
import { noop } from './noop.ts';
import { rename } from './rename.ts';
import { search } from './search.ts';
import { select } from './select.ts';
import { setquota } from './setquota.ts';
import { sort } from './sort.ts';
import { starttls } from './starttls.ts';
import { status } from './status.ts';
import { store } from './store.ts';
import { subscribe } from './subscribe.ts';
import { thread } from './thread.ts';
import { unselect } from './unselect.ts';
import { unsubscribe } from './unsubscribe.ts';

export const COMMANDS: readonly Command[] = [
  ...[capability, noop, logout, id],
  ...[starttls, authenticate, login],
  ...[enable, namespace, select, examine, list, lsub, status, subscribe, unsubscribe],
  ...[create, deleteMailbox, rename, append, idle, getquota, getquotaroot, setquota],
  ...[check, close, unselect, expunge, search, sort, thread, fetch, store, copy, move],
];

const byName = new Map(COMMANDS.map((command) => [command.name, command]));

/** Obsolete command names, which other servers still accept, each with the name of the command that replaces it. */
export const OBSOLETE_NAMES: ReadonlyMap<string, string> = new Map([['XLIST', 'LIST']]);

/** Returns the command with the given name. @param name in upper case, without the UID prefix */
export function findCommand(name: string): Command | undefined {
  return byName.get(OBSOLETE_NAMES.get(name) ?? name);
}
