/** Loads the official client libraries of mail providers, which `.ci/run` installs into a folder of their own. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The `node_modules` folder of the client libraries; `undefined` if they are not installed. */
export const providerSdks = process.env['PROVIDER_SDKS'];

/** The text at the end of a test's name if the client libraries are missing. */
export const sdkNote = providerSdks === undefined ? ' (needs PROVIDER_SDKS)' : '';

/** Returns the exports of a library. The caller declares the part of its types that the test uses. */
export async function loadSdk<T>(name: string): Promise<T> {
  const require = createRequire(path.join(providerSdks ?? '', 'test.js'));
  return (await import(pathToFileURL(require.resolve(name)).href)) as T;
}
