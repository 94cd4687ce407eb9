/** Runs the built program in a process of its own, as a user does. */
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
  /** Returns the port that the startup summary shows for a title such as `SMTP`. */
  port(title: string): number;
  /** Resolves with the exit code, or with the name of the signal that ended the program. */
  readonly exit: Promise<number | string>;
}

/** Creates a folder that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Returns options that select a free port for every protocol whose port is not in the arguments. */
export const freePorts = (args: readonly string[] = []): string[] =>
  ['smtp', 'http', 'imap', 'pop3']
    .map((name) => `--${name}-port`)
    .filter((flag) => !args.includes(flag))
    .flatMap((flag) => [flag, '0']);

/**
 * Runs the program in an empty folder. If it still runs when the test ends, it is killed.
 *
 * @param uid the id of the user and group that the program runs as; requires root
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

/** Runs the program as a server on free ports, and waits until it reports that it is ready. */
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
