/**
 * Unpacks the Chromium of the package @sparticuz/chromium, with its libraries and fonts, once into node_modules. The
 * package always unpacks into the temporary directory, and it unpacks its libraries only if it detects an AWS Lambda
 * environment. It therefore runs in a separate process with its own environment variables, and the result is moved to
 * its place in one step: test files that start at the same time never see an incomplete result.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '../..');

/**
 * Returns a fontconfig file that adds the fonts of the system to the bundled font, so that text looks the same with
 * and without them.
 */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/.cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Liberation Mono</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;

async function unpack(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const stage = await mkdtemp(`${folder}-`);
  const script =
    "const { default: chromium } = await import('@sparticuz/chromium');" +
    'chromium.setGraphicsMode = false; await chromium.executablePath();';
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { ...process.env, TMPDIR: stage, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
  });
  try {
    await rename(stage, folder);
  } catch (error) {
    // Another process was faster: it has unpacked an identical Chromium.
    await rm(stage, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Unpacks Chromium; resolves with the path of the executable and the environment that it needs. */
export async function unpackChromium(): Promise<{ path: string; env: Record<string, string> }> {
  const manifest = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '../..',
  );
  const { version } = JSON.parse(await readFile(path.join(manifest, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = path.join(root, 'node_modules', '.cache', `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  const fonts = path.join(folder, 'fonts');
  await writeFile(path.join(fonts, 'restante.conf'), fontsConf(fonts));
  const inherited = process.env['LD_LIBRARY_PATH'];
  const libraries = path.join(folder, 'al2023', 'lib');
  return {
    path: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: inherited === undefined ? libraries : `${libraries}${path.delimiter}${inherited}`,
      FONTCONFIG_FILE: path.join(fonts, 'restante.conf'),
    },
  };
}
