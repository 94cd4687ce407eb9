/**
 * Reads options from the arguments of the command line: `--name value`, `--name=value`, `--switch`,
 * `--no-switch`.
 */
import { flagName, optionKeys, options } from './options.ts';
import { ConfigError, type Values } from './source.ts';
import { suggestion } from './suggestion.ts';

export function readFlags(argv: readonly string[]): { values: Values; config: string | undefined } {
  const values: Values = new Map();
  const byFlag = new Map(optionKeys.map((key) => [flagName(key), key]));
  let config: string | undefined;
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name = '', ...inline] = argument.split('=');
    const take = (): string => {
      const value = inline.length > 0 ? inline.join('=') : rest.shift();
      if (value === undefined) throw new ConfigError(`${name} requires a value`);
      return value;
    };
    const positive = byFlag.get(name);
    const negative = byFlag.get(name.replace(/^--no-/, '--'));
    if (name === '--config') {
      config = take();
    } else if (positive !== undefined) {
      const isSwitch = options[positive].placeholder === null;
      const value = isSwitch && inline.length === 0 ? 'true' : take();
      values.set(positive, [...(values.get(positive) ?? []), value]);
    } else if (negative !== undefined && options[negative].placeholder === null && inline.length === 0) {
      values.set(negative, ['false']);
    } else {
      throw new ConfigError(
        `${argument.startsWith('-') ? 'Unknown option' : 'Unexpected argument'} ${name}${suggestion(name, [...byFlag.keys()])}`,
      );
    }
  }
  return { values, config };
}
