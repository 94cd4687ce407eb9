/**
 * `restante healthcheck`: asks the server that the same options, environment and file describe whether it is
 * ready. For containers: it follows the port, the base path and the host without being told twice.
 */
import { resolveConfig } from '../config.ts';
import { CommandError } from './error.ts';

/** A container's probe has a limit of its own; this answers before it. */
const TIMEOUT = 3000;

export async function healthcheck(argv: readonly string[]): Promise<number> {
  const { config } = resolveConfig({ argv, env: process.env, cwd: process.cwd() });
  if (config.httpPort === null) throw new CommandError('--http-port is off: there is nothing to ask');
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? '127.0.0.1' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${config.httpPort}${config.basePath}readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (response.ok) return 0;
    throw new CommandError(`${url} answers ${response.status}`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${url} does not answer: ${(error as Error).message}`);
  }
}
