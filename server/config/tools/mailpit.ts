/** The environment variables and flags of Mailpit. */
import path from 'node:path';
import { ConfigError, type Values } from '../source.ts';
import {
  bindAddress,
  flagTo,
  instead,
  isTrue,
  originsOf,
  readToolVariables,
  RELAY_ALLOW,
  same,
  smartHostUrl,
  to,
  type Environment,
  type Meaning,
  type Settings,
} from './variables.ts';

/** Splits a list of `user:password` pairs at white space. */
const logins = (value: string): string[] => value.split(/\s+/).filter((login) => login !== '');

const certificate =
  (key: 'tlsCert' | 'tlsKey'): Meaning =>
  (value) =>
    value.startsWith('sans:') ? 'use --tls auto, which creates a certificate' : { [key]: [value] };

/** Returns the relay options (mode and smart-host URL) for the variables of Mailpit's relay. */
function smartHost(host: string, env: Environment): Settings {
  const url = smartHostUrl({
    host,
    port: env['MP_SMTP_RELAY_PORT'] ?? '25',
    isSecure: isTrue(env['MP_SMTP_RELAY_TLS']),
    user: env['MP_SMTP_RELAY_USERNAME'],
    password: env['MP_SMTP_RELAY_PASSWORD'] ?? '',
  });
  return { relay: [isTrue(env['MP_SMTP_RELAY_ALL']) ? 'auto' : 'manual'], relaySmarthost: [url] };
}

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
  MP_WEBHOOK_URL: instead('add a rule with the action { "webhook": { "url": "…", "format": "mailpit" } }'),
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
  const read = readToolVariables(env, {
    tool: 'mailpit',
    prefix: 'MP_',
    ignored: 'MP_SENDMAIL_',
    meanings: VARIABLES,
    aliases: ALIASES,
  });
  // Mailpit serves its web UI either by HTTP or by HTTPS. With a certificate for HTTPS, the HTTP port is therefore
  // off.
  if (env['MP_UI_TLS_CERT'] !== undefined && read.values.has('httpsPort'))
    read.values.set('httpPort', ['off']);
  return read;
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
