/** The environment variables and flags of MailDev. */
import path from 'node:path';
import { ConfigError, type Values } from '../source.ts';
import {
  instead,
  isTrue,
  readToolVariables,
  RELAY_ALLOW,
  same,
  smartHostUrl,
  to,
  type Environment,
  type Meaning,
  type Settings,
} from './variables.ts';

/** Returns the login that consists of a user name and a password in two variables; `null` if one of them is missing. */
const login =
  (user: string, password: string, settings: (login: string) => Settings): Meaning =>
  (_value, env) => {
    const [name = '', secret = ''] = [env[user], env[password]];
    return name === '' || secret === '' ? null : settings(`${name}:${secret}`);
  };

const webLogin = login('MAILDEV_WEB_USER', 'MAILDEV_WEB_PASS', (webAuth) => ({ webAuth: [webAuth] }));
const smtpLogin = login('MAILDEV_INCOMING_USER', 'MAILDEV_INCOMING_PASS', (auth) => ({
  auth: [auth],
  requireAuth: ['true'],
}));

const smartHost: Meaning = (host, env) => ({
  relay: [relayMode(env)],
  relaySmarthost: [
    smartHostUrl({
      host,
      port: env['MAILDEV_OUTGOING_PORT'] ?? '25',
      isSecure: isTrue(env['MAILDEV_OUTGOING_SECURE']),
      user: env['MAILDEV_OUTGOING_USER'],
      password: env['MAILDEV_OUTGOING_PASS'] ?? '',
    }),
  ],
});

const isOff = (value: string | undefined): boolean => value === undefined || /^(?:false|0)$/i.test(value);
const relayMode = (env: Environment): string => (isOff(env['MAILDEV_AUTO_RELAY']) ? 'manual' : 'auto');

const autoRelay: Meaning = (value) => {
  if (isOff(value)) return null;
  return isTrue(value) ? RELAY_ALLOW : `add a rule with the action relay to ${value}; and ${RELAY_ALLOW}`;
};

/**
 * Converts the variable MAILDEV_WEB_IP. Restante has one host for the listeners for mail and for the web, so a value
 * that differs from MAILDEV_IP causes a warning.
 */
const webHost: Meaning = (value, env) => {
  const mail = env['MAILDEV_IP'];
  if (mail === undefined || mail === value) return { host: [value] };
  return '--host is the address of all listeners, and has the value of MAILDEV_IP';
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  MAILDEV_SMTP_PORT: (value, env) =>
    isTrue(env['MAILDEV_INCOMING_SECURE'])
      ? { smtpPort: ['off'], smtpsPort: [value] }
      : { smtpPort: [value] },
  MAILDEV_WEB_PORT: (value, env) =>
    isTrue(env['MAILDEV_HTTPS']) ? { httpPort: ['off'], httpsPort: [value] } : { httpPort: [value] },
  MAILDEV_IP: to('host'),
  MAILDEV_WEB_IP: webHost,
  MAILDEV_HTTPS: (value, env) =>
    isTrue(value) && env['MAILDEV_HTTPS_CERT'] === undefined ? { tls: ['auto'] } : null,
  MAILDEV_HTTPS_CERT: to('tlsCert'),
  MAILDEV_HTTPS_KEY: to('tlsKey'),
  MAILDEV_INCOMING_USER: smtpLogin,
  MAILDEV_INCOMING_PASS: same,
  MAILDEV_INCOMING_SECURE: (value, env) =>
    isTrue(value) && env['MAILDEV_INCOMING_CERT'] === undefined ? { tls: ['auto'] } : null,
  MAILDEV_INCOMING_CERT: to('tlsCert'),
  MAILDEV_INCOMING_KEY: to('tlsKey'),
  MAILDEV_OUTGOING_HOST: smartHost,
  MAILDEV_OUTGOING_PORT: same,
  MAILDEV_OUTGOING_USER: same,
  MAILDEV_OUTGOING_PASS: same,
  MAILDEV_OUTGOING_SECURE: same,
  MAILDEV_AUTO_RELAY: autoRelay,
  MAILDEV_AUTO_RELAY_RULES: instead('list the recipients with --relay-allow and --relay-deny'),
  MAILDEV_WEB_USER: webLogin,
  MAILDEV_WEB_PASS: same,
  MAILDEV_BASE_PATHNAME: (value) => ({ basePath: [`/${value.replaceAll(/^\/|\/$/g, '')}`] }),
  MAILDEV_DISABLE_WEB: (value) => (isTrue(value) ? { httpPort: ['off'], httpsPort: ['off'] } : null),
  MAILDEV_HIDE_EXTENSIONS: instead('Restante always offers its SMTP extensions'),
  MAILDEV_MAIL_DIRECTORY: (value) => ({ data: [path.join(value, 'restante')] }),
  MAILDEV_MAX_EMAILS: to('maxMessages'),
  MAILDEV_MAX_MESSAGE_SIZE: (value) =>
    value === '0' ? 'set the limit with --max-message-size' : { maxMessageSize: [value] },
  MAILDEV_LOG_MAIL_CONTENTS: (value) =>
    isTrue(value) ? 'read the mail at /api/email or in the web UI' : null,
  // MAILDEV_MCP needs no option, because Restante serves the Model Context Protocol at /mcp unless --mcp is off.
  MAILDEV_MCP: same,
  MAILDEV_API_URL: same,
  MAILDEV_VERBOSE: (value) => (isTrue(value) ? { logLevel: ['debug'] } : null),
  MAILDEV_SILENT: (value) => (isTrue(value) ? { logLevel: ['error'] } : null),
};

export function readMaildevVariables(env: Environment): { values: Values; warnings: string[] } {
  const read = readToolVariables(env, { tool: 'maildev', prefix: 'MAILDEV_', meanings: MEANINGS });
  // MailDev serves its web UI either by HTTP or by HTTPS, so with HTTPS the HTTP port is off.
  if (isTrue(env['MAILDEV_HTTPS']) && !read.values.has('httpPort')) {
    read.values.set('httpPort', ['off']);
    read.values.set('httpsPort', ['1080']);
  }
  return read;
}

/** The flags of MailDev whose variable has another name, and its short flags. */
const NAMES: Readonly<Record<string, string>> = { smtp: 'smtp-port', web: 'web-port' };
const SHORT_FLAGS: Readonly<Record<string, string>> = { s: 'smtp', w: 'web', v: 'verbose' };

/** Matches the names of MailDev's flags that take no value. */
const SWITCHES =
  /^(?:https|incoming-secure|outgoing-secure|disable-web|mcp|verbose|silent|log-mail-contents)$/;

/**
 * Converts flags of MailDev to its environment variables: `--smtp 2525` becomes `MAILDEV_SMTP_PORT=2525`. Throws
 * `ConfigError` for an argument that is not a flag, and for a missing value.
 */
export function maildevFlags(argv: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, dashes = '', written = '', inline] = /^(--?)([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const name = dashes === '-' ? (SHORT_FLAGS[written] ?? '') : written;
    if (name === '') throw new ConfigError(`Unexpected argument ${argument}; see maildev --help`);
    // The value of `--auto-relay` may be absent.
    const isSwitch =
      SWITCHES.test(name) || (name === 'auto-relay' && (rest[0] === undefined || rest[0].startsWith('-')));
    const value = inline ?? (isSwitch ? 'true' : rest.shift());
    if (value === undefined) throw new ConfigError(`${argument} requires a value`);
    env[`MAILDEV_${(NAMES[name] ?? name).replaceAll('-', '_').toUpperCase()}`] = value;
  }
  return env;
}
