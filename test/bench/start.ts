/**
 * Measures the time to start a sandbox: the program with an empty directory, and a sandbox in the process of a test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fresh } from './fresh.ts';
import { absolute, type BenchPart, type BenchRow } from './part.ts';

const root = path.join(import.meta.dirname, '..', '..');
const ports = ['smtp', 'http', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);

async function programStart(data: string): Promise<number> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['dist/server/main.js', ...ports, '--data', data, '--log-level', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  const elapsed = performance.now() - started;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return elapsed;
}

const IN_PROCESS = `
  const { createSandbox } = await import('./dist/server/sandbox/index.js');
  const started = performance.now();
  const sandbox = await createSandbox({ memory: true, smtpPort: 0, httpPort: 0, imapPort: 0, pop3Port: 0 });
  console.log(performance.now() - started);
  await sandbox.close();`;

const row = (work: string, times: readonly number[], most: number): BenchRow =>
  absolute(work, times, ' ms', `≤ ${most} ms`, most);

export const part: BenchPart = {
  name: 'start',
  async run(context) {
    const programs: number[] = [];
    const inProcess: number[] = [];
    for (let round = 0; round < context.rounds + 2; round++) {
      context.progress(`round ${round + 1}`);
      programs.push(await programStart(path.join(context.scratch, `data-${round}`)));
      inProcess.push(...(await fresh(IN_PROCESS)));
    }
    return [
      row('start with an empty directory, until it says ready', programs, 500),
      row('in-process start for a test, after import', inProcess, 50),
    ];
  },
};
