/**
 * Sends webhooks: signed POST requests for messages, retried with increasing delays. Each delivery (one request and its
 * retries) is committed together with its message and is logged in the store, so that it can be read and repeated.
 * Deliveries that are pending when the sandbox stops continue when it starts again. A limited number of requests run at
 * once; other deliveries wait in the store.
 *
 * Of several nodes on one store, the node that captured the message sends the requests; if that node has ended, another
 * node sends them.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { parseHeaders } from '../message/header.ts';
import { httpPost } from '../net/http-post.ts';
import {
  LoopError,
  TRAIL_FIELD,
  trailOf,
  trailText,
  type LoopGuard,
  type Trail,
} from '../relay/loop-guard.ts';
import type { MessageId } from '../store/ids.ts';
import { ownedBy, takeOver, type Owned } from '../store/ownership.ts';
import {
  isTemporary,
  type MessageSummary,
  type NewRecord,
  type RecordSet,
  type Store,
} from '../store/store.ts';
import type { RuleName, WebhookFormat, WebhookTarget } from './action.ts';
import { DueQueue } from './due-queue.ts';
import { EFFECT_FAILURE, type EffectFailure } from './effects.ts';
import { remaining, retryAfter, STORE_PAUSE } from './retry.ts';

/** The time after which a webhook request is aborted, in milliseconds. */
const TIMEOUT = 10_000;
/** The maximum number of octets of a response that are read. */
const MAX_ANSWER = 4096;
/** The maximum number of characters of a response that are logged. */
const KEPT_ANSWER = 500;
/** The maximum number of webhook deliveries in the log; older deliveries are deleted. */
const KEPT_DELIVERIES = 1000;
const COLLECTION = 'webhook-deliveries';

interface WebhookAttempt {
  /** The time when the request was sent, in milliseconds since the epoch. */
  readonly at: number;
  /** The HTTP status of the response; `null` if there was no response. */
  readonly status: number | null;
  /** The beginning of the response, or the error if there was no response. */
  readonly answer: string;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly rule: RuleName;
  readonly message: MessageId;
  readonly url: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: readonly WebhookAttempt[];
  /**
   * The time of the next attempt in milliseconds since the epoch; `null` if no further attempt is scheduled.
   */
  readonly nextAt: number | null;
}

/** A webhook delivery in the form in which it is stored, with the values that a further attempt needs. */
interface KeptDelivery extends WebhookDelivery, Owned {
  readonly secret: string | null;
  readonly raw: boolean;
  readonly format?: WebhookFormat;
  /** The delay, in milliseconds, that was added to the current time when `nextAt` was computed. */
  readonly wait?: number;
}

/** The requests of webhooks in the form of another tool. */
export interface ForeignWebhook {
  readonly userAgent: string;
  /** Returns the body as a JSON value. */
  body(summary: MessageSummary): unknown;
}

export type ForeignWebhooks = Readonly<Record<Exclude<WebhookFormat, 'restante'>, ForeignWebhook>>;

interface WebhooksParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly guard: LoopGuard;
  /** The request forms of other tools; without them, all requests have the form of Restante. */
  readonly foreignWebhooks?: ForeignWebhooks;
  readonly failed: (rule: RuleName, failure: string) => void;
}

/**
 * Returns the value of the signature header of a webhook request. The member `v1` is the HMAC-SHA-256 of the
 * time in seconds, a dot and the request body.
 */
export function signature(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/** Returns a webhook delivery in the form that users can read, without the secret of the webhook. */
function shown({ id, rule, message, url, state, attempts, nextAt }: KeptDelivery): WebhookDelivery {
  return { id, rule, message, url, state, attempts, nextAt };
}

export class Webhooks {
  readonly #parts: WebhooksParts;
  readonly #records: RecordSet<KeptDelivery>;
  readonly #queue: DueQueue;
  /** The ids of the deliveries that have succeeded or finally failed, oldest first. */
  readonly #ended = new Set<string>();
  readonly #abort = new AbortController();
  #stopTaking = (): void => undefined;

  constructor(parts: WebhooksParts) {
    this.#parts = parts;
    this.#records = parts.store.records.collection(COLLECTION);
    this.#queue = new DueQueue((id) => this.#run(id));
  }

  /** Schedules the webhook deliveries that were pending when the sandbox stopped. */
  async start(): Promise<void> {
    for (const { value } of await this.#records.list()) {
      if (value.state !== 'waiting') this.#ended.add(value.id);
    }
    await this.#takeOver(true);
    this.#stopTaking = this.#parts.store.nodes.onGone(() => this.#takeOver(false));
  }

  async #takeOver(isStart: boolean): Promise<void> {
    const isWaiting = ({ state }: KeptDelivery): boolean => state === 'waiting';
    for (const { value, isTaken } of await takeOver(this.#records, this.#parts.store.nodes, isWaiting)) {
      if (!isTaken && !isStart) continue;
      if (value.attempts.length === 0 && !(await this.#isStored(value.message))) {
        // The previous process ended before the message was accepted, so the webhook is not sent.
        await this.#records.delete(value.id);
      } else this.#schedule(value);
    }
  }

  async #isStored(message: MessageId): Promise<boolean> {
    return (await this.#parts.store.messages.summary(message)) !== undefined;
  }

  /** Returns the logged webhook deliveries, newest first. */
  async list(): Promise<readonly WebhookDelivery[]> {
    return (await this.#records.list()).map(({ value }) => shown(value)).reverse();
  }

  /**
   * Returns the record of a webhook delivery, to commit together with a message. The caller calls `begin`
   * when the message is acknowledged.
   *
   * @param wait milliseconds until the first attempt
   */
  due(
    { url, secret, raw, format }: WebhookTarget,
    rule: RuleName,
    message: MessageId,
    wait: number,
  ): { readonly record: NewRecord; begin(): void } {
    const delivery: KeptDelivery = {
      id: randomUUID(),
      // Only the id and the name of the rule are stored: the whole rule may contain secrets, and users can
      // read the log.
      rule: { id: rule.id, name: rule.name },
      message,
      url,
      secret,
      raw,
      ...(format === undefined ? {} : { format }),
      state: 'waiting',
      attempts: [],
      nextAt: this.#parts.clock() + wait,
      wait,
      ...ownedBy(this.#parts.store.nodes),
    };
    return {
      record: { collection: COLLECTION, key: delivery.id, value: delivery },
      begin: () => this.#schedule(delivery),
    };
  }

  /**
   * Sends a webhook delivery again, whether it succeeded or failed before. Returns `undefined` for an unknown
   * id.
   */
  async replay(id: string): Promise<WebhookDelivery | undefined> {
    const nextAt = this.#parts.clock();
    const owner = ownedBy(this.#parts.store.nodes);
    const again = await this.#records.update(
      id,
      (delivery) => delivery && { ...delivery, state: 'waiting', attempts: [], nextAt, wait: 0, ...owner },
    );
    if (again === undefined) return undefined;
    this.#queue.cancel(id);
    this.#ended.delete(id);
    this.#schedule(again);
    return shown(again);
  }

  async #forgetOld(): Promise<void> {
    while (this.#ended.size > KEPT_DELIVERIES) {
      const [oldest] = this.#ended;
      if (oldest === undefined) return;
      this.#ended.delete(oldest);
      await this.#records.delete(oldest);
    }
  }

  #schedule({ id, url, nextAt, wait = Infinity }: KeptDelivery): void {
    this.#queue.add(id, new URL(url).origin, remaining(nextAt ?? 0, wait, this.#parts.clock()));
  }

  async #run(id: string): Promise<void> {
    try {
      const delivery = await this.#records.get(id);
      const isOwn = delivery?.owner === this.#parts.store.nodes.self;
      if (delivery?.state === 'waiting' && isOwn) await this.#try(delivery);
    } catch (error) {
      this.#parts.logger.warn({ err: error, delivery: id }, 'rules: a webhook could not be logged');
      if (isTemporary(error)) this.#queue.add(id, '', STORE_PAUSE);
    }
  }

  async #try(delivery: KeptDelivery): Promise<void> {
    const { clock } = this.#parts;
    const { attempt, isLoop } = await this.#attempt(delivery);
    if (this.#abort.signal.aborted) return;
    const attempts = [...delivery.attempts, attempt];
    const delivered = attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
    const wait = delivered || isLoop || attempt.status === 410 ? undefined : retryAfter(attempts.length);
    const state = delivered ? 'delivered' : wait === undefined ? 'failed' : 'waiting';
    const nextAt = wait === undefined ? null : clock() + wait;
    const next: KeptDelivery = { ...delivery, attempts, state, nextAt, wait: wait ?? 0 };
    // If the delivery was started again, or taken over, its new owner sends it from the beginning.
    const stored = await this.#records.update(next.id, (now) => (isSame(now, delivery) ? next : now));
    if (stored === undefined || !isSame(stored, next)) return;
    if (wait !== undefined) {
      this.#schedule(next);
      return;
    }
    this.#ended.add(next.id);
    if (!delivered) await this.#gaveUp(next, attempt);
    await this.#forgetOld();
  }

  /** Adds a note to the message with the reason why the webhook delivery has finally failed. */
  async #gaveUp({ id, rule, message }: KeptDelivery, { status, answer }: WebhookAttempt): Promise<void> {
    if (!(await this.#isStored(message))) return;
    const reason = `webhook: ${status === null ? '' : `${status} `}${answer}`.trim();
    const failure: EffectFailure = { rule, reason };
    await this.#parts.store.messages.annotate(message, `${EFFECT_FAILURE}${id}`, failure);
  }

  async #attempt(delivery: KeptDelivery): Promise<{ attempt: WebhookAttempt; isLoop: boolean }> {
    const { clock, guard } = this.#parts;
    const at = clock();
    try {
      const octets = await this.#parts.store.messages.raw(delivery.message);
      await this.#countAlike(delivery);
      const trail = this.#trail(delivery, octets);
      const body = await this.#body(delivery, octets);
      const { status, text } = await httpPost(new URL(delivery.url), {
        headers: {
          ...headersOf(delivery, trail, body, Math.floor(at / 1000)),
          'user-agent': this.#foreign(delivery)?.userAgent ?? 'Restante',
        },
        body: Buffer.from(body),
        timeout: TIMEOUT,
        maxAnswer: MAX_ANSWER,
        signal: this.#abort.signal,
        judge: (address, port) => guard.refuseOwn(address, port),
      });
      return { attempt: { at, status, answer: text.slice(0, KEPT_ANSWER) }, isLoop: false };
    } catch (error) {
      const { message } = error as Error;
      const isLoop = error instanceof LoopError;
      if (isLoop) this.#stopped(delivery, error);
      return { attempt: { at, status: null, answer: message.slice(0, KEPT_ANSWER) }, isLoop };
    }
  }

  async #countAlike({ message, rule, attempts }: KeptDelivery): Promise<void> {
    const summary = attempts.length === 0 ? await this.#parts.store.messages.summary(message) : undefined;
    if (summary !== undefined) this.#parts.guard.countAlike(`${rule.id} webhook`, summary);
  }

  /**
   * Returns the trail of a webhook request; the trail is used to detect mail loops. The loop guard counts each
   * delivery once, not each attempt.
   */
  #trail({ message, attempts }: KeptDelivery, octets: Buffer | undefined): Trail {
    const trail = trailOf({ headers: octets === undefined ? [] : parseHeaders(octets) }, message);
    return attempts.length === 0 ? this.#parts.guard.next(trail) : { ...trail, hops: trail.hops + 1 };
  }

  #stopped({ rule, message, url }: KeptDelivery, error: LoopError): void {
    this.#parts.failed(rule, `webhook: ${error.message}`);
    this.#parts.logger.warn({ err: error, rule: rule.name, message, url }, 'rules: an effect failed');
  }

  #foreign({ format = 'restante' }: KeptDelivery): ForeignWebhook | undefined {
    return format === 'restante' ? undefined : this.#parts.foreignWebhooks?.[format];
  }

  async #body(delivery: KeptDelivery, octets: Buffer | undefined): Promise<string> {
    const { id, rule, message, raw } = delivery;
    const summary = await this.#parts.store.messages.summary(message);
    const foreign = this.#foreign(delivery);
    if (foreign !== undefined && summary !== undefined) return JSON.stringify(foreign.body(summary));
    return JSON.stringify({
      event: 'message',
      delivery: id,
      rule,
      message: summary === undefined ? { id: message, removed: true } : present(summary),
      ...(raw && octets !== undefined ? { raw: octets.toString('base64') } : {}),
    });
  }

  /** Aborts the webhook requests in progress. They are sent again after the next start of the server. */
  async close(): Promise<void> {
    this.#stopTaking();
    this.#abort.abort();
    await this.#queue.close();
  }
}

/** Returns whether a stored delivery has the owner and the attempts that this node knows. */
const isSame = (stored: KeptDelivery | undefined, { owner, attempts }: KeptDelivery): boolean =>
  stored !== undefined && stored.owner === owner && stored.attempts.length === attempts.length;

function headersOf(
  { id, attempts, secret }: KeptDelivery,
  trail: Trail,
  body: string,
  seconds: number,
): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'restante-delivery': id,
    'restante-attempt': String(attempts.length + 1),
    [TRAIL_FIELD.toLowerCase()]: trailText(trail),
    ...(secret === null ? {} : { 'restante-signature': signature(secret, seconds, body) }),
  };
}

/** Converts a message summary to the form in which webhook requests contain it. */
const present = (summary: MessageSummary) => ({
  ...summary,
  receivedAt: new Date(summary.receivedAt).toISOString(),
  date: summary.date === null ? null : new Date(summary.date).toISOString(),
});
