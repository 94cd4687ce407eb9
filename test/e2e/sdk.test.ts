/**
 * Tests the client of the SDK in a browser, on a page of the sandbox's own origin; `test/sdk` tests it in other
 * runtimes.
 */
import { build } from 'esbuild';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile } from './browser-page.ts';

const root = path.join(import.meta.dirname, '..', '..');
const open = browserForFile();
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

it('waits, reads, listens and reports errors in a browser', async () => {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'dist', 'sdk', 'browser.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // nodemailer is not bundled: the SDK uses it to compose messages for SMTP, which browsers cannot send.
    external: ['nodemailer', 'nodemailer/*'],
    write: false,
  });
  // A wait that times out is answered with 404, which the browser reports as a console error.
  const { page } = await open(sandbox, '', { errors: /status of 404/ });
  await page.route('**/client-under-test.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]!.text }),
  );
  await page.route('**/runtime-probe.mjs*', (route) =>
    route.fulfill({ contentType: 'text/javascript', path: path.join(root, 'test/sdk/runtime-probe.mjs') }),
  );
  const probe = new URL('runtime-probe.mjs', sandbox.url);
  probe.searchParams.set('module', new URL('client-under-test.js', sandbox.url).href);
  probe.searchParams.set('url', sandbox.url);
  // The import is passed as text, because Vitest rewrites import() in functions.
  const outcome = await page.evaluate(`import(${JSON.stringify(probe.href)}).then(({ outcome }) => outcome)`);
  expect(outcome).toBe('Welcome 493817 https://x.test/verify?t=1 message MailTimeoutError');
});
