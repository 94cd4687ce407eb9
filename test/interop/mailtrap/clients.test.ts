/** Runs the unmodified client of Mailtrap (the npm package mailtrap) against Restante. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { mustRun } from '../../helpers/tool.ts';

/** The folder with the package mailtrap. */
const packages = process.env['MAILTRAP_CLIENTS'];
const skip = packages === undefined;

it.skipIf(skip)(`serves mailtrap${skip ? ' (needs MAILTRAP_CLIENTS)' : ''}`, async () => {
  const { url, smtp } = await startTestSandbox();
  const program = path.join(import.meta.dirname, '..', 'programs', 'mailtrap-client.mjs');
  const args = [program, packages ?? '', `${url}mailtrap`, smtp.host, String(smtp.port)];
  expect(await mustRun(process.execPath, args)).toBe('ok\n');
});
