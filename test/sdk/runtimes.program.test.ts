/**
 * Tests the client in its runtimes: Node, and Deno and Bun if they are installed. The browser is tested in
 * `test/e2e/sdk.test.ts`.
 */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun } from '../helpers/tool.ts';

const probe = path.join(import.meta.dirname, 'runtime-probe.mjs');
const client = path.join(import.meta.dirname, '..', '..', 'dist', 'sdk', 'browser.js');
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

describe('the client waits, reads, listens and explains', () => {
  for (const [name, program, args] of [
    ['Node', process.execPath, []],
    ['Deno', 'deno', ['run', '--allow-net', '--allow-read']],
    ['Bun', 'bun', ['run']],
  ] as const) {
    const skip = !installed(program);
    it.skipIf(skip)(`in ${name}${skip ? ' (not installed)' : ''}`, async () => {
      const output = await mustRun(program, [...args, probe, client, sandbox.url]);
      expect(output).toBe('Welcome 493817 https://x.test/verify?t=1 message MailTimeoutError\n');
    });
  }
});
