/**
 * Performs the actions of rules on stored messages, such as a bounce. Each such action is committed together with its
 * message, begins after the SMTP reply, and is deleted when it has succeeded. If the process is killed in between, the
 * action is performed after a restart, possibly for the second time.
 *
 * Of several nodes on one store, the node that captured the message performs the action; if that node has ended,
 * another node performs the action.
 */
import type { Logger } from 'pino';
import { parseHeaders } from '../message/header.ts';
import type { MessageId } from '../store/ids.ts';
import { ownedBy, takeOver, type Owned } from '../store/ownership.ts';
import { isTemporary, type NewRecord, type RecordSet, type Store } from '../store/store.ts';
import { LoopError, trailOf } from '../relay/loop-guard.ts';
import { RelayRefusal } from '../relay/relay.ts';
import type { ActionWorld, Effect, PlannedEffect, RuleName } from './action.ts';
import { DueQueue } from './due-queue.ts';
import { remaining, retryAfter, STORE_PAUSE } from './retry.ts';

const COLLECTION = 'rule-effects';

/** An action on a stored message, in the form in which it is stored until the action succeeds. */
interface DueEffect extends PlannedEffect, Owned {
  readonly message: MessageId;
  /** The time when the action is due, in milliseconds since the epoch. */
  readonly dueAt: number;
  readonly tries: number;
}

/** The reason why an action on a message failed, as stored in a note with the message. */
export interface EffectFailure {
  readonly rule: RuleName;
  readonly reason: string;
}

/**
 * The prefix of a note's key: a failure of an action is stored with the message as a note whose key begins with
 * this prefix.
 */
export const EFFECT_FAILURE = 'effect-failure.';

interface EffectsParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly clock: () => number;
  /**
   * Returns the function that performs an action with its parameter on a stored message; `null` if this
   * version has no such action.
   */
  readonly effectOf: (action: string, parameter: unknown) => Effect | null;
  readonly failed: (rule: RuleName, failure: string) => void;
  readonly world: ActionWorld;
}

export class Effects {
  readonly #parts: EffectsParts;
  readonly #records: RecordSet<DueEffect>;
  readonly #queue: DueQueue;
  #stopTaking = (): void => undefined;

  constructor(parts: EffectsParts) {
    this.#parts = parts;
    this.#records = parts.store.records.collection(COLLECTION);
    this.#queue = new DueQueue((key) => this.#run(key));
  }

  /**
   * Schedules the actions that were pending when the sandbox stopped. Actions on a deleted message are
   * deleted.
   */
  async start(): Promise<void> {
    await this.#takeOver(true);
    this.#stopTaking = this.#parts.store.nodes.onGone(() => this.#takeOver(false));
  }

  async #takeOver(isStart: boolean): Promise<void> {
    const own = await takeOver(this.#records, this.#parts.store.nodes, () => true);
    for (const { key, value, isTaken } of own) {
      if (!isTaken && !isStart) continue;
      if ((await this.#parts.store.messages.summary(value.message)) === undefined)
        await this.#records.delete(key);
      else this.#schedule(key, value);
    }
  }

  /**
   * Returns the records of planned actions, to commit together with a message. The caller calls `begin` when
   * the message is acknowledged.
   */
  due(
    planned: readonly PlannedEffect[],
    message: MessageId,
  ): { readonly records: readonly NewRecord[]; begin(): void } {
    const now = this.#parts.clock();
    const owner = ownedBy(this.#parts.store.nodes);
    const effects = planned.map((effect, index) => {
      const value: DueEffect = { ...effect, message, dueAt: now + effect.wait, tries: 0, ...owner };
      return { key: `${message}.${index}`, value };
    });
    return {
      records: effects.map((effect) => ({ collection: COLLECTION, ...effect })),
      begin: () => {
        for (const { key, value } of effects) this.#schedule(key, value);
      },
    };
  }

  #schedule(key: string, { action, parameter, dueAt, wait, tries }: DueEffect): void {
    const longest = tries === 0 ? wait : (retryAfter(tries) ?? 0);
    const lane = this.#parts.effectOf(action, parameter)?.lane ?? '';
    this.#queue.add(key, lane, remaining(dueAt, longest, this.#parts.clock()));
  }

  async #run(key: string): Promise<void> {
    const { logger } = this.#parts;
    try {
      const effect = await this.#records.get(key);
      if (effect === undefined || effect.owner !== this.#parts.store.nodes.self) return;
      const problem = await this.#attempt(effect);
      if (problem === null) await this.#records.delete(key);
      else await this.#failed(key, effect, problem);
    } catch (error) {
      logger.warn({ err: error, effect: key }, 'rules: the outcome of an effect could not be stored');
      if (isTemporary(error)) this.#queue.add(key, '', STORE_PAUSE);
    }
  }

  /** Performs a stored action. Returns `null` if it succeeded, otherwise the error. */
  async #attempt({ action, parameter, message, rule, rcpt, tries }: DueEffect): Promise<Error | null> {
    const { store, effectOf, world } = this.#parts;
    const effect = effectOf(action, parameter);
    if (effect === null) return new Error(`This version has no action ${action}: remove it from the rule`);
    try {
      const stored = await store.messages.get(message);
      const raw = await store.messages.raw(message);
      // If the message was deleted before the action on it was due, nothing remains to be done.
      if (stored === undefined || raw === undefined) return null;
      if (tries === 0) world.guard.countAlike(`${rule.id} ${action}`, stored);
      const trail = trailOf({ headers: parseHeaders(raw) }, message);
      const context = { rule, rcpt, trail, world };
      await effect.perform({ ...context, stored: { id: message, envelope: stored.fullEnvelope, raw } });
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #failed(key: string, effect: DueEffect, problem: Error): Promise<void> {
    const { logger, clock, failed, store } = this.#parts;
    const { rule, action, message } = effect;
    const tries = effect.tries + 1;
    const isFinal = problem instanceof LoopError || problem instanceof RelayRefusal;
    const wait = isFinal ? undefined : retryAfter(tries);
    failed(rule, `${action}: ${problem.message}`);
    logger.warn({ err: problem, rule: rule.name, message, tries }, 'rules: an effect failed');
    if (wait !== undefined) {
      const next = { ...effect, tries, dueAt: clock() + wait };
      await this.#records.update(key, (now) => (now?.owner === effect.owner ? next : now));
      this.#schedule(key, next);
      return;
    }
    const failure: EffectFailure = { rule, reason: `${action}: ${problem.message}` };
    await store.messages.annotate(
      message,
      `${EFFECT_FAILURE}${key.slice(key.lastIndexOf('.') + 1)}`,
      failure,
    );
    await this.#records.delete(key);
  }

  /** Waits until the actions in progress have ended. */
  close(): Promise<void> {
    this.#stopTaking();
    return this.#queue.close();
  }
}
