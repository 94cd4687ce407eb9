/** The sandbox of a test process: the running one that `RESTANTE_URL` names, or else a new one. */
import { connect } from './connect.ts';
import type { Sandbox } from './sandbox.ts';
import { startSandbox, type StartOptions } from './start.ts';

export interface RunnerOptions extends StartOptions {
  /** Address of a running sandbox; by default `RESTANTE_URL`. Without both, a sandbox is started. */
  readonly url?: string;
  /** Login of a server with `--web-auth`, for `url`. */
  readonly login?: { readonly user: string; readonly password: string };
}

export function openSandbox({ url, login, ...options }: RunnerOptions = {}): Promise<Sandbox> {
  const named = url ?? process.env['RESTANTE_URL'];
  if (named === undefined || named === '') return startSandbox(options);
  const { timeout } = options;
  return connect(named, { ...(login && { auth: login }), ...(timeout !== undefined && { timeout }) });
}
