/** Projects outside of this repository, into which the packed package and packages of the registry are installed. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './documentation.ts';
import { mustRun, runTool } from './tool.ts';

/** Matches the errors that npm reports when it cannot reach the registry. */
const OFFLINE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH)\b/;

export interface Project {
  readonly folder: string;
  remove(): void;
}

/**
 * Creates a project, and installs the packed package and the given packages (`name@version`) with npm. Returns `null` if
 * the registry cannot be reached. The browsers and programs that packages download on their own are left out.
 */
export async function createProject(
  packages: readonly string[],
  manifest: object = {},
): Promise<Project | null> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-project-'));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'project', private: true, ...manifest }),
  );
  await mustRun('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
  const args = ['install', ...flags, `./${tarball}`, ...packages];
  const { code, output } = await runTool('npm', args, { cwd: folder, deadline: 300_000 });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (code === 0) return { folder, remove };
  remove();
  if (OFFLINE.test(output)) return null;
  throw new Error(`npm install ended with ${code}:\n${output}`);
}

/** Writes files into a folder of a project; a value that is not a text is written as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Copies a folder of the repository into a project. */
export const copyInto = (folder: string, source: string): void =>
  cpSync(path.join(root, source), path.join(folder, path.basename(source)), { recursive: true });
