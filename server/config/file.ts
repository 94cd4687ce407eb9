/** Reads options from a JSON file. */
import { readFileSync } from 'node:fs';
import { optionKeys } from './options.ts';
import { ConfigError, type Values } from './source.ts';
import { suggestion } from './suggestion.ts';
import { systemWords } from '../net/system-words.ts';

export function readFile(file: string, required: boolean): Values {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && !required) return new Map();
    throw new ConfigError(`Cannot read ${file}: ${systemWords(error)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file} is not JSON: ${(error as Error).message.split('\n')[0] ?? ''}`);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new ConfigError(`${file} must contain a JSON object`);
  }
  const values: Values = new Map();
  for (const [name, value] of Object.entries(document)) {
    if (name === '$schema') continue;
    const key = optionKeys.find((candidate) => candidate === name);
    if (key === undefined)
      throw new ConfigError(`${file}: unknown key ${name}${suggestion(name, optionKeys)}`);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (items.some((item) => !['string', 'number', 'boolean'].includes(typeof item))) {
      throw new ConfigError(`${file}: ${key} must be text, a number, true or false, or a list of them`);
    }
    values.set(key, items.map(String));
  }
  return values;
}
