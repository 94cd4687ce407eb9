/** Opens the sandbox of a test process: connects to the sandbox at `RESTANTE_URL`, or else starts a new one. */
import { connect } from './connect.ts';
import type { Sandbox } from './sandbox.ts';
import { startSandbox, type StartOptions } from './start.ts';

export interface RunnerOptions extends StartOptions {
  /**
   * The URL of a running sandbox; by default the value of `RESTANTE_URL`. If neither is set, a sandbox is started.
   */
  readonly url?: string;
  /** The login of the server at `url`, if it was started with `--web-auth`. */
  readonly login?: { readonly user: string; readonly password: string };
}

export function openSandbox({ url, login, ...options }: RunnerOptions = {}): Promise<Sandbox> {
  const named = url ?? process.env['RESTANTE_URL'];
  if (named === undefined || named === '') return startSandbox(options);
  const { timeout } = options;
  return connect(named, { ...(login && { auth: login }), ...(timeout !== undefined && { timeout }) });
}
