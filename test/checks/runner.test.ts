/** Tests that a check which hangs or crashes its thread loses only its own result. */
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CheckRunner } from '../../server/checks/runner.ts';

const hanging = path.join(import.meta.dirname, 'hanging-worker.mjs');
const NOBODY = { from: { address: '', parameters: {} }, to: [] };

it('stops a check at its deadline and a check that crashes; the other checks return results', async () => {
  const runner = new CheckRunner({ file: hanging, deadline: 50 });
  onTestFinished(() => runner.close());
  const results = await runner.run({
    raw: Buffer.from('Subject: x\r\n\r\nx'),
    envelope: NOBODY,
    receivedAt: null,
    checks: ['security', 'standards', 'content', 'accessibility'],
    options: { clients: [] },
  });
  expect(results.map(({ check, cut }) => [check, cut])).toEqual([
    ['security', false],
    ['standards', true],
    ['content', true],
    ['accessibility', false],
  ]);
  expect(results.flatMap(({ outcome }) => outcome.findings.map(({ message }) => message))).toEqual([
    'The check took more than 0.05 seconds and was cut short',
    'The check could not be finished: out of luck',
  ]);
});

it('runs tasks one after another', async () => {
  const runner = new CheckRunner({ file: hanging, deadline: 50 });
  onTestFinished(() => runner.close());
  const task = {
    raw: Buffer.from('x'),
    envelope: NOBODY,
    receivedAt: null,
    checks: ['security'] as const,
    options: { clients: [] },
  };
  const all = await Promise.all([
    runner.run(task),
    runner.run({ ...task, checks: ['content'] }),
    runner.run(task),
  ]);
  expect(all.map(([result]) => result?.check)).toEqual(['security', 'content', 'security']);
});
