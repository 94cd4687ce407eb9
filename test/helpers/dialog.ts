/**
 * Dialogue scripts: a line protocol's conversation as a text file, run against a real server. SMTP, IMAP and POP3
 * share it; a new protocol bug is a new file of ten lines.
 *
 * A script is read line by line; blank lines and lines that begin with `#` are skipped. Settings stand first,
 * `@name value`, and go to whoever starts the server. Every other line is `SESSION VERB TEXT`; a session's name is
 * the script's choice, and one script may hold several.
 *
 *     c connect [NAME]     opens session c to the server, or to its listener called NAME
 *     c -> TEXT            sends TEXT and CRLF
 *     c ->| TEXT           sends TEXT alone, with the escapes below
 *     c ->|*1000 TEXT      sends TEXT that many times over
 *     c <- TEXT            the next line is TEXT
 *     c <& TEXT            the next lines are those of this block of <& lines, in any order
 *     c <... TEXT          reads lines up to and including one that is TEXT
 *     c <| TEXT            the next octets are TEXT, with the escapes below
 *     c tls                does the TLS handshake on the session's connection
 *     c close              ends our side of it
 *     c reset              drops it without a goodbye
 *     c closed             the server has ended it and nothing was left to read
 *
 * In expected text `{*}` stands for anything, `{name}` for one or more characters that are kept under that name, or
 * must be the same again where the name has a value, `{name:REGEX}` for what the expression says. In sent text
 * `{name}` is the value, and `{base64 TEXT}` or any function of the world its result; arguments are separated by
 * blanks, escapes work in them. What begins with a digit is an IMAP literal, not a name.
 * Escapes: `\r \n \t \0 \\ \xHH`. Text is UTF-8 where it is sent and octet by octet where it is read.
 *
 * Literals need nothing special: their octets are lines like any others (`<-`), or are read as they are (`<|`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';
import { parseDialog, type Dialog } from './dialog/parse.ts';
import { runDialog, type DialogWorld } from './dialog/run.ts';

export type { DialogEndpoint, DialogWorld } from './dialog/run.ts';

/** Starts what a script talks to; called once for each file, inside its test. */
export type StartWorld = (settings: Dialog['settings']) => Promise<DialogWorld>;

/** Makes one test for every `*.txt` in a folder, subfolders included. */
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

/** Runs one script; `name` stands in the error that tells where it failed. */
export async function runScript(text: string, name: string, connectTo: StartWorld): Promise<void> {
  const dialog = parseDialog(text, name);
  await runDialog(dialog, await connectTo(dialog.settings));
}
