/**
 * Runs programs of the system in interop tests: finds them on PATH, waits until they exit, and shows their output if
 * they fail.
 */
import { spawn, spawnSync } from 'node:child_process';
import { PATIENCE } from './patience.ts';

/** Returns whether a program is installed. Tests are skipped without it, and their names contain the reason. */
export function installed(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Returns the path of an installed program; throws if it is not installed. */
export function findProgram(program: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' });
  if (stdout.trim() === '') throw new Error(`${program} is not installed`);
  return stdout.trim();
}

export interface ToolResult {
  readonly code: number | null;
  /** The text of stdout and stderr, in the order in which it was received. */
  readonly output: string;
}

/** Environment variables for a test runner that a test starts: they remove the variables of the outer test runner. */
export const NO_RUNNER = {
  VITEST: '',
  VITEST_POOL_ID: '',
  VITEST_WORKER_ID: '',
  JEST_WORKER_ID: '',
  NODE_ENV: '',
  NODE_OPTIONS: '',
  RESTANTE_URL: '',
  FORCE_COLOR: '0',
} as const;

/**
 * Runs a program; resolves with its exit code and output.
 * @param options `input: null` leaves stdin open, as in a terminal
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string | null;
    readonly cwd?: string;
    /** Milliseconds that the program may run; `PATIENCE` when absent. */
    readonly deadline?: number;
  } = {},
): Promise<ToolResult> {
  const child = spawn(program, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    timeout: options.deadline ?? PATIENCE,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  child.stdin.on('error', () => undefined);
  if (options.input !== null) child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}

/** Runs a program; resolves with its output. Rejects with the output if the exit code is not 0. */
export async function mustRun(...call: Parameters<typeof runTool>): Promise<string> {
  const { code, output } = await runTool(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(' ')} ended with ${code}:\n${output}`);
  return output;
}
