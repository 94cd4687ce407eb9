/** Finds the browser that takes pictures of messages: an installed Chrome, Chromium or Edge. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** The usual paths of the programs on Windows, below the folders that environment variables name. */
const WINDOWS_FOLDERS = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'];
const WINDOWS_PROGRAMS = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the usual installation paths on a platform. */
function usualPaths(platform: NodeJS.Platform, env: Environment): readonly string[] {
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (platform === 'win32') {
    return WINDOWS_FOLDERS.flatMap((variable) => {
      const folder = env[variable];
      return folder === undefined ? [] : WINDOWS_PROGRAMS.map((program) => path.join(folder, program));
    });
  }
  return ['/opt/google/chrome/chrome', '/usr/lib/chromium/chromium', '/snap/bin/chromium'];
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the path of an installed browser: the first browser in `PATH` or in a usual folder; `null` if there is none.
 */
export function findChrome(platform: NodeJS.Platform, env: Environment): string | null {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...inPath, ...usualPaths(platform, env)].find(isExecutable) ?? null;
}
