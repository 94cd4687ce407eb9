/** Parses the text of a dialogue script into steps. */

export type Verb =
  'connect' | '->' | '->|' | '<-' | '<&' | '<...' | '<|' | 'tls' | 'close' | 'reset' | 'closed';

export interface Step {
  readonly line: number;
  readonly session: string;
  readonly verb: Verb;
  readonly text: string;
  /** Number of times that the text is sent; 1 for every verb except `->|*N`. */
  readonly times: number;
}

export interface Dialog {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const withText = new Set(['->', '->|', '<-', '<&', '<...', '<|', 'connect']);
const alone = new Set(['tls', 'close', 'reset', 'closed']);

/** Parses a script. Throws an `Error` with the number of the first invalid line. */
export function parseDialog(text: string, name: string): Dialog {
  const settings: Record<string, string> = {};
  const steps: Step[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '' || raw.startsWith('#')) continue;
    const where = `${name}:${index + 1}`;
    const setting = /^@(\S+)(?: (.*))?$/.exec(raw);
    if (setting === null) {
      steps.push(parseStep(raw, index + 1, where));
    } else {
      if (steps.length > 0) throw new Error(`${where}: settings stand before the first step`);
      settings[setting[1] ?? ''] = setting[2] ?? '';
    }
  }
  if (steps.length === 0) throw new Error(`${name}: the script has no steps`);
  return { name, settings, steps };
}

function parseStep(raw: string, line: number, where: string): Step {
  // Exactly one blank separates the verb and the text, so that the text may begin with blanks.
  const match = /^([A-Za-z]\w*) (\S+?)(?:\*(\d+))?(?: (.*))?$/.exec(raw);
  const [, session, verb = '', times, text] = match ?? [];
  if (session === undefined || (!withText.has(verb) && !alone.has(verb))) {
    throw new Error(`${where}: not a step: ${raw}`);
  }
  if (times !== undefined && verb !== '->|') throw new Error(`${where}: only ->| can be repeated`);
  if (text !== undefined && alone.has(verb)) throw new Error(`${where}: ${verb} takes no text`);
  return { line, session, verb: verb as Verb, text: text ?? '', times: Number(times ?? 1) };
}
