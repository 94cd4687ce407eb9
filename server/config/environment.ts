/**
 * Reads options from environment variables with names like `RESTANTE_…`; the values of lists are split at
 * commas.
 */
import { flagName, optionKeys, options, variableName } from './options.ts';
import { ConfigError, type Values } from './source.ts';
import { suggestion } from './suggestion.ts';

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  values: Values;
  warnings: string[];
} {
  const values: Values = new Map();
  for (const key of optionKeys) {
    const value = env[variableName(key)];
    if (value === undefined) continue;
    values.set(key, options[key].repeatable ? value.split(',').map((item) => item.trim()) : [value]);
  }
  const known = new Set([
    ...optionKeys.map(variableName),
    'RESTANTE_CONFIG',
    'RESTANTE_BROWSER',
    'RESTANTE_URL',
  ]);
  // Kubernetes sets RESTANTE_PORT_… and RESTANTE_SERVICE_… for a service with the name restante, so unknown
  // variables cause only warnings.
  const warnings = Object.keys(env)
    .filter(
      (name) => name.startsWith('RESTANTE_') && !known.has(name) && !/^RESTANTE_(PORT|SERVICE)/.test(name),
    )
    .map((name) => `${name} is not an option of Restante${suggestion(name, [...known])}`);
  return { values, warnings };
}

/**
 * Throws `ConfigError` if npm has taken options that were meant for Restante, as after `npm start --smtp-port
 * 2525`: without `--` before the options, npm interprets an option as one of npm, and its value as a command.
 */
export function refuseTaken(env: Readonly<Record<string, string | undefined>>): void {
  if (env['npm_lifecycle_event'] !== 'start') return;
  const taken = optionKeys.map(flagName).filter((flag) => {
    return env[`npm_config_${flag.slice(2).replaceAll('-', '_')}`] !== undefined;
  });
  if (taken.length === 0) return;
  throw new ConfigError(
    `npm interpreted ${taken.join(' and ')} as its own option; write npm start -- ${taken[0] ?? ''} …`,
  );
}
