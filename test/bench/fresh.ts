/** Runs a script in a new Node process, so that only the imports of the script are loaded. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');

/** Resolves with the numbers that the script prints on its first line, separated by spaces. */
export async function fresh(code: string): Promise<number[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  await once(child, 'exit');
  return chunk.toString().trim().split(' ').map(Number);
}
