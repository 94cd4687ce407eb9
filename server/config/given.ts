/**
 * Reads the options that a program passes by key: values of the option's type, or text as in the configuration
 * file. The values are validated, because plain JavaScript has no type checks, and an invalid port would be
 * noticed only when clients cannot connect.
 */
import { optionKeys, options, type OptionKey, type SandboxConfig } from './options.ts';
import { ConfigError } from './source.ts';
import { ValueError } from './values.ts';

/**
 * Reads the given options; options that are `undefined` are skipped. Throws `ConfigError`, which names the option
 * by its key.
 */
export function readGiven(given: Readonly<Partial<Record<OptionKey, unknown>>>): Partial<SandboxConfig> {
  const part: Partial<Record<OptionKey, unknown>> = {};
  for (const key of optionKeys) {
    const value = given[key];
    if (value === undefined) continue;
    try {
      part[key] = options[key].repeatable ? readList(key, value) : readValue(key, value);
    } catch (error) {
      if (error instanceof ValueError) throw new ConfigError(`${key} ${error.message}`);
      throw error;
    }
  }
  return part as Partial<SandboxConfig>;
}

function readList(key: OptionKey, value: unknown): unknown {
  if (!Array.isArray(value)) throw new ValueError(`must be a list, not ${shown(value)}`);
  return value.flatMap((item: unknown): unknown =>
    typeof item === 'string' ? options[key].parse([item]) : objectOr(item, 'a list of text'),
  );
}

function readValue(key: OptionKey, value: unknown): unknown {
  const option = options[key];
  const usual = option.default;
  const parse = (text: string): unknown => option.parse([text]);
  if (typeof value === 'string') return parse(value);
  if (key.endsWith('Port')) return parse(value === null ? 'off' : shown(value));
  if (typeof usual === 'boolean') return typeof value === 'boolean' ? value : parse(shown(value));
  if (typeof usual === 'number') {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value;
    throw new ValueError(`must be a whole number, or text as on the command line, not ${shown(value)}`);
  }
  return value === null && usual === null ? null : objectOr(value, 'text');
}

/**
 * Accepts the value of an option that may be an object, such as a login: returns an object unchanged, and
 * throws `ValueError` for any other value.
 */
function objectOr(value: unknown, wanted: string): object {
  if (typeof value === 'object' && value !== null) return value;
  throw new ValueError(`must be ${wanted}, not ${shown(value)}`);
}

const shown = (value: unknown): string => (typeof value === 'function' ? value.name : JSON.stringify(value));
