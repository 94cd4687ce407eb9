/** Tests how programs of `restante mcp` share one sandbox. */
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { OwnSandbox, turnDirectory } from '../../../server/cli/mcp/own-sandbox.ts';
import { completeConfig } from '../../../server/config/index.ts';
import { takeLock } from '../../../server/store/json/lock.ts';
import { onFreePorts, startTestSandbox } from '../../helpers/sandbox.ts';

/** Returns a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('starts one sandbox if several programs find none at the same time, also after the first one ended', async () => {
  const port = await freePort();
  onTestFinished(() => rmSync(turnDirectory(port), { recursive: true, force: true }));
  const config = completeConfig({ ...onFreePorts, memory: true, httpPort: port });
  const logger = pino({ level: 'silent' });
  const programs = Array.from({ length: 4 }, () => new OwnSandbox(config, logger, () => undefined));
  onTestFinished(async () => {
    await Promise.all(programs.map((program) => program.close()));
  });
  const urls = await Promise.all(programs.map(async (program) => (await program.find()).url));
  expect(new Set(urls).size).toBe(1);
  const owner = programs.findIndex(({ isOwner }) => isOwner);
  const [ended] = programs.splice(owner, 1);
  await ended?.close();
  const later = await Promise.all(programs.map(async (program) => (await program.find()).url));
  expect(new Set(later).size).toBe(1);
  expect(programs.filter(({ isOwner }) => isOwner)).toHaveLength(1);
});

it('waits while another program starts the sandbox, and joins it', async () => {
  const port = await freePort();
  const config = completeConfig({ ...onFreePorts, memory: true, httpPort: port });
  const directory = turnDirectory(port);
  mkdirSync(directory, { recursive: true });
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  // The other program holds the port and does not serve it yet.
  const lock = await takeLock(directory, Date.now, Math.random);
  const holder = net.createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(holder, 'listening');
  const program = new OwnSandbox(config, pino({ level: 'silent' }), () => undefined);
  onTestFinished(() => program.close());
  const found = program.find();
  // The test waits for the time of two starts: a program that did not wait for the other program would have started its
  // own sandbox by then.
  await startTestSandbox();
  await startTestSandbox();
  expect(program.isOwner).toBe(false);
  await new Promise((resolve) => holder.close(resolve));
  const { url } = await startTestSandbox({ httpPort: port });
  await lock.release();
  expect((await found).url).toBe(url);
});
