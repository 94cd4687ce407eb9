/** Tests the progress that the MCP server reports while a call is running, every five seconds. */
import { expect, it } from 'vitest';
import { connectMcp, eras, structured } from '../helpers/mcp.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

it.each(eras)('reports rising progress to a client of the %s era until the mail arrives', async (era) => {
  const sandbox = await startTestSandbox();
  const client = await connectMcp(sandbox.url, era);
  const reports: { readonly progress: number; readonly total?: number | undefined }[] = [];
  let reported = (): void => undefined;
  const twice = new Promise<void>((resolve) => (reported = resolve));
  const waiting = client.call(
    'wait_for_message',
    { inbox: 'ann@example.test', timeout_ms: 60_000 },
    {
      onprogress: (progress) => {
        if (reports.push(progress) === 2) reported();
      },
    },
  );
  await twice;
  await sandbox.json('messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'app@example.test', to: 'ann@example.test', subject: 'late', text: 'x' }),
  });
  expect(await structured(waiting)).toMatchObject({ found: true });
  expect(reports.map(({ total }) => total)).toEqual(reports.map(() => 60_000));
  const steps = reports.map(({ progress }) => progress);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  expect(steps[0]).toBeGreaterThan(0);
});
