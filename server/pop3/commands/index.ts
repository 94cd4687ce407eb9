/** The table of POP3 commands. */
import type { Pop3Command } from '../command.ts';
import { apop, auth, pass, user } from './login.ts';
import { dele, list, rset, stat, uidl } from './maildrop.ts';
import { retr, top } from './retrieve.ts';
import { capa, noop, quit, stls, utf8 } from './session.ts';

const all = [user, pass, apop, auth, capa, stat, list, uidl, retr, top, dele, rset, noop, stls, utf8, quit];

export const commands: ReadonlyMap<string, Pop3Command> = new Map(
  all.map((command) => [command.name, command]),
);
