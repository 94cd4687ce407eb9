/**
 * Applies the outcomes of a round of delivery attempts to the deliveries of the round: sets the state and the
 * time of the next attempt, logs the attempts, and sends notices to the sender.
 */
import type { StoredMessage } from '../store/store.ts';
import { waitAfter } from './backoff.ts';
import { isFinal, type Delivery } from './delivery.ts';
import { composeNotice } from './notices.ts';
import type { RelayOptions, RelayTiming } from './options.ts';
import type { DeliveryQueue } from './queue.ts';
import type { TriedHost } from './round.ts';
import type { Verdict } from './verdict.ts';

interface OutcomeOptions extends RelayOptions {
  readonly queue: DeliveryQueue;
  readonly timing: RelayTiming;
}

export interface Outcomes {
  /** Adds an attempt to the log of each delivery whose recipient was a part of the attempt. */
  attempted(
    deliveries: readonly Delivery[],
    tried: TriedHost,
    decided: ReadonlyMap<number, Verdict>,
  ): Promise<void>;
  /** Updates the deliveries of a finished round of attempts with the outcomes for their recipients. */
  settle(
    deliveries: readonly Delivery[],
    verdicts: ReadonlyMap<number, Verdict>,
    message: StoredMessage,
    raw: Buffer,
  ): Promise<void>;
  /** Sends all notices that are due. Each notice is sent to the sender of a message. */
  notify(deliveries: readonly Delivery[]): Promise<void>;
}

export function createOutcomes(options: OutcomeOptions): Outcomes {
  const { queue, store, config, timing, clock, random, logger, submit } = options;
  const token = (): string =>
    [random(), random()].map((value) => Math.floor(value * 36 ** 9).toString(36)).join('');

  async function settleOne({ id }: Delivery, verdict: Verdict): Promise<Delivery | null> {
    const delivery = queue.get(id);
    const isOpen = (now: Delivery): boolean =>
      verdict.kind === 'delivered' || (!isFinal(now) && queue.isOwn(now));
    if (delivery === undefined || !isOpen(delivery)) return null;
    const now = clock();
    const rounds = delivery.rounds + 1;
    // If the clock was set back, the time of the release may be in the future; it is then treated as the current time.
    const since = Math.min(delivery.since, now);
    const said = { rounds, since, reason: verdict.reason, status: verdict.status };
    if (verdict.kind === 'delivered') {
      return queue.update(id, { ...said, state: 'delivered', nextAttemptAt: null });
    }
    const late = now - since;
    if (verdict.kind === 'failed' || late >= timing.giveUpAfter) {
      const reason = verdict.kind === 'failed' ? verdict.reason : `Given up: ${verdict.reason}`;
      const ended = { state: 'failed', nextAttemptAt: null, noticeDue: 'failed' } as const;
      return queue.update(id, { ...said, reason, ...ended }, isOpen);
    }
    const tell = late >= timing.notifyAfter && !delivery.delayNotified;
    const later = { state: 'deferred', nextAttemptAt: now + waitAfter(rounds, timing, random) } as const;
    const notice = tell ? { delayNotified: true, noticeDue: 'delayed' as const } : {};
    return queue.update(id, { ...said, ...later, ...notice }, isOpen);
  }

  async function tell(deliveries: readonly Delivery[], message: StoredMessage, raw: Buffer): Promise<void> {
    for (const action of ['failed', 'delayed'] as const) {
      const due = deliveries.filter(({ noticeDue }) => noticeDue === action);
      if (due.length === 0) continue;
      const notice = composeNotice(action, due, message, raw, {
        hostname: config.hostname,
        now: clock(),
        token: token(),
      });
      if (notice !== null) await submit(notice);
      for (const { id } of due) await queue.update(id, { noticeDue: null });
    }
  }

  return {
    async attempted(deliveries, tried, decided) {
      for (const [index, { id }] of deliveries.entries()) {
        const delivery = queue.get(id);
        if (delivery === undefined) continue;
        const verdict = decided.get(index);
        const concerned = verdict !== undefined || decided.size === 0;
        if (!concerned) continue;
        const outcome = verdict === undefined ? tried.outcome : verdict.kind;
        const reason = verdict?.reason ?? tried.reason;
        logger.info(
          { delivery: id, to: delivery.to, host: tried.host, address: tried.address, outcome, reason },
          'relay: attempt',
        );
        await queue.note({ ...tried, delivery: id, round: delivery.rounds + 1, outcome, reason });
      }
    },

    async settle(deliveries, verdicts, message, raw) {
      const settled: Delivery[] = [];
      for (const [index, delivery] of deliveries.entries()) {
        const verdict = verdicts.get(index);
        const after = verdict === undefined ? null : await settleOne(delivery, verdict);
        if (after !== null) settled.push(after);
      }
      await tell(settled, message, raw);
    },

    async notify(deliveries) {
      for (const delivery of deliveries) {
        const message = await store.messages.get(delivery.message);
        const raw = await store.messages.raw(delivery.message);
        if (message !== undefined && raw !== undefined) await tell([delivery], message, raw);
      }
    },
  };
}
