/**
 * Lists what the dialogue scripts in a folder cover: the kinds of responses to each command, and the response codes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDialog, type Step } from './parse.ts';

/** Returns whether a step expects a line from the server. */
const isAnswer = ({ verb }: Step): boolean => verb === '<-' || verb === '<...' || verb === '<&';

function scriptsOf(folder: string): readonly Step[][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => [...parseDialog(readFileSync(path.join(folder, name), 'utf8'), name).steps]);
}

/**
 * Returns the tagged responses as `COMMAND OK` or `UID COMMAND BAD`: the command with this tag, and the status of the
 * response.
 */
export function taggedAnswers(folder: string): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const steps of scriptsOf(folder)) {
    const commands = new Map<string, string>();
    for (const { session, verb, text } of steps) {
      const sent = /^(\S+) ((?:UID )?[A-Z]+)/i.exec(text);
      if (verb.startsWith('->') && sent !== null)
        commands.set(`${session} ${sent[1]}`, sent[2]!.toUpperCase());
      const [, tag = '', kind = ''] = /^(\S+) (OK|NO|BAD)\b/.exec(text) ?? [];
      const command = commands.get(`${session} ${tag}`);
      if (!verb.startsWith('->') && command !== undefined) shown.add(`${command} ${kind}`);
    }
  }
  return shown;
}

/** Returns the responses as `COMMAND +OK` or `COMMAND -ERR`: the command, and the status of the line after it. */
export function followingAnswers(folder: string): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const steps of scriptsOf(folder)) {
    for (const [index, { session, verb, text }] of steps.entries()) {
      if (verb !== '->') continue;
      const rest = steps.slice(index + 1).filter((step) => step.session === session);
      const answer = rest.find(({ verb: other }) => other.startsWith('<'));
      const kind = /^(\+OK|-ERR|\+ )/.exec(answer?.text ?? '')?.[1];
      const command = /^[A-Z0-9]+/i.exec(text)?.[0].toUpperCase();
      if (kind !== undefined && command !== undefined) shown.add(`${command} ${kind}`);
    }
  }
  return shown;
}

/** Returns the names of the response codes in the expected lines: `[NAME …]` after OK, NO, BAD, BYE, +OK or -ERR. */
export function responseCodes(folder: string): ReadonlySet<string> {
  const lines = scriptsOf(folder).flatMap((steps) => steps.filter(isAnswer).map(({ text }) => text));
  return new Set(
    lines.flatMap((line) => /(?:OK|NO|BAD|BYE|-ERR) \[([A-Z][A-Z/-]*)[\] ]/.exec(line)?.[1] ?? []),
  );
}
