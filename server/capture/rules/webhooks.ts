/**
 * Webhooks: a POST for a message, signed, tried again with back-off, each delivery logged in the store's records so
 * that it can be read and replayed. Deliveries under way when the sandbox stops go on when it starts.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { MessageId } from '../../store/ids.ts';
import type { MessageSummary, RecordSet, Store } from '../../store/store.ts';
import type { RuleName, Stored, WebhookQueue, WebhookTarget } from './action.ts';

/** Milliseconds before each further try; after the last the delivery has failed. */
const RETRY_AFTER = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000] as const;
/** Milliseconds a receiver may take. */
const TIMEOUT = 10_000;
/** Characters of an answer that the log keeps. */
const KEPT_ANSWER = 500;
/** Deliveries the log keeps, the newest. */
const KEPT_DELIVERIES = 1000;

export interface WebhookAttempt {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** Beginning of the answer, or why there was none. */
  readonly answer: string;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly rule: RuleName;
  readonly message: MessageId;
  readonly url: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: readonly WebhookAttempt[];
  /** Milliseconds since the epoch; `null` when no further try is due. */
  readonly nextAt: number | null;
}

/** As it is kept: with what a further try needs. */
interface KeptDelivery extends WebhookDelivery {
  readonly secret: string | null;
  readonly raw: boolean;
}

interface WebhooksParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
}

/** `v1` of the signature header: HMAC-SHA-256 of the time, a dot and the body. */
export function signature(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/** Without its secret. */
function shown({ id, rule, message, url, state, attempts, nextAt }: KeptDelivery): WebhookDelivery {
  return { id, rule, message, url, state, attempts, nextAt };
}

export class Webhooks implements WebhookQueue {
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #clock: () => number;
  readonly #records: RecordSet<KeptDelivery>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();

  constructor({ store, logger, clock }: WebhooksParts) {
    this.#store = store;
    this.#logger = logger;
    this.#clock = clock;
    this.#records = store.records('webhook-deliveries');
  }

  /** Goes on with what was waiting when the sandbox stopped. */
  async resume(): Promise<void> {
    for (const { value } of await this.#records.list()) if (value.state === 'waiting') this.#schedule(value);
  }

  /** The log, newest first. */
  async list(): Promise<readonly WebhookDelivery[]> {
    return (await this.#records.list()).map(({ value }) => shown(value)).reverse();
  }

  async enqueue({ url, secret, raw }: WebhookTarget, rule: RuleName, { id: message }: Stored): Promise<void> {
    const delivery: KeptDelivery = {
      id: randomUUID(),
      // Its name alone: a whole rule would be kept here with its secrets, and shown.
      rule: { id: rule.id, name: rule.name },
      message,
      url,
      secret,
      raw,
      state: 'waiting',
      attempts: [],
      nextAt: this.#clock(),
    };
    await this.#records.put(delivery.id, delivery);
    this.#schedule(delivery);
    await this.#forgetOld();
  }

  /** Sends one again, whatever became of it; `undefined` when there is none of that id. */
  async replay(id: string): Promise<WebhookDelivery | undefined> {
    const delivery = await this.#records.get(id);
    if (delivery === undefined) return undefined;
    clearTimeout(this.#timers.get(id));
    const again: KeptDelivery = { ...delivery, state: 'waiting', attempts: [], nextAt: this.#clock() };
    await this.#records.put(id, again);
    this.#schedule(again);
    return shown(again);
  }

  async #forgetOld(): Promise<void> {
    const list = await this.#records.list();
    const old = list.slice(0, -KEPT_DELIVERIES).filter(({ value }) => value.state !== 'waiting');
    for (const { key } of old) await this.#records.delete(key);
  }

  #schedule(delivery: KeptDelivery): void {
    if (this.#abort.signal.aborted) return;
    const wait = Math.max(0, (delivery.nextAt ?? 0) - this.#clock());
    const timer = setTimeout(() => {
      this.#timers.delete(delivery.id);
      const running = this.#try(delivery)
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'rules: a webhook could not be logged'))
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
    }, wait).unref();
    this.#timers.set(delivery.id, timer);
  }

  async #try(delivery: KeptDelivery): Promise<void> {
    const attempt = await this.#attempt(delivery);
    if (this.#abort.signal.aborted) return;
    const attempts = [...delivery.attempts, attempt];
    const delivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const wait = RETRY_AFTER[attempts.length - 1];
    const again = !delivered && wait !== undefined && attempt.status !== 410;
    const next: KeptDelivery = {
      ...delivery,
      attempts,
      state: delivered ? 'delivered' : again ? 'waiting' : 'failed',
      nextAt: again ? this.#clock() + wait : null,
    };
    await this.#records.put(next.id, next);
    if (again) this.#schedule(next);
  }

  async #attempt(delivery: KeptDelivery): Promise<WebhookAttempt> {
    const at = this.#clock();
    try {
      const body = await this.#body(delivery);
      const seconds = Math.floor(at / 1000);
      const response = await fetch(delivery.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Restante',
          'restante-delivery': delivery.id,
          'restante-attempt': String(delivery.attempts.length + 1),
          ...(delivery.secret === null
            ? {}
            : { 'restante-signature': signature(delivery.secret, seconds, body) }),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), this.#abort.signal]),
      });
      return { at, status: response.status, answer: (await response.text()).slice(0, KEPT_ANSWER) };
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
      return { at, status: null, answer: reason.slice(0, KEPT_ANSWER) };
    }
  }

  async #body({ id, rule, message, raw }: KeptDelivery): Promise<string> {
    const summary = await this.#store.summary(message);
    const octets = raw ? await this.#store.raw(message) : undefined;
    return JSON.stringify({
      event: 'message',
      delivery: id,
      rule,
      message: summary === undefined ? { id: message, removed: true } : present(summary),
      ...(octets === undefined ? {} : { raw: octets.toString('base64') }),
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#abort.abort();
    await Promise.all(this.#running);
  }
}

/** As the API words it. */
const present = (summary: MessageSummary) => ({
  ...summary,
  receivedAt: new Date(summary.receivedAt).toISOString(),
  date: summary.date === null ? null : new Date(summary.date).toISOString(),
});
