/**
 * Reads the environment variables of other tools, so that a compose file or a development service that starts such a
 * tool can start Restante without a change. A variable without an equivalent option causes a warning that names the way
 * to the same result.
 */
import type { OptionKey } from '../options.ts';
import type { Values } from '../source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = Partial<Record<OptionKey, readonly string[]>>;

/**
 * Converts the value of an environment variable to options of Restante. Returns the text of a warning if there is no
 * equivalent option, and `null` if the variable needs no option.
 */
export type Meaning = (value: string, env: Environment) => Settings | string | null;

/** The variables of a tool. */
export interface ToolVariables {
  /** The tool, as named by the option `as`. */
  readonly tool: 'mailpit' | 'mailhog' | 'maildev';
  readonly prefix: string;
  /** The beginning of the names of variables that other commands read. */
  readonly ignored?: string;
  readonly meanings: Readonly<Record<string, Meaning>>;
  /** Deprecated and short names of variables, each with the current name. */
  readonly aliases?: Readonly<Record<string, string>>;
}

export const isTrue = (value: string | undefined): boolean => /^(?:1|true|yes)$/i.test(value ?? '');

/** Reads an address of the form `HOST:PORT`, `[HOST]:PORT` or `:PORT`, and sets the host and the port. */
export const bindAddress =
  (key: 'smtpPort' | 'httpPort' | 'httpsPort' | 'pop3Port'): Meaning =>
  (value) => {
    const match = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(value);
    if (match === null)
      return `${JSON.stringify(value)} is not HOST:PORT: set the port, or --listen for a Unix socket`;
    const host = match[1] ?? match[2] ?? '';
    return { [key]: [match[3] ?? ''], ...(host === '' ? {} : { host: [host] }) };
  };

export const to =
  (key: OptionKey): Meaning =>
  (value) => ({ [key]: [value] });
export const flagTo =
  (key: OptionKey): Meaning =>
  (value) =>
    isTrue(value) ? { [key]: ['true'] } : null;
export const instead =
  (advice: string): Meaning =>
  () =>
    advice;
export const same: Meaning = () => null;

/** The advice for every variable with recipients to which a tool relays. */
export const RELAY_ALLOW = 'list the permitted recipients with --relay-allow; without it, nothing is relayed';

/** Returns the web origins for a name of a host or an origin. */
export function originsOf(origin: string): string[] {
  const name = origin.trim();
  if (name === '') return [];
  return name === '*' || name.includes('://') ? [name] : [`http://${name}`, `https://${name}`];
}

/** Returns the URL of a smart host. */
export function smartHostUrl(server: {
  readonly host: string;
  readonly port: string;
  readonly isSecure: boolean;
  readonly user: string | undefined;
  readonly password: string;
}): string {
  const { host, port, isSecure, user, password } = server;
  const login = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return `${isSecure ? 'smtps' : 'smtp'}://${login}${host}:${port}`;
}

/**
 * Adds values to an option. An option that is a list gets the new values in addition; for any other option, the
 * new value replaces the previous one.
 */
function addTo(values: Values, key: OptionKey, given: readonly string[]): void {
  const isList = key === 'auth' || key === 'allowOrigin';
  values.set(key, isList ? [...(values.get(key) ?? []), ...given] : given);
}

/** Returns the values of Restante's options for the environment variables of a tool, and warnings. */
export function readToolVariables(
  env: Environment,
  { tool, prefix, ignored, meanings, aliases = {} }: ToolVariables,
): { values: Values; warnings: string[] } {
  const meaningOf = (name: string): Meaning | undefined => {
    const current = aliases[name] ?? name;
    return Object.hasOwn(meanings, current) ? meanings[current] : undefined;
  };
  const names = Object.keys(env).filter(
    (name) => name.startsWith(prefix) && (ignored === undefined || !name.startsWith(ignored)),
  );
  const values: Values = new Map();
  const warnings: string[] = [];
  // Other programs may use variables with the same prefix. Unknown variables with this prefix are therefore reported
  // only if at least one known variable of the tool is set.
  if (!names.some((name) => meaningOf(name) !== undefined)) return { values, warnings };
  values.set('as', [tool]);
  for (const name of names) {
    const value = env[name] ?? '';
    if (value === '') continue;
    const settings = meaningOf(name)?.(value, env) ?? (meaningOf(name) === undefined ? undefined : null);
    if (settings === undefined) warnings.push(`${name} has no effect: Restante has no such option`);
    else if (typeof settings === 'string') warnings.push(`${name} has no effect: ${settings}`);
    else for (const [key, given] of Object.entries(settings ?? {})) addTo(values, key as OptionKey, given);
  }
  return { values, warnings };
}
