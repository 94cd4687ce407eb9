/**
 * Dialogue scripts: a conversation in a line protocol as a text file, run against a real server. SMTP, IMAP and POP3
 * use the same format; the test of a protocol bug is a new file of about ten lines.
 *
 * A script is read line by line; blank lines and lines that begin with `#` are skipped. It begins with settings,
 * `@name value`, which are passed to the function that starts the server. Every other line is `SESSION VERB TEXT`;
 * the script chooses the names of its sessions, and may use several.
 *
 *     c connect [NAME]     opens session c to the server, or to its listener NAME
 *     c -> TEXT            sends TEXT and CRLF
 *     c ->| TEXT           sends TEXT without CRLF; TEXT may contain the escapes below
 *     c ->|*1000 TEXT      sends TEXT 1000 times
 *     c <- TEXT            expects TEXT as the next line
 *     c <& TEXT            expects the lines of this block of <& lines as the next lines, in any order
 *     c <... TEXT          reads lines up to and including a line that is TEXT
 *     c <| TEXT            expects TEXT as the next octets; TEXT may contain the escapes below
 *     c tls                does the TLS handshake on the session's connection
 *     c close              ends the client's side of the connection
 *     c reset              resets the connection
 *     c closed             expects that the server has ended the connection and that no data is unread
 *
 * In expected text, `{*}` matches anything; `{name}` matches one or more characters and stores them under this name,
 * or matches the stored value if there is one; `{name:REGEX}` matches the regular expression. In sent text, `{name}`
 * is the stored value, and `{base64 TEXT}` the result of a function; the arguments of a function are separated by
 * blanks and may contain escapes. A brace before a digit begins an IMAP literal, not a name.
 * Escapes: `\r \n \t \0 \\ \xHH`. Sent text is encoded in UTF-8; received text has one character for each octet.
 *
 * Literals need no special syntax: their octets are read as lines (`<-`) or as octets (`<|`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';
import { parseDialog, type Dialog } from './dialog/parse.ts';
import { runDialog, type DialogWorld } from './dialog/run.ts';

export type { DialogEndpoint, DialogWorld } from './dialog/run.ts';

/** Starts the server that a script is run against; called once for each file, inside its test. */
export type StartWorld = (settings: Dialog['settings']) => Promise<DialogWorld>;

/** Creates one test for every `*.txt` file in a folder and its subfolders. */
export function runDialogs(directory: string, connectTo: StartWorld): void {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .sort();
  describe(path.basename(directory), () => {
    if (files.length === 0) throw new Error(`no dialogue scripts in ${directory}`);
    for (const name of files) {
      it(name.replace(/\.txt$/, ''), async () => {
        const file = path.join(directory, name);
        await runScript(readFileSync(file, 'utf8'), path.relative(process.cwd(), file), connectTo);
      });
    }
  });
}

/** Runs one script; `name` is part of the error message of a failure. */
export async function runScript(text: string, name: string, connectTo: StartWorld): Promise<void> {
  const dialog = parseDialog(text, name);
  await runDialog(dialog, await connectTo(dialog.settings));
}
