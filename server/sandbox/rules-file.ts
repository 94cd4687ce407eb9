/**
 * The rules file (`--rules`): read at the start, and again whenever it changes. A file that cannot be understood ends
 * the start; later it leaves the rules as they were and is told in the log.
 */
import { readFileSync, unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { RuleError, type Rules } from '../rules/engine.ts';
import { StartError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/** Milliseconds of quiet after a change: editors write in several steps. */
const SETTLE = 50;
/** Milliseconds between looks at the file where the system does not tell of changes (network and shared folders). */
const LOOK = 2000;

/** Where a JSON text is wrong, as line and column; the system names an offset or nothing. */
function placeOf(text: string, message: string): string {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return '';
  const lines = text.slice(0, Number(offset)).split('\n');
  return ` at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** A list of rules, or an object that has it as `rules`. Throws an `Error` whose message says what is wrong where. */
function parseFile(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON${placeOf(text, (error as Error).message)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const list: unknown = Array.isArray(value) ? value : (value as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(list)) throw new Error('a list of rules is wanted, or { "rules": […] }');
  return list;
}

/** Reads the rules and keeps them up to date; returns what ends that. Throws `StartError`. */
export function watchRulesFile(file: string, rules: Rules, logger: Logger): () => void {
  let known: string | undefined;
  /** Whether something was new. Throws an `Error` in words for the reader. */
  const load = (): boolean => {
    const text = readFileSync(file, 'utf8');
    if (text === known) return false;
    known = text;
    rules.setFileRules(parseFile(text));
    return true;
  };
  const inWords = (error: unknown): string =>
    error instanceof RuleError
      ? error.problems.map(({ path: field, message }) => `rules${field} ${message}`).join('; ')
      : systemWords(error);
  try {
    load();
  } catch (error) {
    throw new StartError(`--rules ${file}: ${inWords(error)}`);
  }

  let timer: NodeJS.Timeout | undefined;
  const reload = (): void => {
    try {
      if (load())
        logger.info(`${file}: ${rules.list().filter(({ source }) => source === 'file').length} rules`);
    } catch (error) {
      logger.warn(`${file}: ${inWords(error)}; the rules stay as they were`);
    }
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(reload, SETTLE).unref();
  };
  // The folder, since editors put a new file in the place of the old one.
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(path.dirname(path.resolve(file)), { persistent: false }, (_event, name) => {
      if (name === null || name === path.basename(file)) changed();
    });
    watcher.on('error', () => undefined);
  } catch {
    // Then looking has to do.
  }
  watchFile(file, { persistent: false, interval: LOOK }, changed);
  return () => {
    clearTimeout(timer);
    watcher?.close();
    unwatchFile(file, changed);
  };
}
