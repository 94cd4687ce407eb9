/**
 * The services of this process that the actions of rules use: the time, the store, and the queue for actions
 * that are performed after the reply.
 */
import type { Logger } from 'pino';
import { protocolFindings } from '../checks/protocol/index.ts';
import type { AccountName, MessageId } from '../store/ids.ts';
import type { NewRecord, Store } from '../store/store.ts';
import type { LoopGuard } from '../relay/loop-guard.ts';
import type { ActionWorld, Generated, PlannedEffect, RelayHook, RuleName } from '../rules/action.ts';
import { actions } from '../rules/actions/index.ts';
import { parseWebhook } from '../rules/actions/webhook.ts';
import { Effects } from '../rules/effects.ts';
import { Webhooks, type ForeignWebhooks } from '../rules/webhooks.ts';

/** The maximum time that `close` waits for rule actions in progress, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

interface WorldParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly random: () => number;
  readonly hostname: string;
  readonly relay: RelayHook | null;
  readonly accountOf: (address: string) => AccountName;
  readonly guard: LoopGuard;
  readonly foreignWebhooks?: ForeignWebhooks;
  /** The function that is called when an action of a rule has failed after the SMTP reply. */
  readonly failed: (rule: RuleName, failure: string) => void;
}

/**
 * The records of pending rule actions that are committed with a message, and the function that starts these
 * actions when the message has been acknowledged.
 */
interface DueEffects {
  readonly records: readonly NewRecord[];
  begin(): void;
}

export class CaptureWorld implements ActionWorld {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly random: () => number;
  readonly hostname: string;
  readonly relay: RelayHook | null;
  readonly accountOf: (address: string) => AccountName;
  readonly guard: LoopGuard;
  readonly webhooks: Webhooks;
  readonly #effects: Effects;
  /** For each pause that a rule action currently waits for, the function that ends the pause. */
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
    this.guard = parts.guard;
    this.webhooks = new Webhooks(parts);
    this.#effects = new Effects({
      ...parts,
      world: this,
      effectOf(action, parameter) {
        const bound = actions.get(action)?.bind(parameter);
        return bound === undefined || 'problems' in bound ? null : bound.effect;
      },
    });
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
    const { summary } = await this.store.messages.add({
      raw,
      envelope,
      tags,
      origin: { kind: 'generated', session: null, peer: null, helo: null, tls: null, user: null },
      findings: protocolFindings(raw, envelope),
      targets: [...names].map((account) => ({ account })),
    });
    return summary.id;
  }

  /**
   * Returns the records of the actions that are performed after the SMTP reply. The records are stored together
   * with the message.
   */
  due(planned: readonly PlannedEffect[], message: MessageId): DueEffects {
    const others = this.#effects.due(
      planned.filter(({ action }) => action !== 'webhook'),
      message,
    );
    const webhooks = planned
      .filter(({ action }) => action === 'webhook')
      .flatMap(({ parameter, rule, wait }) => {
        const target = parseWebhook(parameter);
        return typeof target === 'object' && 'parameter' in target
          ? [this.webhooks.due(target.parameter, rule, message, wait)]
          : [];
      });
    return {
      records: [...others.records, ...webhooks.map(({ record }) => record)],
      begin: () => {
        others.begin();
        for (const webhook of webhooks) webhook.begin();
      },
    };
  }

  /** Resumes the rule actions that were pending when the sandbox stopped. */
  async start(): Promise<void> {
    await this.webhooks.start();
    await this.#effects.start();
  }

  /** Ends every pause that a rule action waits for, and prevents new pauses. */
  stopWaiting(): void {
    this.#closing = true;
    for (const end of this.#pauses) end();
  }

  async close(): Promise<void> {
    this.stopWaiting();
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT)));
    await Promise.race([Promise.all([this.webhooks.close(), this.#effects.close()]), bound]);
    clearTimeout(timer);
  }
}
