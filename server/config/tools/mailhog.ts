/** The environment variables and flags of MailHog. */
import path from 'node:path';
import { ConfigError, type Values } from '../source.ts';
import {
  bindAddress,
  instead,
  originsOf,
  readToolVariables,
  same,
  type Environment,
  type Meaning,
} from './variables.ts';

const NO_MONGO = 'Restante stores mail in a directory or in PostgreSQL: set --data or --store';
const JIM = 'send the chances with POST to /api/v2/jim, or add rules with a probability';

/** Restante serves the API and the web UI at one port: that of the API, which clients of MailHog use. */
const uiAddress: Meaning = (value, env) => {
  const api = env['MH_API_BIND_ADDR'];
  if (api === undefined) return bindAddress('httpPort')(value, env);
  return api === value ? null : 'the web UI has the address of MH_API_BIND_ADDR';
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  MH_SMTP_BIND_ADDR: bindAddress('smtpPort'),
  MH_API_BIND_ADDR: bindAddress('httpPort'),
  MH_UI_BIND_ADDR: uiAddress,
  // In MailHog, the web UI calls the API at the address in MH_API_HOST. In Restante, the web UI and the API have the
  // same address.
  MH_API_HOST: same,
  MH_UI_WEB_PATH: (value) => ({ basePath: [`/${value.replaceAll(/^\/|\/$/g, '')}`] }),
  MH_STORAGE: (value) => (value === 'memory' ? { memory: ['true'] } : value === 'maildir' ? null : NO_MONGO),
  MH_MAILDIR_PATH: (value) => ({ data: [path.join(value, 'restante')] }),
  MH_MONGO_URI: instead(NO_MONGO),
  MH_MONGO_DB: instead(NO_MONGO),
  MH_MONGO_COLLECTION: instead(NO_MONGO),
  MH_CORS_ORIGIN: (value) => ({ allowOrigin: value.split(',').flatMap(originsOf) }),
  MH_HOSTNAME: instead(
    'the server uses the host name of the machine; set the name of the machine or container',
  ),
  MH_AUTH_FILE: instead('set --web-auth'),
  MH_INVITE_JIM: (value) => (/^(?:1|true)$/i.test(value) ? JIM : null),
  MH_OUTGOING_SMTP: instead('set --relay manual, --relay-smarthost and --relay-allow'),
};

export const readMailhogVariables = (env: Environment): { values: Values; warnings: string[] } =>
  readToolVariables(env, { tool: 'mailhog', prefix: 'MH_', meanings: MEANINGS });

/**
 * Converts flags of MailHog, which may begin with one or two dashes, to its environment variables. Throws `ConfigError`
 * for an argument that is not a flag, and for a missing value.
 */
export function mailhogFlags(argv: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, name = '', inline] = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === '') throw new ConfigError(`Unexpected argument ${argument}; see mailhog --help`);
    const value = inline ?? (name === 'invite-jim' ? 'true' : rest.shift());
    if (value === undefined) throw new ConfigError(`${argument} requires a value`);
    const variable = `MH_${name.replaceAll('-', '_').toUpperCase()}`;
    if (variable.startsWith('MH_JIM_')) env['MH_INVITE_JIM'] = 'true';
    else env[variable === 'MH_MONGO_COLL' ? 'MH_MONGO_COLLECTION' : variable] = value;
  }
  return env;
}
