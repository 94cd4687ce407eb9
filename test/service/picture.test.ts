/** Tests the parts of pictures that need no browser; test/interop/pictures.test.ts tests pictures with a browser. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Devtools, ResultTooLarge } from '../../server/service/picture/devtools.ts';
import { findChrome } from '../../server/service/picture/find-chrome.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

it('finds the first browser in PATH that can be run, and the usual folders of Windows', () => {
  const [first, second] = [temporaryDirectory(), temporaryDirectory()];
  const program = (folder: string, name: string, mode: number): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
  };
  program(first, 'google-chrome', 0o644);
  const chromium = program(second, 'chromium', 0o755);
  const edge = program(first, 'Microsoft/Edge/Application/msedge.exe', 0o755);
  expect(findChrome('linux', { PATH: [first, second].join(path.delimiter) })).toBe(chromium);
  expect(findChrome('win32', { ProgramFiles: first })).toBe(edge);
  expect(findChrome('win32', { PATH: first })).toBeNull();
});

it('states what to do if there is no browser', async () => {
  for (const [chrome, reason] of [
    ['off', 'The server was started with --chrome off'],
    ['/nonexistent/chrome', '--chrome /nonexistent/chrome is not a program that can be run'],
  ] as const) {
    const sandbox = await startTestSandbox({ chrome });
    await sandbox.json('messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'a@x.test', to: 'b@x.test', html: '<p>Hello</p>' }),
    });
    const response = await sandbox.api('messages/latest/picture');
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { type: 'urn:restante:no-browser', detail: reason },
    ]);
  }
});

function openDevtools() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const devtools = new Devtools(input, output);
  return { input, devtools };
}

it('keeps no result of the browser that is too large, and reads the following messages', async () => {
  const { input, devtools } = openDevtools();
  const large = devtools.call('Page.captureScreenshot');
  const next = devtools.call('Browser.getVersion');
  const refused = expect(large).rejects.toThrow(ResultTooLarge);
  input.write('{"id":1,"result":{"data":"');
  const megabyte = Buffer.alloc(1 << 20, 'A');
  for (let sent = 0; sent < 17; sent++) input.write(megabyte);
  input.write('"}}\0{"id":2,"res');
  input.write('ult":{"product":"Chrome"}}\0');
  await refused;
  expect(await next).toEqual({ product: 'Chrome' });
});

it('rejects the calls that are open when the browser ends, and later calls', async () => {
  const { devtools } = openDevtools();
  const open = devtools.call('Browser.getVersion');
  const refused = expect(open).rejects.toThrow('The browser ended');
  devtools.close(new Error('The browser ended'));
  await refused;
  await expect(devtools.call('Browser.getVersion')).rejects.toThrow('The browser ended');
});
