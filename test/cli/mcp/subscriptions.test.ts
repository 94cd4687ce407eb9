/**
 * Tests the subscriptions that the bridge of `restante mcp` serves for clients of the revisions before 2026-07-28, which
 * have no subscriptions over HTTP.
 */
import { expect, it, onTestFinished } from 'vitest';
import { Bridge, type Target } from '../../../server/cli/mcp/bridge.ts';
import { startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { soon } from '../../helpers/soon.ts';

const URI = 'restante://inbox/a@example.test';

/** Returns a bridge to the sandbox that `sandbox` returns, and the messages that the bridge has written. */
function bridgeTo(sandbox: () => TestSandbox): {
  readonly bridge: Bridge;
  readonly written: Record<string, unknown>[];
  readonly send: (method: string, params?: object) => Promise<Record<string, unknown>>;
} {
  const written: Record<string, unknown>[] = [];
  const connect = async (): Promise<Target> => ({ url: sandbox().url, headers: {} });
  const bridge = new Bridge({
    connect,
    write: (line) => written.push(JSON.parse(line) as Record<string, unknown>),
  });
  onTestFinished(() => bridge.close());
  let id = 0;
  return {
    bridge,
    written,
    async send(method, params = {}) {
      const key = ++id;
      bridge.receive(JSON.stringify({ jsonrpc: '2.0', id: key, method, params }));
      await soon(() => expect(written.map((message) => message['id'])).toContain(key));
      return written.find((message) => message['id'] === key) ?? {};
    },
  };
}

const deliver = (sandbox: TestSandbox): Promise<unknown> =>
  sandbox.json('messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'app@example.test', to: 'a@example.test', subject: 'Hi', text: 'Hi' }),
  });

it('offers subscriptions, and refuses resources that never change', async () => {
  const sandbox = await startTestSandbox();
  const { send } = bridgeTo(() => sandbox);
  expect(
    await send('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    }),
  ).toMatchObject({ result: { capabilities: { tools: {}, resources: { subscribe: true } } } });
  expect(await send('resources/subscribe', { uri: URI })).toMatchObject({ result: {} });
  for (const uri of ['restante://docs/sdk', 'x', undefined]) {
    expect(await send('resources/subscribe', { uri })).toMatchObject({ error: { code: -32_602 } });
  }
  expect(await send('resources/unsubscribe', { uri: URI })).toMatchObject({ result: {} });
});

it('leaves nothing behind when the client unsubscribes or the bridge closes', async () => {
  const sandbox = await startTestSandbox();
  let watches = 0;
  const { changes } = sandbox.sandbox.store;
  const subscribe = changes.subscribe.bind(changes);
  changes.subscribe = (listener) => {
    const stop = subscribe(listener);
    watches++;
    return () => {
      watches--;
      stop();
    };
  };
  const { bridge, send } = bridgeTo(() => sandbox);
  await send('resources/subscribe', { uri: URI });
  await send('resources/subscribe', { uri: 'restante://inbox/b@example.test' });
  await soon(() => expect(watches).toBe(1));
  await send('resources/unsubscribe', { uri: 'restante://inbox/b@example.test' });
  await send('resources/unsubscribe', { uri: URI });
  await soon(() => expect(watches).toBe(0));
  await send('resources/subscribe', { uri: URI });
  expect(watches).toBe(1);
  await bridge.close();
  await soon(() => expect(watches).toBe(0));
});

it('continues with the next sandbox when the sandbox ends, and reports the resources as changed', async () => {
  let sandbox = await startTestSandbox();
  const first = sandbox;
  const { send, written } = bridgeTo(() => sandbox);
  const updates = (): number =>
    written.filter(({ method }) => method === 'notifications/resources/updated').length;
  await send('resources/subscribe', { uri: URI });
  /** Runs `work`; resolves when the client has received one more notification than before. */
  const updatedBy = async (work: () => Promise<unknown>): Promise<void> => {
    const before = updates();
    await work();
    await soon(() => expect(updates()).toBeGreaterThan(before));
  };
  await updatedBy(() => deliver(first));
  sandbox = await startTestSandbox();
  await updatedBy(() => first.close());
  await updatedBy(() => deliver(sandbox));
});
