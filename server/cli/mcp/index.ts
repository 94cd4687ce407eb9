/**
 * `restante mcp`: serves the Model Context Protocol on standard input and output, for a client that starts programs.
 * It joins a running sandbox, or starts one that ends with this process.
 */
import { createInterface } from 'node:readline';
import { resolveConfig } from '../../config/index.ts';
import { CommandError, USAGE } from '../error.ts';
import { openLog } from '../log.ts';
import { Bridge, type Target } from './bridge.ts';
import { loginHeaders, OwnSandbox } from './own-sandbox.ts';

/** Separates `--url URL` from the options of the server. */
function readUrl(argv: readonly string[]): {
  readonly url: string | undefined;
  readonly rest: readonly string[];
} {
  const at = argv.findIndex((argument) => argument === '--url' || argument.startsWith('--url='));
  if (at < 0) return { url: process.env['RESTANTE_URL'], rest: argv };
  const isInline = argv[at]?.startsWith('--url=') === true;
  const url = isInline ? argv[at]?.slice('--url='.length) : argv[at + 1];
  if (url === undefined || url === '') throw new CommandError('--url needs the address of a server', USAGE);
  return { url, rest: argv.toSpliced(at, isInline ? 1 : 2) };
}

/** Returns the target for the URL of a server, which may contain a user name and a password. */
function targetOf(given: string): Target {
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new CommandError(`${given} is not the address of a server, such as http://127.0.0.1:8025`, USAGE);
  }
  const url = new URL(given.endsWith('/') ? given : `${given}/`);
  const login =
    url.username === ''
      ? null
      : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  return { url: url.href, headers: loginHeaders(login) };
}

export async function mcp(argv: readonly string[]): Promise<number> {
  const { url, rest } = readUrl(argv);
  const { config, warnings } = resolveConfig({ argv: rest, env: process.env, cwd: process.cwd() });
  const logger = openLog(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  const given = url === undefined || url === '' ? null : targetOf(url);
  const sandbox = new OwnSandbox(config, logger, () => bridge.reconnect());
  const bridge: Bridge = new Bridge({
    connect: async () => given ?? (await sandbox.find()),
    write: (line) => process.stdout.write(`${line}\n`),
  });
  await bridge.start();
  await ended(bridge);
  await bridge.close();
  await sandbox.close();
  return 0;
}

/**
 * Passes each line of standard input to the bridge; resolves when the input ends or the process receives a signal.
 */
function ended(bridge: Bridge): Promise<void> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
    lines.on('line', (line) => bridge.receive(line));
    lines.on('close', () => resolve());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => lines.close());
  });
}
