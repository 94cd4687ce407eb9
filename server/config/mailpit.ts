/**
 * Reads the environment variables and flags of Mailpit, so that a compose file or a development service that starts
 * Mailpit can start Restante without a change. A variable without an equivalent option causes a warning that names
 * the way to the same result.
 */
import path from 'node:path';
import type { OptionKey } from './options.ts';
import { ConfigError, type Values } from './source.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = Partial<Record<OptionKey, readonly string[]>>;

/**
 * Converts the value of one of Mailpit's environment variables to options of Restante. Returns the text of a
 * warning if there is no equivalent option, and `null` if the variable needs no option.
 */
type Meaning = (value: string, env: Environment) => Settings | string | null;

const isTrue = (value: string | undefined): boolean => /^(?:1|true|yes)$/i.test(value ?? '');

/** Reads an address of the form `HOST:PORT`, `[HOST]:PORT` or `:PORT`, and sets the host and the port. */
const bindAddress =
  (key: 'smtpPort' | 'httpPort' | 'httpsPort' | 'pop3Port'): Meaning =>
  (value) => {
    const match = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(value);
    if (match === null)
      return `${JSON.stringify(value)} is not HOST:PORT: set the port, or --listen for a Unix socket`;
    const host = match[1] ?? match[2] ?? '';
    return { [key]: [match[3] ?? ''], ...(host === '' ? {} : { host: [host] }) };
  };

/** Splits a list of `user:password` pairs at white space. */
const logins = (value: string): string[] => value.split(/\s+/).filter((login) => login !== '');

const certificate =
  (key: 'tlsCert' | 'tlsKey'): Meaning =>
  (value) =>
    value.startsWith('sans:') ? 'use --tls auto, which creates a certificate' : { [key]: [value] };

const to =
  (key: OptionKey): Meaning =>
  (value) => ({ [key]: [value] });
const flagTo =
  (key: OptionKey): Meaning =>
  (value) =>
    isTrue(value) ? { [key]: ['true'] } : null;
const instead =
  (advice: string): Meaning =>
  () =>
    advice;
const same: Meaning = () => null;

/** Returns the relay options (mode and smart-host URL) for the variables of Mailpit's relay. */
function smartHost(host: string, env: Environment): Settings {
  const user = env['MP_SMTP_RELAY_USERNAME'];
  const password = env['MP_SMTP_RELAY_PASSWORD'] ?? '';
  const login = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const scheme = isTrue(env['MP_SMTP_RELAY_TLS']) ? 'smtps' : 'smtp';
  const mode = isTrue(env['MP_SMTP_RELAY_ALL']) ? 'auto' : 'manual';
  return {
    relay: [mode],
    relaySmarthost: [`${scheme}://${login}${host}:${env['MP_SMTP_RELAY_PORT'] ?? '25'}`],
  };
}

const RELAY_ALLOW = 'list the permitted recipients with --relay-allow; without it, nothing is relayed';
const FORWARD = 'add a rule with the action relay';
const PASSWORD_FILE = 'give each login with --auth';

const VARIABLES: Readonly<Record<string, Meaning>> = {
  MP_SMTP_BIND_ADDR: bindAddress('smtpPort'),
  MP_UI_BIND_ADDR: (value, env) =>
    env['MP_UI_TLS_CERT'] === undefined
      ? bindAddress('httpPort')(value, env)
      : bindAddress('httpsPort')(value, env),
  MP_POP3_BIND_ADDR: bindAddress('pop3Port'),
  MP_WEBROOT: (value) => ({ basePath: [`/${value.replaceAll(/^\/|\/$/g, '')}`] }),
  MP_DATABASE: (value) =>
    /^https?:/.test(value)
      ? 'Restante stores mail in a directory: set --data'
      : { data: [path.join(path.dirname(value), 'restante')] },
  MP_MAX_MESSAGES: to('maxMessages'),
  MP_MAX_AGE: to('maxAge'),
  MP_MAX_MESSAGE_SIZE: (value) =>
    value === '0' ? 'set the limit with --max-message-size' : { maxMessageSize: [`${value}MB`] },
  MP_UI_AUTH: (value) => {
    const [first, ...others] = logins(value);
    if (first === undefined) return null;
    return others.length > 0 ? 'only one login is possible: set --web-auth' : { webAuth: [first] };
  },
  MP_UI_AUTH_FILE: instead('set --web-auth'),
  MP_UI_TLS_CERT: certificate('tlsCert'),
  MP_UI_TLS_KEY: certificate('tlsKey'),
  MP_SMTP_AUTH: (value) => ({ auth: logins(value), requireAuth: ['true'] }),
  MP_SMTP_AUTH_FILE: instead(`${PASSWORD_FILE}, and set --require-auth`),
  MP_SMTP_AUTH_ACCEPT_ANY: same,
  MP_SMTP_AUTH_ALLOW_INSECURE: same,
  MP_SMTP_TLS_CERT: certificate('tlsCert'),
  MP_SMTP_TLS_KEY: certificate('tlsKey'),
  MP_SMTP_REQUIRE_STARTTLS: flagTo('requireTls'),
  MP_SMTP_REQUIRE_TLS: instead('use the port of --smtps-port, and set --require-tls'),
  MP_SMTP_MAX_RECIPIENTS: to('maxRecipients'),
  MP_SMTP_ALLOWED_RECIPIENTS: instead('add a rule that refuses other recipients at the stage rcpt'),
  MP_SMTP_DISABLE_RDNS: same,
  MP_SMTP_STRICT_RFC_HEADERS: same,
  MP_SMTP_IGNORE_REJECTED_RECIPIENTS: instead('add a rule with the action discard at the stage rcpt'),
  MP_POP3_AUTH: (value) => ({ auth: logins(value) }),
  MP_POP3_AUTH_FILE: instead(PASSWORD_FILE),
  MP_POP3_TLS_CERT: certificate('tlsCert'),
  MP_POP3_TLS_KEY: certificate('tlsKey'),
  MP_SMTP_RELAY_HOST: smartHost,
  MP_SMTP_RELAY_PORT: same,
  MP_SMTP_RELAY_USERNAME: same,
  MP_SMTP_RELAY_PASSWORD: same,
  MP_SMTP_RELAY_STARTTLS: same,
  MP_SMTP_RELAY_TLS: same,
  MP_SMTP_RELAY_AUTH: same,
  MP_SMTP_RELAY_PRESERVE_MESSAGE_IDS: same,
  MP_SMTP_RELAY_ALL: (value) => (isTrue(value) ? RELAY_ALLOW : null),
  MP_SMTP_RELAY_MATCHING: instead(RELAY_ALLOW),
  MP_SMTP_RELAY_ALLOWED_RECIPIENTS: instead(RELAY_ALLOW),
  MP_SMTP_RELAY_BLOCKED_RECIPIENTS: instead('list the recipients with --relay-deny'),
  MP_SMTP_RELAY_CONFIG: instead('set --relay, --relay-smarthost and --relay-allow'),
  MP_SMTP_FORWARD_HOST: instead(FORWARD),
  MP_SMTP_FORWARD_CONFIG: instead(FORWARD),
  MP_ENABLE_CHAOS: same,
  MP_CHAOS_TRIGGERS: instead('send the triggers with PUT to /api/v1/chaos, or add rules with a probability'),
  MP_ENABLE_SPAMASSASSIN: (value) =>
    value === 'postmark'
      ? 'set the address of a spamd with --check-spamd'
      : { checkSpamd: [value.replace(/^unix:/, '')] },
  MP_ENABLE_RSPAMD: (value) => ({
    checkRspamd: [
      value
        .replace(/^https?:\/\//, '')
        .replace(/^[^@]*@/, '')
        .replace(/\/$/, ''),
    ],
  }),
  MP_ALLOW_INTERNAL_HTTP_REQUESTS: flagTo('checkPrivate'),
  MP_API_CORS: (value) => ({ allowOrigin: value.split(',').flatMap(originsOf) }),
  MP_ALLOWED_HOSTS: (value) => ({ allowOrigin: value.split(',').flatMap(originsOf) }),
  MP_WEBHOOK_URL: instead('add a rule with the action webhook, whose requests have the format of Restante'),
  MP_TAG: instead('add a rule with the action tag'),
  MP_TAGS_CONFIG: instead('add rules with the action tag'),
  MP_QUIET: (value) => (isTrue(value) ? { logLevel: ['error'] } : null),
  MP_VERBOSE: (value) => (isTrue(value) ? { logLevel: ['debug'] } : null),
  MP_LOG_FILE: instead('redirect standard error'),
  MP_ENABLE_PROMETHEUS: same,
  MP_DISABLE_VERSION_CHECK: same,
  MP_DISABLE_WAL: same,
  MP_DISABLE_AUTO_VACUUM: same,
  MP_DISABLE_HTTP_COMPRESSION: same,
  MP_COMPRESSION: same,
  MP_SEND_API_AUTH_ACCEPT_ANY: same,
  MP_SEND_API_AUTH: instead('the call uses the login of --web-auth'),
};

function originsOf(origin: string): string[] {
  const name = origin.trim();
  if (name === '') return [];
  return name === '*' || name.includes('://') ? [name] : [`http://${name}`, `https://${name}`];
}

/** Deprecated and short names of Mailpit's variables, each with the current name. */
const ALIASES: Readonly<Record<string, string>> = {
  MP_DATA_FILE: 'MP_DATABASE',
  MP_DB_FILE: 'MP_DATABASE',
  MP_SMTP: 'MP_SMTP_BIND_ADDR',
  MP_LISTEN: 'MP_UI_BIND_ADDR',
  MP_POP3: 'MP_POP3_BIND_ADDR',
  MP_MAX: 'MP_MAX_MESSAGES',
  MP_UI_SSL_CERT: 'MP_UI_TLS_CERT',
  MP_UI_SSL_KEY: 'MP_UI_TLS_KEY',
  MP_SMTP_SSL_CERT: 'MP_SMTP_TLS_CERT',
  MP_SMTP_SSL_KEY: 'MP_SMTP_TLS_KEY',
  MP_SMTP_TLS_REQUIRED: 'MP_SMTP_REQUIRE_STARTTLS',
};

const realName = (name: string): string => ALIASES[name] ?? name;

/** Returns the values of Restante's options for the environment variables of Mailpit, and warnings. */
export function readMailpitVariables(env: Environment): { values: Values; warnings: string[] } {
  const names = Object.keys(env).filter((name) => name.startsWith('MP_') && !name.startsWith('MP_SENDMAIL_'));
  const values: Values = new Map();
  const warnings: string[] = [];
  // Other programs also use variables with the prefix `MP_`. Unknown variables with this prefix are therefore
  // reported only if at least one known variable of Mailpit is set.
  if (!names.some((name) => Object.hasOwn(VARIABLES, realName(name)))) return { values, warnings };
  values.set('as', ['mailpit']);
  for (const name of names) {
    const value = env[name] ?? '';
    if (value === '') continue;
    const meaning = Object.hasOwn(VARIABLES, realName(name)) ? VARIABLES[realName(name)] : undefined;
    const settings = meaning === undefined ? 'Restante has no such option' : meaning(value, env);
    if (typeof settings === 'string') warnings.push(`${name} has no effect: ${settings}`);
    else for (const [key, given] of Object.entries(settings ?? {})) addTo(values, key as OptionKey, given);
  }
  // Mailpit serves its web UI either by HTTP or by HTTPS. With a certificate for HTTPS, the HTTP port is therefore
  // off.
  if (env['MP_UI_TLS_CERT'] !== undefined && values.has('httpsPort')) values.set('httpPort', ['off']);
  return { values, warnings };
}

/**
 * Adds values to an option. An option that is a list gets the new values in addition; for any other option, the
 * new value replaces the previous one.
 */
function addTo(values: Values, key: OptionKey, given: readonly string[]): void {
  const isList = key === 'auth' || key === 'allowOrigin';
  values.set(key, isList ? [...(values.get(key) ?? []), ...given] : given);
}

/** Matches the names of Mailpit's flags that take no value. */
const SWITCHES =
  /^(?:smtp-auth-(?:accept-any|allow-insecure)|smtp-require-(?:starttls|tls)|smtp-tls-required|smtp-disable-rdns|smtp-strict-rfc-headers|smtp-ignore-rejected-recipients|smtp-relay-all|enable-chaos|quiet|verbose|disable-.*|use-message-dates|ignore-duplicate-ids|send-api-auth-accept-any|allow-(?:untrusted-tls|internal-http-requests)|hide-delete-all-button|block-remote-css-and-fonts|tags-(?:title-case|username))$/;

const SHORT_FLAGS: Readonly<Record<string, string>> = {
  d: 'database',
  m: 'max',
  q: 'quiet',
  v: 'verbose',
  l: 'listen',
  s: 'smtp',
  t: 'tag',
};

/**
 * Converts flags of Mailpit to its environment variables: `--smtp-max-recipients 5` becomes
 * `MP_SMTP_MAX_RECIPIENTS=5`. Throws `ConfigError` for an argument that is not a flag, and for a missing value.
 */
export function mailpitFlags(argv: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, dashes = '', written = '', inline] = /^(--?)([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const name = dashes === '-' ? (SHORT_FLAGS[written] ?? '') : written;
    if (name === '') throw new ConfigError(`Unexpected argument ${argument}; see mailpit --help`);
    const value = inline ?? (SWITCHES.test(name) ? 'true' : rest.shift());
    if (value === undefined) throw new ConfigError(`${argument} requires a value`);
    env[realName(`MP_${name.replaceAll('-', '_').toUpperCase()}`)] = value;
  }
  return env;
}
