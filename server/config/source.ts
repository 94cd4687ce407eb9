/**
 * The result of reading one source of configuration: the values of options as text, by key, not yet parsed.
 */
import type { OptionKey } from './options.ts';

export type Values = Map<OptionKey, readonly string[]>;

/** The error that is thrown for an invalid configuration, which prevents the start; its message is one line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
