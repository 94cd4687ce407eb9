/**
 * Opens the sandbox of a test process: connects to the sandbox at the URL in `RESTANTE_URL`, or else starts a
 * new sandbox.
 */
import { connect } from './connect.ts';
import type { Sandbox } from './sandbox.ts';
import { startSandbox, type StartOptions } from './start.ts';

export interface RunnerOptions extends StartOptions {
  /**
   * The URL of a running sandbox; by default the value of the environment variable `RESTANTE_URL`. If neither
   * is set, a sandbox is started.
   */
  readonly url?: string;
  /** The user name and password of the server at `url`, if it was started with `--web-auth`. */
  readonly login?: { readonly user: string; readonly password: string };
}

export function openSandbox({ url, login, ...options }: RunnerOptions = {}): Promise<Sandbox> {
  const named = url ?? process.env['RESTANTE_URL'];
  if (named === undefined || named === '') return startSandbox(options);
  const { timeout } = options;
  return connect(named, { ...(login && { auth: login }), ...(timeout !== undefined && { timeout }) });
}
