/**
 * Reads the configuration of a server from its sources: a flag overrides the environment, the environment
 * overrides the variables of other tools, these override the file, and the file overrides the default. Invalid
 * configuration throws a `ConfigError` whose one-line message names the source and the option.
 */
import path from 'node:path';
import { readEnvironment } from './environment.ts';
import { readFile } from './file.ts';
import { readFlags } from './flags.ts';

import { readGiven } from './given.ts';
import { completeConfig, flagName, optionKeys, options, variableName } from './options.ts';
import type { OptionKey, SandboxConfig } from './options.ts';
import { ConfigError, type Values } from './source.ts';
import { readMaildevVariables } from './tools/maildev.ts';
import { readMailhogVariables } from './tools/mailhog.ts';
import { readMailpitVariables } from './tools/mailpit.ts';
import { ValueError } from './values.ts';

export { completeConfig, flagName, optionKeys, options, variableName } from './options.ts';
export type { OptionKey, SandboxConfig } from './options.ts';
export { refuseTaken } from './environment.ts';
export { ConfigError } from './source.ts';
const CONFIG_FILE = 'restante.config.json';

/** The tools whose environment variables are read. */
const TOOLS = [
  { prefix: 'MP_', read: readMailpitVariables },
  { prefix: 'MH_', read: readMailhogVariables },
  { prefix: 'MAILDEV_', read: readMaildevVariables },
];

export interface ConfigSources {
  /** The command-line arguments that follow the name of the command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory that contains the file `restante.config.json`, if that file exists. */
  readonly cwd: string;
}

export interface ResolvedConfig {
  readonly config: SandboxConfig;
  /** Warnings that do not prevent the start, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the command line, the environment, the file and the defaults, and returns the configuration. Throws
 * `ConfigError` for an invalid configuration.
 */
export function resolveConfig({ argv, env, cwd }: ConfigSources): ResolvedConfig {
  const flags = readFlags(argv);
  const { values: variables, warnings } = readEnvironment(env);
  const tools = TOOLS.map(({ prefix, read }) => ({ prefix, ...read(env) }));
  const named = flags.config ?? env['RESTANTE_CONFIG'];
  const file = readFile(path.resolve(cwd, named ?? CONFIG_FILE), named !== undefined);

  const part: Partial<Record<OptionKey, unknown>> = {};
  for (const key of optionKeys) {
    const source =
      pick(flags.values, key, flagName(key)) ??
      pick(variables, key, variableName(key)) ??
      pickFirst(tools, key) ??
      pick(file, key, `${named ?? CONFIG_FILE}: ${key}`);
    if (source !== undefined) part[key] = parseOption(key, source.values, source.label);
  }
  const config = completeConfig(part as Partial<SandboxConfig>);
  checkTogether(config);
  return { config, warnings: [...warnings, ...tools.flatMap((tool) => tool.warnings), ...exposure(config)] };
}

/**
 * Returns the configuration of a server that another program starts with the given options. Throws
 * `ConfigError` for an invalid option.
 */
export function configOf(given: Readonly<Partial<Record<OptionKey, unknown>>>): SandboxConfig {
  const config = completeConfig(readGiven(given));
  checkTogether(config);
  return config;
}

function pick(values: Values, key: OptionKey, label: string) {
  const found = values.get(key);
  return found === undefined ? undefined : { values: found, label };
}

/** Returns the value of an option from the variables of the first tool that sets the option. */
function pickFirst(tools: readonly { readonly prefix: string; readonly values: Values }[], key: OptionKey) {
  const tool = tools.find(({ values }) => values.has(key));
  return tool === undefined
    ? undefined
    : pick(tool.values, key, `The ${tool.prefix} variable for ${flagName(key)}`);
}

function parseOption(key: OptionKey, values: readonly string[], label: string): unknown {
  const option = options[key];
  if (!option.repeatable && values.length > 1)
    throw new ConfigError(`${label} is given more than once: give it once`);
  try {
    return option.parse(values);
  } catch (error) {
    if (error instanceof ValueError) throw new ConfigError(`${label} ${error.message}`);
    throw error;
  }
}

/** Returns warnings about a configuration with which strangers can read or send mail. */
const exposure = (config: SandboxConfig): string[] => [...openToPages(config), ...openRelay(config)];

/**
 * Returns a warning about `--allow-origin *`: with this option, any web page that the developer visits can
 * read the mail, and browsers also send a saved `--web-auth` login.
 */
function openToPages({ allowOrigin }: SandboxConfig): string[] {
  if (!allowOrigin.includes('*')) return [];
  return [
    '--allow-origin * lets every web page that a browser here opens read and delete the mail: name the origins instead',
  ];
}

function openRelay({ relay, host, webAuth, requireAuth }: SandboxConfig): string[] {
  if (relay === 'off' || /^(127\.|::1$|localhost$)/.test(host)) return [];
  const open = [
    ...(webAuth === null ? ['--web-auth'] : []),
    ...(relay === 'auto' && !requireAuth ? ['--auth and --require-auth'] : []),
  ];
  if (open.length === 0) return [];
  return [
    `Relaying is on and ${host} can be reached from elsewhere: without ${open.join(', ')} anybody there can send mail to the recipients of --relay-allow`,
  ];
}

function checkTogether(config: SandboxConfig): void {
  if ((config.tlsCert === null) !== (config.tlsKey === null)) {
    throw new ConfigError('--tls-cert and --tls-key require each other: give both or neither');
  }
  if (config.tlsCert !== null && config.tls === 'auto') {
    throw new ConfigError('--tls auto makes its own certificate: leave out --tls-cert and --tls-key');
  }
  if (config.requireTls && config.tls === 'off' && config.tlsCert === null) {
    throw new ConfigError('--require-tls needs TLS: add --tls auto, or --tls-cert and --tls-key');
  }
  const dkim = [config.relayDkimDomain, config.relayDkimSelector, config.relayDkimKey];
  if (dkim.some((value) => value === null) && dkim.some((value) => value !== null)) {
    throw new ConfigError(
      '--relay-dkim-domain, --relay-dkim-selector and --relay-dkim-key require each other: give all or none',
    );
  }
  if (config.memory && config.data !== null) {
    throw new ConfigError('--memory keeps nothing on disk: leave out --data');
  }
  if (config.store !== null && (config.memory || config.data !== null || config.fsync)) {
    throw new ConfigError('--store keeps the mail in a database: leave out --data, --memory and --fsync');
  }
}
