/**
 * Takes pictures of the mail of failed tests, with a Chrome or Chromium that is installed. The picture shows the
 * preview of the server, which runs no script and loads nothing from other servers.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Names of the programs in the folders of `PATH`, and the usual paths of the programs on other systems. */
const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome.exe'];
const PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
/** The time that one picture may take, in milliseconds. */
const LONGEST = 60_000;

let program: string | null | undefined;

/**
 * Returns the browser in the environment variable `RESTANTE_EVIDENCE_BROWSER`, or an installed browser; `null` if there
 * is none, or if the variable is `off`.
 */
function findProgram(): string | null {
  const named = process.env['RESTANTE_EVIDENCE_BROWSER'];
  if (named !== undefined && named !== '') return named === 'off' ? null : named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [...found, ...PATHS].find((file) => existsSync(file)) ?? null;
}

/**
 * Returns a picture (PNG) of the page at a URL; `null` if no browser is available or the browser fails. After a failure,
 * no further picture is tried in this process, so that a broken browser delays the tests only once.
 */
export async function takePicture(url: string): Promise<Uint8Array | null> {
  if (program === undefined) program = findProgram();
  if (program === null) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-picture-'));
  const file = path.join(folder, 'picture.png');
  const args = [
    '--headless',
    '--disable-gpu',
    '--hide-scrollbars',
    '--window-size=800,600',
    `--user-data-dir=${folder}`,
    `--screenshot=${file}`,
    // Chromium refuses to start with its sandbox if the user is root, which is usual in a container.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    url,
  ];
  try {
    await run(program, args);
    return readFileSync(file);
  } catch {
    program = null;
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const run = (file: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(file, args, { timeout: LONGEST, killSignal: 'SIGKILL' }, (error) => {
      if (error === null) resolve();
      else reject(new Error('The browser took no picture', { cause: error }));
    });
  });
