/**
 * The Chromium for tests and screenshots: Chrome, Chromium or Edge if one is installed, otherwise the pinned Chromium
 * of the package @sparticuz/chromium (Linux on x64), which needs neither root nor a download. The environment variable
 * `RESTANTE_BROWSER` chooses another browser: the path of an executable, or `bundled` for the pinned Chromium.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { findChrome, isExecutable } from '../../server/service/picture/find-chrome.ts';
import { unpackChromium } from './bundled-chromium.ts';
import { certificate } from './certificate.ts';
import { PATIENCE } from './patience.ts';

interface Executable {
  readonly path: string;
  readonly env: Record<string, string>;
}

/** The value of `RESTANTE_BROWSER` that selects the pinned Chromium. */
const BUNDLED = 'bundled';

async function findExecutable(): Promise<Executable> {
  const named = process.env['RESTANTE_BROWSER'];
  const canBundle = process.platform === 'linux' && process.arch === 'x64';
  if (named === BUNDLED) {
    if (!canBundle)
      throw new Error('RESTANTE_BROWSER=bundled works on Linux on x64 only; name an executable.');
    return unpackChromium();
  }
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`RESTANTE_BROWSER names ${named}, which cannot be run.`);
    return { path: named, env: {} };
  }
  const found = findChrome(process.platform, process.env);
  if (found !== null) return { path: found, env: {} };
  if (canBundle) return unpackChromium();
  throw new Error(
    'No browser for the tests: install Google Chrome or Chromium (https://www.google.com/chrome/), ' +
      'or name one with RESTANTE_BROWSER=/path/to/chrome.',
  );
}

/** The SHA-256 hash of the public key of the tests' certificate, in base64. */
const certificateKey = createHash('sha256')
  .update(new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');

const FLAGS = [
  // The browser trusts the tests' certificate and no other. With Playwright's `ignoreHTTPSErrors`, Chromium repeats
  // each request after its handshake failed, and sometimes ends the page with ERR_TOO_MANY_RETRIES.
  `--ignore-certificate-errors-spki-list=${certificateKey}`,
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Whether this process runs as root, which Chromium's own sandbox does not support; some containers and kernels
 * forbid the sandbox to every user.
 */
const isRoot = process.getuid?.() === 0;

/** Returns launch options for a test runner that launches the browser itself. */
export async function findBrowser(): Promise<LaunchOptions> {
  const { path: executablePath, env } = await findExecutable();
  return { executablePath, headless: true, chromiumSandbox: false, args: FLAGS, env };
}

/** Starts a browser without a window; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executable = await findExecutable();
  const launch = (chromiumSandbox: boolean): Promise<Browser> =>
    chromium.launch({
      executablePath: executable.path,
      headless: true,
      chromiumSandbox,
      args: FLAGS,
      timeout: PATIENCE,
      env: { ...process.env, ...executable.env },
    });
  if (isRoot) return launch(false);
  try {
    return await launch(true);
  } catch (error) {
    if (!String(error).includes('No usable sandbox')) throw error;
    return launch(false);
  }
}
