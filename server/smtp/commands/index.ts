/**
 * The table of commands by name. STARTTLS and XCLIENT are missing, because the package smtp-server implements
 * them.
 */
import { auth } from './auth.ts';
import { bdat } from './bdat.ts';
import type { SmtpCommand } from './command.ts';
import { data } from './data.ts';
import { ehlo, helo } from './helo.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { smallCommands } from './small.ts';

export const commands: ReadonlyMap<string, SmtpCommand> = new Map(
  [ehlo, helo, auth, mail, rcpt, data, bdat, ...smallCommands].map((command) => [command.name, command]),
);
