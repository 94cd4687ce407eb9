/** Starts an SMTP listener that captures into a store in memory, without the rest of the sandbox. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createAuthenticator } from '../../server/auth.ts';
import { createCapture, type Capture, type CaptureOptions } from '../../server/capture/capture.ts';
import { createSmtpServer, type SmtpServerOptions } from '../../server/smtp/server.ts';
import type { AccountName } from '../../server/store/ids.ts';
import type { Store, StoredMessage } from '../../server/store/store.ts';
import type { Listener } from '../../server/net/listener.ts';
import { openTestStore } from './test-store.ts';

export interface TestCapture {
  readonly host: string;
  readonly port: number;
  readonly store: Store;
  readonly capture: Capture;
  readonly server: Listener;
  /** Starts another listener that captures into the same store. */
  listen(options?: Partial<SmtpServerOptions>): Promise<Listener>;
  /** Resolves with all captured messages, the oldest first. */
  messages(account?: string): Promise<StoredMessage[]>;
  raw(index?: number): Promise<Buffer>;
}

export interface TestCaptureOptions {
  readonly smtp?: Partial<SmtpServerOptions>;
  readonly capture?: Partial<CaptureOptions>;
  /** The password of each user, as with `--auth`. */
  readonly listed?: Readonly<Record<string, string>>;
}

const logger = pino({ level: 'silent' });

export async function startCapture(options: TestCaptureOptions = {}): Promise<TestCapture> {
  const store = await openTestStore();
  const auth = createAuthenticator(store.accounts, new Map(Object.entries(options.listed ?? {})));
  const capture = createCapture({
    store,
    auth,
    logger,
    clock: Date.now,
    random: Math.random,
    hostname: 'mx.test',
    foldSubaddresses: false,
    ...options.capture,
  });
  const listen = async (more: Partial<SmtpServerOptions> = {}): Promise<Listener> => {
    const server = createSmtpServer(
      {
        host: '127.0.0.1',
        port: 0,
        name: 'mx.test',
        maxMessageSize: 1_000_000,
        maxRecipients: 1000,
        requireAuth: false,
        requireTls: false,
        tls: null,
        implicitTls: false,
        logger,
        clock: Date.now,
        handshakes: {
          handshakeFailed: ({ peer, reason }) => capture.handshakeFailed('smtp', peer, reason),
        },
        ...options.smtp,
        ...more,
      },
      capture,
    );
    await server.listen();
    onTestFinished(async () => {
      capture.stopWaiting();
      await server.close();
      await capture.stop();
    });
    return server;
  };
  const server = await listen();
  const messages = async (account = 'all'): Promise<StoredMessage[]> => {
    const page = await store.messages.list({ account: account as AccountName, limit: 1000, order: 'oldest' });
    return Promise.all(page.messages.map(async ({ summary }) => (await store.messages.get(summary.id))!));
  };
  return {
    ...server.address(),
    store,
    capture,
    server,
    listen,
    messages,
    async raw(index = 0) {
      const { id } = (await messages())[index]!;
      return (await store.messages.raw(id))!;
    },
  };
}
