/** Programs of the system that interop tests drive: found on PATH, run to their end, their output shown when they fail. */
import { spawn, spawnSync } from 'node:child_process';

/** Whether a program is installed; tests skip without it and say so in their name. */
export function installed(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** The path of an installed program; throws where it is missing. */
export function findProgram(program: string): string {
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' });
  if (stdout.trim() === '') throw new Error(`${program} is not installed`);
  return stdout.trim();
}

export interface ToolResult {
  readonly code: number | null;
  /** Both streams, in the order they came. */
  readonly output: string;
}

/** For a test runner that is run by a test: what the runner around it must not hand down. */
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

/** Milliseconds that a program may take unless its test says. */
const DEADLINE = 120_000;

/** @param options `input: null` leaves its input open, as a terminal's is */
export async function runTool(
  program: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string | null;
    readonly cwd?: string;
    /** Milliseconds that it may take. */
    readonly deadline?: number;
  } = {},
): Promise<ToolResult> {
  const child = spawn(program, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    timeout: options.deadline ?? DEADLINE,
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

/** The same; rejects with the output unless the program succeeds. */
export async function mustRun(...call: Parameters<typeof runTool>): Promise<string> {
  const { code, output } = await runTool(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(' ')} ended with ${code}:\n${output}`);
  return output;
}
