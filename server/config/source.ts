/** What every source of configuration gives: values as text, by key, not yet parsed. */
import type { OptionKey } from './options.ts';

export type Values = Map<OptionKey, readonly string[]>;

/** Something in the configuration that ends the start; its message is one line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
