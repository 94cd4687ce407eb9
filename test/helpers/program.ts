/** The built program as a process of its own, as a user runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');

export interface Program {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the port that the summary names for a title such as `SMTP`. */
  port(title: string): number;
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
}

/** A folder that goes when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Free ports for those that the arguments do not name. */
const freePorts = (args: readonly string[]): string[] =>
  ['smtp', 'http', 'imap', 'pop3']
    .map((name) => `--${name}-port`)
    .filter((flag) => !args.includes(flag))
    .flatMap((flag) => [flag, '0']);

/**
 * Runs the program in an empty folder; killed when the test ends if it still runs.
 *
 * @param uid user and group that it runs as, which needs root
 */
export function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  uid?: number,
): Program {
  const cwd = temporaryDirectory();
  if (uid !== undefined) chownSync(cwd, uid, uid);
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, XDG_DATA_HOME: path.join(cwd, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    port(title) {
      const match = new RegExp(`^ +${title} +\\S*?:(\\d+)`, 'm').exec(out);
      if (match === null) throw new Error(`no ${title} in\n${out}${err}`);
      return Number(match[1]);
    },
    exit,
  };
}

/** Runs it as a server on free ports, and waits until it says that it is ready. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  uid?: number,
): Promise<Program> {
  const running = runProgram([...freePorts(args), ...args], env, uid);
  while (!/is ready[^]*Stop it/.test(running.stdout())) {
    const ended = await Promise.race([running.exit, once(running.child.stdout!, 'data').then(() => null)]);
    if (ended !== null) throw new Error(`ended with ${ended}: ${running.stderr()}`);
  }
  return running;
}
