/** Tests the listeners without the protocols that they serve. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { lineListener, type Listener } from '../../server/net/listener.ts';
import { startCapture } from '../helpers/capture.ts';

async function line(): Promise<Listener> {
  const listener = lineListener({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    implicitTls: false,
    handshakes: null,
    logger: pino({ level: 'silent' }),
    protocol: 'test',
    open: () => {
      throw new Error('No client connects');
    },
  });
  await listener.listen();
  return listener;
}

// A TLS handshake may fail after its listener has closed, and the report contains the port.
it.each([
  ['a line protocol', line],
  ['SMTP', async () => (await startCapture()).server],
] as const)('a listener of %s knows its port after it has closed', async (_protocol, start) => {
  const listener = await start();
  const before = listener.address();
  expect(before.port).toBeGreaterThan(0);
  await listener.close();
  expect(listener.address()).toEqual(before);
});
