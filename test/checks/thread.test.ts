/** Tests that a check which hangs or crashes its thread loses only its own result. */
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CheckThread } from '../../server/checks/thread.ts';

const hanging = path.join(import.meta.dirname, 'hanging-worker.mjs');
const NOBODY = { from: { address: '', parameters: {} }, to: [] };

it('stops a check at its deadline and a check that crashes; the other checks return results', async () => {
  const thread = new CheckThread(hanging, 50);
  onTestFinished(() => thread.close());
  const results = await thread.run({
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
  const thread = new CheckThread(hanging, 50);
  onTestFinished(() => thread.close());
  const task = {
    raw: Buffer.from('x'),
    envelope: NOBODY,
    receivedAt: null,
    checks: ['security'] as const,
    options: { clients: [] },
  };
  const all = await Promise.all([
    thread.run(task),
    thread.run({ ...task, checks: ['content'] }),
    thread.run(task),
  ]);
  expect(all.map(([result]) => result?.check)).toEqual(['security', 'content', 'security']);
});
