/**
 * Reads the rules file (option `--rules`) at the start, and again whenever the file changes. An invalid file
 * prevents the start; later, an invalid file leaves the rules unchanged and is reported in the log.
 */
import { readFileSync, unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { RuleError, type Rules } from '../rules/engine.ts';
import { OptionError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/**
 * The time without a further change after which the file is read, in milliseconds: editors write a file in
 * several steps.
 */
const SETTLE = 50;
/**
 * The time between two checks of the file in milliseconds, for file systems that do not report changes
 * (network and shared folders).
 */
const LOOK = 2000;

/**
 * Returns the position of an error in a JSON text as line and column; an empty string when the error message
 * contains no offset.
 */
function placeOf(text: string, message: string): string {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined) return '';
  const lines = text.slice(0, Number(offset)).split('\n');
  return ` at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/**
 * Parses a rules file: a list of rules, or an object with the list in `rules`. Throws an `Error` whose message
 * describes the problem and its position.
 */
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
  if (!Array.isArray(list)) throw new Error('it must be a list of rules, or { "rules": […] }');
  return list;
}

/**
 * Reads the rules from the file, and reads them again after each change of the file. Returns a function that
 * stops watching the file. Throws `OptionError` if the file is invalid.
 */
export function watchRulesFile(file: string, rules: Rules, logger: Logger): () => void {
  let known: string | undefined;
  /**
   * Reads the file and returns whether its text has changed since the last read. Throws an `Error` for an
   * invalid file.
   */
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
    throw new OptionError(`--rules ${file}: ${inWords(error)}`);
  }

  let timer: NodeJS.Timeout | undefined;
  const reload = (): void => {
    try {
      if (load())
        logger.info(`${file}: ${rules.list().filter(({ source }) => source === 'file').length} rules`);
    } catch (error) {
      logger.warn(`${file}: ${inWords(error)}; the rules are unchanged`);
    }
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(reload, SETTLE).unref();
  };
  // The folder of the rules file is watched, because editors replace a file by a new file.
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(path.dirname(path.resolve(file)), { persistent: false }, (_event, name) => {
      if (name === null || name === path.basename(file)) changed();
    });
    watcher.on('error', () => undefined);
  } catch {
    // When the folder cannot be watched, `watchFile` still detects changes of the file.
  }
  watchFile(file, { persistent: false, interval: LOOK }, changed);
  return () => {
    clearTimeout(timer);
    watcher?.close();
    unwatchFile(file, changed);
  };
}
