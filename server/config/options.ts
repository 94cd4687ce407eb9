/**
 * The table of all options of the server. The command line, the environment, the configuration file, `--help`
 * and the type of the configuration are derived from this table. The keys are the names in the configuration
 * file.
 */
import { relayModes } from '../../contract/names.ts';
import { daemon, dnsSource } from './check-values.ts';
import { tlsFaults } from '../net/tls/fault-names.ts';
import {
  apiKeys,
  basePath,
  choice,
  count,
  credentials,
  duration,
  flag,
  optionalCredentials,
  optionalText,
  origins,
  port,
  size,
  text,
  texts,
} from './values.ts';
import { databaseUrl } from './store-values.ts';
import { extraListeners } from './listener-values.ts';
import {
  addressPatterns,
  applicationUrl,
  hostAndPort,
  relayRoutes,
  remotePort,
  smartHost,
} from './relay-values.ts';

export const options = {
  host: text('ADDRESS')('127.0.0.1', 'Address to listen on; 0.0.0.0 or :: for all interfaces'),
  smtpPort: port(1025, 'SMTP port; 0 selects a free port, off disables the listener'),
  smtpsPort: port(1465, 'SMTP port with implicit TLS; requires --tls'),
  httpPort: port(8025, 'Port of the web UI and the API'),
  httpsPort: port(8443, 'Port of the web UI and the API with TLS; requires --tls'),
  imapPort: port(1143, 'IMAP port'),
  imapsPort: port(1993, 'IMAP port with implicit TLS; requires --tls'),
  imapUtf8: flag('Offer UTF8=ACCEPT in IMAP; with it, clients built on Jakarta Mail search incorrectly'),
  pop3Port: port(1110, 'POP3 port'),
  pop3sPort: port(1995, 'POP3 port with implicit TLS; requires --tls'),
  listen: extraListeners(
    'An additional listener: smtp://HOST:PORT, smtps://…, lmtp://…, or smtp://unix:/PATH (repeatable)',
  ),
  proxyFrom: texts('ADDRESS')(
    'Address of a load balancer that begins every connection with a PROXY header; * for every peer (repeatable)',
  ),
  xclientFrom: texts('ADDRESS')(
    'Address of a peer that may use XCLIENT to set the data of other clients; * for every peer (repeatable)',
  ),

  maxRecipients: count(1000, 'Maximum recipients of a message; more are refused with 452'),
  maxConnections: count(
    0,
    'Maximum open SMTP connections of one client; more are refused with 421; 0 for no limit',
  ),
  maxConnectionMessages: count(
    0,
    'Maximum messages over one SMTP connection, which is then ended with 421; 0 for no limit',
  ),
  maxMessagesPerMinute: count(
    0,
    'Maximum messages of one client per minute; more are refused with 450; 0 for no limit',
  ),
  maxErrors: count(0, 'Maximum errors in one SMTP connection, which is then ended with 421; 0 for no limit'),

  data: optionalText('DIR')(
    null,
    'Directory for the mail; by default "restante" in the user’s data directory',
  ),
  store: databaseUrl(
    null,
    'PostgreSQL database for the mail, which several servers may share, instead of --data: postgres://user:password@host:5432/name',
  ),
  memory: flag('Keep everything in memory and store nothing on disk'),
  fsync: flag('Flush each message to disk before the reply 250: survives a power failure, but is slower'),
  rawFiles: flag(
    'Store each message in a file of its own, raw/ab/ID.eml, which grep and other programs can read; slower',
  ),
  maxMessages: count(10_000, 'Maximum number of messages to keep, the newest ones; 0 for no limit'),
  maxAge: duration(0, 'Maximum age of messages, for example 7d; 0 for no limit'),
  maxBytes: size(0, 'Maximum total size of the mail, for example 2GB; 0 for no limit'),
  accountMaxMessages: count(
    0,
    'Maximum number of messages in the INBOX of each account except all; 0 for no limit',
  ),
  accountMaxAge: duration(
    0,
    'Maximum age of messages in the INBOX of each account except all; 0 for no limit',
  ),
  accountMaxBytes: size(
    0,
    'Maximum total size of the mail in the INBOX of each account except all; 0 for no limit',
  ),
  maxMessageSize: size(50 * 1024 ** 2, 'Maximum size of a message; larger ones are refused'),
  maxInFlight: size(
    256 * 1024 ** 2,
    'Maximum size of incoming mail in memory, over all connections; messages above it are held in temporary files',
  ),

  tls: choice(['off', 'auto'])('off', 'auto creates a local CA and a certificate in the data directory'),
  tlsCert: optionalText('FILE')(null, 'File of the certificate chain (PEM); enables TLS'),
  tlsKey: optionalText('FILE')(null, 'File of the private key for --tls-cert (PEM)'),
  tlsFault: choice(['off', ...tlsFaults, 'handshake'])(
    'off',
    'Use an invalid certificate, which clients must refuse, or fail every handshake; enables TLS',
  ),
  requireTls: flag('Refuse mail and logins on connections without TLS'),

  auth: credentials('A user who may log in; without this option, any login is accepted (repeatable)'),
  requireAuth: flag('Refuse mail from clients that have not logged in'),
  providerKey: apiKeys(
    'An API key that the emulated mail providers accept, and the account of its mail; without this option, any key is accepted (repeatable)',
  ),
  webAuth: optionalCredentials(null, 'Require this login for the web UI and the API'),
  foldSubaddresses: flag('Deliver bob+tag@example.test to the account bob@example.test'),
  basePath: basePath('/', 'Serve the UI and the API below this path, for example /mail'),
  allowOrigin: origins(
    'Allow web pages of this origin to call the API, and its host in requests; also https://*.example.test, http://localhost:*, or * (repeatable)',
  ),

  chrome: text('PATH')(
    'auto',
    'Browser for pictures of messages: the path of Chrome, Chromium or Edge; auto finds an installed one, off disables pictures',
  ),
  mcp: choice(['on', 'read-only', 'off'])(
    'on',
    'Serve the Model Context Protocol at /mcp; read-only leaves out the tools that change anything',
  ),

  relay: choice(relayModes)(
    'off',
    'Deliver captured mail to its recipients: manual only on release, auto also automatically',
  ),
  relayAllow: addressPatterns(
    'A recipient that the relay may send to: an address or a domain, with * as a wildcard (repeatable)',
  ),
  relayDeny: addressPatterns(
    'A recipient that the relay must not send to, even if --relay-allow allows it (repeatable)',
  ),
  relayAllowFixed: flag('Refuse changes of the allow list in the web UI and through the API'),
  relayMaxPerHour: count(100, 'Maximum number of recipients per hour; 0 for no limit'),
  relayPrivate: flag('Also deliver to private and loopback addresses'),
  relayDns: hostAndPort(null, 'Use this DNS server instead of the system’s'),
  relayPort: remotePort(25, 'Port of the receiving mail servers'),
  relayRoute: relayRoutes('Server for the mail of a domain, instead of the one in the DNS (repeatable)'),
  relaySmarthost: smartHost(null, 'Deliver through this server: smtp(s)://[user:password@]host[:port]'),
  relayHostname: optionalText('NAME')(
    null,
    'Host name that the relay sends in EHLO; by default this machine’s name',
  ),
  relayDkimDomain: optionalText('DOMAIN')(null, 'Sign outgoing mail with DKIM for this domain'),
  relayDkimSelector: optionalText('NAME')(null, 'DKIM selector for --relay-dkim-domain'),
  relayDkimKey: optionalText('FILE')(null, 'File of the private key for --relay-dkim-domain (PEM)'),

  as: choice(['restante', 'mailpit', 'mailhog', 'maildev'])(
    'restante',
    'Take the place of another tool: its ports, its log lines, and the paths that several tools have in common',
  ),
  app: applicationUrl(
    null,
    'Endpoint at which the application receives mail: smtp://HOST:PORT, or a URL for POST; messages written in the UI can be sent there',
  ),

  rules: optionalText('FILE')(null, 'JSON file with rules; it is read again whenever it changes'),
  checks: optionalText('FILE')(
    null,
    'JSON file with the settings of the checks: severities, ignored rules, clients; by default restante.checks.json',
  ),
  checkZone: optionalText('FILE')(null, 'Zone file with the DNS records that the authenticity check uses'),
  checkDns: dnsSource('DNS server for the authenticity check: that of the system, or this one'),
  checkSpamd: daemon(
    null,
    'Address of SpamAssassin’s spamd for the spam check, or the path of its Unix socket',
  ),
  checkRspamd: daemon(null, 'Address of Rspamd’s worker for the spam check, or the path of its Unix socket'),
  checkPrivate: flag('Allow the links check to request private and loopback addresses'),

  logLevel: choice(['silent', 'error', 'warn', 'info', 'debug'])(
    'info',
    'Least severe level of entries to log',
  ),
} as const;

/** The complete configuration of a server. */
export type SandboxConfig = {
  readonly [K in keyof typeof options]: (typeof options)[K]['default'];
};

export type OptionKey = keyof typeof options;
export const optionKeys = Object.keys(options) as OptionKey[];

/** Returns the name of an option on the command line, for example `--smtp-port` for `smtpPort`. */
export const flagName = (key: OptionKey): string =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Returns the name of the environment variable of an option, for example `RESTANTE_SMTP_PORT` for `smtpPort`.
 */
export const variableName = (key: OptionKey): string =>
  `RESTANTE_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Completes a partial configuration with the default values of the options. */
/** The ports of MailDev that differ from those of Restante; Mailpit and MailHog have the ports of Restante. */
const MAILDEV_PORTS: Partial<SandboxConfig> = { httpPort: 1080 };

export function completeConfig(part: Partial<SandboxConfig>): SandboxConfig {
  const defaults = Object.fromEntries(optionKeys.map((key) => [key, options[key].default]));
  return { ...(defaults as SandboxConfig), ...(part.as === 'maildev' ? MAILDEV_PORTS : {}), ...part };
}
