/** `restante start`: runs the server until a signal, and prints the addresses of its listeners at the start. */
import type { Logger } from 'pino';
import { resolveConfig, type SandboxConfig } from '../config/index.ts';
import { createSandbox, OptionError, StartError, type RunningSandbox } from '../sandbox/index.ts';
import { row, textWidth } from './columns.ts';
import { CommandError, USAGE } from './error.ts';
import { openLog } from './log.ts';
import { optimizeSooner } from './optimize-sooner.ts';
import { packageVersion } from './version.ts';

/**
 * The signals that stop the server gracefully; a second signal ends it at once. A terminal that is closed sends
 * SIGHUP.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export async function start(argv: readonly string[]): Promise<number> {
  const { config, warnings } = resolveConfig({ argv, env: process.env, cwd: process.cwd() });
  const logger = openLog(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  const stopped = nextSignal();
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  const sandbox = await open(config, logger, stop.signal);
  process.stdout.write(summary(sandbox, config.host));
  for (const line of linesOf(config.as, sandbox)) logger.info(line);
  // The option of V8 is set only after the server has started: the functions that start the server run once, so
  // compiling these functions would waste time.
  optimizeSooner(process.versions.v8);
  const signal = await stopped;
  logger.info(`${signal}: finishing running work; send the signal again to stop at once`);
  for (const each of SIGNALS) process.once(each, () => process.exit(130));
  await sandbox.close();
  return 0;
}

/**
 * Returns the lines that another tool writes to its log when it has started. Development services, for example that of
 * Quarkus, wait for such a line.
 */
function linesOf(as: SandboxConfig['as'], { url, endpoints }: RunningSandbox): readonly string[] {
  if (url === null) return [];
  const { host } = new URL(url);
  switch (as) {
    case 'mailpit':
      return [`[http] accessible via ${url}`];
    case 'mailhog': {
      const smtp = endpoints.find(({ protocol }) => protocol === 'smtp');
      const bound = smtp === undefined ? [] : [`[SMTP] Binding to address: ${smtp.host}:${smtp.port}`];
      return [...bound, `[HTTP] Binding to address: ${host}`, `Serving under ${url}`];
    }
    case 'maildev':
      return [`MailDev API running at ${url.replace(/\/$/, '')}`, `MailDev webapp running at ${url}`];
    case 'restante':
      return [];
  }
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(signal));
  });
}

async function open(config: SandboxConfig, logger: Logger, stop: AbortSignal): Promise<RunningSandbox> {
  try {
    return await createSandbox(config, { logger, version: packageVersion(), startedBy: 'command', stop });
  } catch (error) {
    if (error instanceof OptionError) throw new CommandError(error.message, USAGE);
    if (error instanceof StartError) throw new CommandError(error.message);
    throw error;
  }
}

const titles = {
  http: 'Web UI and API',
  https: 'Web with TLS',
  smtp: 'SMTP',
  smtps: 'SMTP with TLS',
  lmtp: 'LMTP',
  imap: 'IMAP',
  imaps: 'IMAP with TLS',
  pop3: 'POP3',
  pop3s: 'POP3 with TLS',
} as const;

/** The column of the start message in which the addresses of the listeners begin. */
const START = 19;

function summary({ endpoints, location, authority, relay }: RunningSandbox, host: string): string {
  const rows: [string, string][] = endpoints.map(({ protocol, host, port, tls, url }) => [
    titles[protocol],
    protocol === 'http' || protocol === 'https'
      ? url
      : `${host.startsWith('/') ? host : `${host}:${port}`}${tls === 'starttls' ? ` (${protocol === 'pop3' ? 'STLS' : 'STARTTLS'})` : ''}`,
  ]);
  if (host === '0.0.0.0' || host === '::') rows.push(['Reachable', 'on all interfaces of this machine']);
  rows.push([
    'Mail is kept',
    location === 'memory' ? 'in memory, until this process ends' : `in ${location}`,
  ]);
  if (authority !== null) rows.push(['CA to trust', authority]);
  const { mode, allow } = relay.policy();
  if (mode !== 'off') {
    const whom = allow.length === 0 ? 'no recipients: set --relay-allow' : allow.join(', ');
    rows.push(['Mail may leave', `${mode === 'manual' ? 'on release' : 'automatically'}, to ${whom}`]);
  }
  const width = textWidth(process.stdout.columns);
  const lines = rows.map(([title, text]) => row(title, text, START, width));
  return `\nRestante ${packageVersion()} is ready.\n\n${lines.join('')}\nStop it with Ctrl+C.\n\n`;
}
