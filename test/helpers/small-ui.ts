/**
 * A web UI of one page and one script, for tests of the way in which the server sends a UI; the real UI would have to
 * be built first.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { paths } from '../../ui/paths.ts';

const SCRIPT = 'assets/index-small.js';

/**
 * Writes the files in the layout of a build, and returns their folder. The folder is removed when the process exits.
 */
function write(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-ui-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, SCRIPT), 'export {};\n');
  writeFileSync(path.join(folder, 'routes.json'), JSON.stringify(Object.values(paths)));
  writeFileSync(path.join(folder, 'assets', 'icon-small.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const icon = '<link rel="icon" href="./assets/icon-small.svg" type="image/svg+xml" />';
  const page = `<!doctype html><base href="./">${icon}<script type="module" src="${SCRIPT}"></script><div id="app"></div>`;
  writeFileSync(path.join(folder, 'index.html'), page);
  return folder;
}

let written: string | undefined;

/** Returns the folder of the small UI, for the option `ui` of a test sandbox. */
export const smallUi = (): string => (written ??= write());
