/**
 * Every option of the server, once: the command line, the environment, the configuration file, `--help` and the
 * type of the configuration all derive from this table. Keys are the names in the configuration file.
 */
import { relayModes } from '../../contract/names.ts';
import { daemon, dnsSource } from './check-values.ts';
import { tlsFaults } from '../net/tls/fault-names.ts';
import {
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
  host: text('ADDRESS')('127.0.0.1', 'Address to listen on; 0.0.0.0 or :: for every interface'),
  smtpPort: port(1025, 'SMTP port; 0 picks a free one, off disables'),
  smtpsPort: port(1465, 'SMTP port with TLS from the first byte; needs --tls'),
  httpPort: port(8025, 'Port of the web UI and the API'),
  httpsPort: port(8443, 'Port of the web UI and the API with TLS; needs --tls'),
  imapPort: port(1143, 'IMAP port'),
  imapsPort: port(1993, 'IMAP port with TLS from the first byte; needs --tls'),
  imapUtf8: flag('Offer UTF8=ACCEPT over IMAP; clients built on Jakarta Mail search wrongly with it'),
  pop3Port: port(1110, 'POP3 port'),
  pop3sPort: port(1995, 'POP3 port with TLS from the first byte; needs --tls'),
  listen: extraListeners(
    'One more listener: smtp://HOST:PORT, smtps://…, lmtp://…, or smtp://unix:/PATH (repeatable)',
  ),
  proxyFrom: texts('ADDRESS')(
    'A load balancer, which begins every connection with a PROXY header; * for every peer (repeatable)',
  ),
  xclientFrom: texts('ADDRESS')(
    'A peer that may speak for other clients with XCLIENT; * for every peer (repeatable)',
  ),

  maxRecipients: count(1000, 'Refuse further recipients of a message with 452'),
  maxConnections: count(0, 'Refuse more SMTP connections of one client with 421; 0 is no limit'),
  maxConnectionMessages: count(0, 'End an SMTP connection with 421 after this many messages; 0 is no limit'),
  maxMessagesPerMinute: count(
    0,
    'Refuse more messages of one client within a minute with 450; 0 is no limit',
  ),
  maxErrors: count(0, 'End an SMTP connection with 421 after this many errors; 0 is no limit'),

  data: optionalText('DIR')(null, 'Where mail is kept; by default "restante" in the user’s data directory'),
  memory: flag('Keep everything in memory and nothing on disk'),
  fsync: flag('Answer 250 only after the disk has it: survives power loss, slower'),
  maxMessages: count(10_000, 'Keep at most this many messages, the newest; 0 is no limit'),
  maxAge: duration(0, 'Keep messages this long, for example 7d; 0 is no limit'),
  maxBytes: size(0, 'Keep at most this much raw mail, for example 2GB; 0 is no limit'),
  accountMaxMessages: count(
    0,
    'Keep at most this many messages in the INBOX of each account but all; 0 is no limit',
  ),
  accountMaxAge: duration(0, 'Keep messages in the INBOX of each account but all this long; 0 is no limit'),
  accountMaxBytes: size(
    0,
    'Keep at most this much raw mail in the INBOX of each account but all; 0 is no limit',
  ),
  maxMessageSize: size(50 * 1024 ** 2, 'Refuse larger messages'),
  maxInFlight: size(
    256 * 1024 ** 2,
    'Hold at most this much incoming mail in memory, over all connections; what is above it waits in a temporary file',
  ),

  tls: choice(['off', 'auto'])('off', 'auto makes a local CA and a certificate in the data directory'),
  tlsCert: optionalText('FILE')(null, 'Certificate chain (PEM); turns TLS on'),
  tlsKey: optionalText('FILE')(null, 'Private key of --tls-cert (PEM)'),
  tlsFault: choice(['off', ...tlsFaults, 'handshake'])(
    'off',
    'Have a certificate that clients must refuse, or refuse every handshake; turns TLS on',
  ),
  requireTls: flag('Refuse mail and logins on connections without TLS'),

  auth: credentials('A user who may log in; once given, nobody else may (repeatable)'),
  requireAuth: flag('Refuse mail from clients that have not logged in'),
  webAuth: optionalCredentials(null, 'Ask for this login on the web UI and the API'),
  foldSubaddresses: flag('Deliver bob+tag@example.test to the account bob@example.test'),
  basePath: basePath('/', 'Serve the UI and the API below this path, for example /mail'),
  allowOrigin: origins(
    'Let pages of this origin call the API, and requests name its host; also https://*.example.test, http://localhost:*, or * (repeatable)',
  ),

  relay: choice(relayModes)('off', 'Deliver captured mail for real: on release, or also by itself'),
  relayAllow: addressPatterns(
    'A recipient who may be mailed: an address, a domain, * as a wildcard (repeatable)',
  ),
  relayDeny: addressPatterns('A recipient who may not, whatever is allowed (repeatable)'),
  relayMaxPerHour: count(100, 'Deliver to at most this many recipients an hour; 0 is no limit'),
  relayPrivate: flag('Deliver to private and loopback addresses too'),
  relayDns: hostAndPort(null, 'Ask this DNS server, not the system’s'),
  relayPort: remotePort(25, 'Port of the receiving mail servers'),
  relayRoute: relayRoutes('Where mail for a domain goes, past the DNS (repeatable)'),
  relaySmarthost: smartHost(null, 'Deliver through this server: smtp(s)://[user:password@]host[:port]'),
  relayHostname: optionalText('NAME')(null, 'What the relay calls itself; by default this machine’s name'),
  relayDkimDomain: optionalText('DOMAIN')(null, 'Sign mail that leaves with DKIM for this domain'),
  relayDkimSelector: optionalText('NAME')(null, 'Selector of --relay-dkim-domain'),
  relayDkimKey: optionalText('FILE')(null, 'Private key of --relay-dkim-domain (PEM)'),

  app: applicationUrl(
    null,
    'Where the application takes mail: smtp://HOST:PORT, or a URL for POST; what is written in the UI can go there',
  ),

  rules: optionalText('FILE')(null, 'Rules in a JSON file, read again whenever it changes'),
  checks: optionalText('FILE')(
    null,
    'What checks may say: severities, ignored rules, clients; by default restante.checks.json',
  ),
  checkZone: optionalText('FILE')(null, 'DNS records (zone file) that authenticity is checked against'),
  checkDns: dnsSource('Let the authenticity check ask the DNS: the system’s, or this server'),
  checkSpamd: daemon(null, 'SpamAssassin’s spamd for the spam check; also the path of a Unix socket'),
  checkRspamd: daemon(null, 'Rspamd’s worker for the spam check; also the path of a Unix socket'),
  checkPrivate: flag('Let the links check ask private and loopback addresses too'),

  logLevel: choice(['silent', 'error', 'warn', 'info', 'debug'])('info', 'What to log'),
} as const;

/** The server's configuration with every value decided. */
export type SandboxConfig = {
  readonly [K in keyof typeof options]: (typeof options)[K]['default'];
};

export type OptionKey = keyof typeof options;
export const optionKeys = Object.keys(options) as OptionKey[];

/** `smtpPort` as the command line spells it. */
export const flagName = (key: OptionKey): string =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `smtpPort` as the environment spells it. */
export const variableName = (key: OptionKey): string =>
  `RESTANTE_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** A whole configuration from part of one: what is not given takes its default. */
export function completeConfig(part: Partial<SandboxConfig>): SandboxConfig {
  const defaults = Object.fromEntries(optionKeys.map((key) => [key, options[key].default]));
  return { ...(defaults as SandboxConfig), ...part };
}
