/** What rules' actions may use of the world, within this process: time, the store, work after the reply. */
import type { Logger } from 'pino';
import { lint } from '../smtp/lint/index.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import type { ActionWorld, Generated, RelayHook } from './rules/action.ts';
import { Webhooks } from './rules/webhooks.ts';

/** How long closing waits for what goes on in the background, milliseconds. */
const CLOSE_TIMEOUT = 2000;

interface WorldParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly random: () => number;
  readonly hostname: string;
  readonly relay: RelayHook | null;
  readonly accountOf: (address: string) => AccountName;
}

export class CaptureWorld implements ActionWorld {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly random: () => number;
  readonly hostname: string;
  readonly relay: RelayHook | null;
  readonly accountOf: (address: string) => AccountName;
  readonly webhooks: Webhooks;
  readonly #tasks = new Set<Promise<void>>();
  /** Ends each pause that is on. */
  readonly #pauses = new Set<() => void>();
  #closing = false;

  constructor(parts: WorldParts) {
    this.store = parts.store;
    this.logger = parts.logger;
    this.clock = parts.clock;
    this.random = parts.random;
    this.hostname = parts.hostname;
    this.relay = parts.relay;
    this.accountOf = parts.accountOf;
    this.webhooks = new Webhooks(parts);
  }

  pause(ms: number): Promise<void> {
    if (this.#closing || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#pauses.add(end);
    });
  }

  async generate({ raw, envelope, tags }: Generated): Promise<MessageId> {
    const names = new Set(envelope.to.map(({ address }) => this.accountOf(address)));
    const { summary } = await this.store.add({
      raw,
      envelope,
      tags,
      origin: { kind: 'generated', session: null, peer: null, helo: null, tls: null, user: null },
      findings: lint(raw, envelope),
      targets: [...names].map((account) => ({ account })),
    });
    return summary.id;
  }

  background(what: string, task: () => Promise<void>): void {
    const running = task()
      .catch((error: unknown) => this.logger.warn({ err: error }, what))
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  /** Ends every pause, and lets none begin. */
  stopWaiting(): void {
    this.#closing = true;
    for (const end of this.#pauses) end();
  }

  async close(): Promise<void> {
    this.stopWaiting();
    await this.webhooks.close();
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT)));
    await Promise.race([Promise.all(this.#tasks), bound]);
    clearTimeout(timer);
  }
}
