/** Tests that a sandbox does not start if a file of its checks is missing or invalid. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { OptionError } from '../server/sandbox/index.ts';
import { temporaryDirectory } from './helpers/program.ts';
import { startTestSandbox } from './helpers/sandbox.ts';

const MISSING = 'there is no such file or directory';
const FOLDER = 'it is a directory, not a file';

it.each([
  ['checkZone', '--check-zone', 'x.test. A 300.0.0.1', 'line 1: “300.0.0.1” is not a valid address'],
  ['checks', '--checks', '{ "severities": 1 }', 'severities'],
] as const)('a file of %s must be readable and valid', async (key, option, text, mistake) => {
  const folder = temporaryDirectory();
  const invalid = path.join(folder, 'invalid');
  writeFileSync(invalid, text);
  for (const [file, reason] of [
    [path.join(folder, 'none'), MISSING],
    [folder, FOLDER],
    [invalid, mistake],
  ] as const) {
    const start = startTestSandbox({ [key]: file });
    await expect(start).rejects.toThrow(OptionError);
    await expect(start).rejects.toThrow(`${option} ${file}: `);
    await expect(start).rejects.toThrow(reason);
  }
});
