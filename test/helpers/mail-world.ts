/**
 * A complete mail environment on loopback: a DNS server with zones, receiving servers on different addresses and one
 * port (each is a Restante server with rules for errors), and a relay with its store.
 */
import net from 'node:net';
import { once } from 'node:events';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Envelope } from '../../server/message/envelope.ts';
import {
  createRelay,
  dnsResolver,
  type Delivery,
  type Notice,
  type Relay,
  type RelayConfig,
  type RelayOptions,
} from '../../server/relay/relay.ts';
import { accountName, type MessageId } from '../../server/store/ids.ts';
import type { Store } from '../../server/store/store.ts';
import { startCapture, type TestCapture, type TestCaptureOptions } from './capture.ts';
import { startDns, type TestDns, type Zone } from './dns.ts';
import { openTestStore } from './test-store.ts';

export interface MailWorld {
  readonly dns: TestDns;
  /** The port of every mail server in this environment. */
  readonly port: number;
  /** Starts a receiving server on 127.0.0.N. */
  receiver(n: number, options?: TestCaptureOptions): Promise<TestCapture>;
  /** Starts another TCP listener on 127.0.0.N. */
  listener(n: number, serve: (socket: net.Socket) => void): Promise<void>;
  relay(config?: Partial<RelayConfig>, options?: Partial<RelayOptions>): Promise<RelayFixture>;
}

export interface RelayFixture {
  readonly relay: Relay;
  readonly store: Store;
  /** The delivery status notifications that the relay passed to the sandbox. */
  readonly notices: Notice[];
  /** Captures a message that can be released. */
  readonly capture: (
    to: readonly string[],
    raw?: string | Buffer,
    envelope?: Partial<Envelope>,
  ) => Promise<MessageId>;
  /** Resolves when no delivery of the release is in any of these states. */
  readonly settled: (deliveries: readonly Delivery[], states?: readonly string[]) => Promise<Delivery[]>;
  /** Captures a message, releases it, and waits until its deliveries are completed. */
  readonly deliver: (to: readonly string[], raw?: string | Buffer) => Promise<Delivery[]>;
}

export const MESSAGE =
  'From: app@sender.test\r\nTo: ann@one.test\r\nSubject: hello\r\n\r\nHello\r\n.\r\nthere\r\n';

/** The DNS zones of `one.test`, whose mail is delivered to the receiver on 127.0.0.2. */
export const one = { 'one.test': { MX: ['10 mx.one.test'] }, 'mx.one.test': { A: ['127.0.0.2'] } };

/** Times of the relay in milliseconds: short enough for tests, and in the same proportions as the real times. */
export const QUICK = {
  delays: [10],
  jitter: 0,
  giveUpAfter: 60_000,
  notifyAfter: 30_000,
  connect: 500,
  greeting: 500,
  command: 1000,
  final: 1000,
  idle: 200,
  close: 1000,
};

const UNDECIDED = ['queued', 'deferred', 'sending'];

export async function startMailWorld(zones: Readonly<Record<string, Zone>> = {}): Promise<MailWorld> {
  const dns = await startDns(zones);
  const port = await freePort();
  return {
    dns,
    port,
    receiver: (n, options = {}) =>
      startCapture({ ...options, smtp: { host: `127.0.0.${n}`, port, ...options.smtp } }),
    async listener(n, serve) {
      const sockets = new Set<net.Socket>();
      const server = net.createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
        serve(socket);
      });
      server.listen(port, `127.0.0.${n}`);
      await once(server, 'listening');
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
    },
    relay: (config, options) => startRelay(dns, port, config, options),
  };
}

async function startRelay(
  dns: TestDns,
  port: number,
  config: Partial<RelayConfig> = {},
  options: Partial<RelayOptions> = {},
): Promise<RelayFixture> {
  const store = options.store ?? (await openTestStore());
  const notices: Notice[] = [];
  const relay = createRelay({
    store,
    config: {
      mode: 'manual',
      allow: ['*.test'],
      allowFixed: false,
      deny: [],
      private: true,
      port,
      smartHost: null,
      routes: [],
      hostname: 'relay.test',
      maxPerHour: 0,
      dkim: null,
      timing: QUICK,
      ...config,
    },
    resolver: dnsResolver(dns.server),
    logger: pino({ level: 'silent' }),
    clock: Date.now,
    random: Math.random,
    accountOf: accountName,
    submit: async (notice) => notices.push(notice),
    ...options,
  });
  await relay.start();
  onTestFinished(async () => {
    await relay.close();
    await store.close();
  });

  const fixture: RelayFixture = {
    relay,
    store,
    notices,
    async capture(to, raw = MESSAGE, envelope = {}) {
      const path = (address: string) => ({ address, parameters: {} });
      const { summary } = await store.messages.add({
        raw: typeof raw === 'string' ? Buffer.from(raw) : raw,
        envelope: { from: path('app@sender.test'), to: to.map(path), ...envelope },
        origin: {
          kind: 'smtp',
          session: null,
          peer: '127.0.0.1:999',
          helo: 'app.test',
          tls: null,
          user: null,
        },
        targets: to.map((address) => ({ account: accountName(address) })),
      });
      return summary.id;
    },
    settled(deliveries, states = UNDECIDED) {
      const now = (): Delivery[] => deliveries.map(({ id }) => relay.delivery(id)!);
      return new Promise((resolve) => {
        const unsubscribe = store.changes.subscribe(() => look());
        const look = (): void => {
          // The relay is notified while a change is being made; its own data is updated a moment later.
          setImmediate(() => {
            if (now().some(({ state }) => states.includes(state))) return;
            unsubscribe();
            resolve(now());
          });
        };
        look();
      });
    },
    async deliver(to, raw) {
      return fixture.settled(await relay.release(await fixture.capture(to, raw)));
    },
  };
  return fixture;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.2');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
