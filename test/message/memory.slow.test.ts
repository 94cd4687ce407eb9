/**
 * Tests that large messages are read with a heap of 256 MB, the default of Node in a container of 512 MB. A decoder
 * must create one buffer and no object per line; otherwise the process of the message runs out of memory and
 * aborts.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { LARGE } from './large-messages.ts';

const READER = path.join(import.meta.dirname, 'read-large.ts');

it.each(Object.keys(LARGE))('%s', { timeout: 300_000 }, async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=256',
    '--import',
    'tsx',
    READER,
    name,
  ]);
  const { octets, size, decoded } = JSON.parse(stdout) as { octets: number; size: number; decoded: number };
  expect(size).toBe(decoded);
  expect(decoded).toBeLessThanOrEqual(octets);
});
