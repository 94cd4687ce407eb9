/**
 * `restante healthcheck`: checks whether the server that was started with the same options, environment and
 * configuration file is ready. Containers and CI jobs need not repeat the port, the base path and the host.
 */
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveConfig } from '../config/index.ts';
import { duration, ValueError } from '../config/values.ts';
import { CommandError, USAGE } from './error.ts';

/**
 * The time limit for a health request in milliseconds; shorter than the usual limit of a container's probe.
 */
const TIMEOUT = 3000;
/** The pause between two health requests of `--wait`, in milliseconds. */
const PAUSE = 100;

/**
 * Separates `--wait TIME` from the options of the server. Returns the time in milliseconds (0 without
 * `--wait`) and the remaining arguments.
 */
function readWait(argv: readonly string[]): { readonly wait: number; readonly rest: readonly string[] } {
  const at = argv.findIndex((argument) => argument === '--wait' || argument.startsWith('--wait='));
  if (at < 0) return { wait: 0, rest: argv };
  const inline = argv[at]?.startsWith('--wait=') === true;
  const value = inline ? argv[at]?.slice('--wait='.length) : argv[at + 1];
  try {
    const wait = duration(0, '').parse([value ?? '']);
    return { wait, rest: argv.toSpliced(at, inline ? 1 : 2) };
  } catch (error) {
    if (error instanceof ValueError) throw new CommandError(`--wait ${error.message}`, USAGE);
    throw error;
  }
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ECONNREFUSED' ? 'no server listens there' : (code ?? message);

/**
 * Returns the HTTP status of the response to a request. The certificate is not verified, because the server
 * runs on this machine and the request contains no secret.
 */
function statusOf(url: string): Promise<number> {
  const { get } = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(url, { rejectUnauthorized: false, agent: false, timeout: TIMEOUT }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error('the request timed out'))).on('error', reject);
  });
}

/** Requests `url` once. Throws `CommandError` unless the response says that the server is ready. */
async function ask(url: string): Promise<void> {
  const status = await statusOf(url).catch((error: unknown) => {
    throw new CommandError(`${url} does not respond: ${reasonOf(error as NodeJS.ErrnoException)}`);
  });
  if (status !== 200) throw new CommandError(`${url} responds with status ${status}`);
}

export async function healthcheck(argv: readonly string[]): Promise<number> {
  const { wait, rest } = readWait(argv);
  const { config } = resolveConfig({ argv: rest, env: process.env, cwd: process.cwd() });
  const hasTls = config.tls !== 'off' || config.tlsCert !== null || config.tlsFault !== 'off';
  const httpsPort = hasTls ? config.httpsPort : null;
  const port = config.httpPort ?? httpsPort;
  if (port === null) {
    throw new CommandError(
      '--http-port is off and there is no --https-port with TLS, so there is no address to check',
    );
  }
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? '127.0.0.1' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const scheme = config.httpPort === null ? 'https' : 'http';
  const url = `${scheme}://${host}:${port}${config.basePath}readyz`;
  const deadline = performance.now() + wait;
  for (;;) {
    try {
      await ask(url);
      return 0;
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await sleep(PAUSE);
    }
  }
}
