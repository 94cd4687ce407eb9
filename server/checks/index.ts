/**
 * Runs the checks of captured messages and provides their results. A static check runs when its results are
 * first requested, and the results are cached in memory; the results of live checks are stored with the
 * message.
 *
 * The severities configured in the budget are applied to the returned findings, not to the stored findings,
 * so that a new budget takes effect at once.
 */
import { liveCheckNames, staticCheckNames, type CheckState } from '../../contract/names.ts';
import type { Finding } from '../message/finding.ts';
import { isPrivateAddress } from '../net/private-address.ts';
import { TooManyWaiting, Turns } from '../net/turns.ts';
import type { MessageId } from '../store/ids.ts';
import type { Store, StoredMessage } from '../store/store.ts';
import { JobError } from '../thread/job.ts';
import { applyBudget, type CheckBudget } from './budget.ts';
import {
  CheckRequestError,
  type CheckName,
  type CheckRequest,
  type LiveCheck,
  type LiveCheckName,
  type StaticCheckName,
} from './check.ts';
import { cutShort } from './cut-short.ts';
import { CheckRunner } from './runner.ts';

export type { CheckBudget } from './budget.ts';

export interface CheckResult {
  readonly check: CheckName;
  /**
   * The state of the check: `done`; `cut-short` if a limit ended the check; `not-run` for a live check that has
   * not run yet; `unavailable` for a check whose configuration is missing, as `reason` explains.
   */
  readonly state: CheckState;
  readonly reason: string | null;
  /** Whether the check contacts other servers, and therefore runs only on request. */
  readonly live: boolean;
  /** The start of the last run in milliseconds since the epoch; `null` for a check that has not run. */
  readonly ranAt: number | null;
  /** The duration of the last run in milliseconds; `null` for a check that has not run. */
  readonly took: number | null;
  readonly score: number | null;
  readonly findings: readonly Finding[];
  readonly details: unknown;
}

export interface ChecksOptions {
  readonly store: Store;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  readonly budget: CheckBudget;
  readonly live: readonly LiveCheck[];
  readonly runner?: CheckRunner;
}

/**
 * The maximum number of messages for which the results of static checks (which need only the message) are
 * cached.
 */
const REMEMBERED = 100;
/** The default time limit of a live check (which contacts other servers), in milliseconds. */
const LIVE_TIMEOUT = 30_000;

/** Returns the IP address of an SMTP client given as `address:port`; an empty string for a Unix socket. */
const hostOf = (peer: string): string => /^\[?([^\]]*)\]?:\d+$/.exec(peer)?.[1] ?? '';

const noteKey = (check: LiveCheckName): string => `check:${check}`;

export class Checks {
  readonly #options: ChecksOptions;
  readonly #runner: CheckRunner;
  /**
   * The queue of the live checks, which contact other servers: 8 checks run at the same time, and at most 100
   * wait.
   */
  readonly #turns = new Turns({ atOnce: 8, waiting: 100, what: 'live checks' });
  readonly #remembered = new Map<string, Promise<readonly CheckResult[]>>();

  constructor(options: ChecksOptions) {
    this.#options = options;
    this.#runner = options.runner ?? new CheckRunner();
  }

  /**
   * Returns the results of all checks on a message: static checks run now, for live checks the results of the
   * last run are returned. Returns `undefined` if the message does not exist. `clients` replaces the mail
   * clients that the budget file names.
   */
  async results(id: MessageId, clients?: readonly string[]): Promise<readonly CheckResult[] | undefined> {
    const stored = await this.#options.store.messages.get(id);
    if (stored === undefined) return undefined;
    const still = await this.#staticResults(stored, clients ?? this.#options.budget.clients);
    const all = [this.#protocol(stored), ...still, ...liveCheckNames.map((name) => this.#kept(stored, name))];
    return all.filter((result) => result !== null).map((result) => this.#judged(result));
  }

  /**
   * Runs a live check (which contacts other servers) on a message and stores the result. Returns `undefined` if
   * the message does not exist. Properties of the sender that `request` omits are taken from the captured SMTP
   * session. Throws `CheckRequestError` for an invalid request, and `TooManyWaiting` while too many live checks
   * are running.
   */
  async run(
    id: MessageId,
    name: LiveCheckName,
    request: CheckRequest,
    abort?: AbortSignal,
  ): Promise<CheckResult | undefined> {
    const { store, clock } = this.#options;
    const stored = await store.messages.get(id);
    const raw = await store.messages.raw(id);
    const check = this.#live(name);
    if (stored === undefined || raw === undefined || check === undefined) return undefined;
    const missing = check.unavailable(request);
    if (missing !== null) return this.#judged(waiting(name, 'unavailable', missing));
    const { origin, fullEnvelope } = stored;
    const peer = hostOf(origin.peer ?? '');
    const asCaptured: CheckRequest = {
      // A private IP address of the SMTP client is not passed on to the check, because it is not the address
      // that the mail servers of real receivers would see.
      ...(isPrivateAddress(peer) ? {} : { ip: peer }),
      ...(origin.helo === null ? {} : { helo: origin.helo }),
      mailFrom: fullEnvelope.from.address,
    };
    const timeout = request.timeout ?? LIVE_TIMEOUT;
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(abort === undefined ? [] : [abort])]);
    const began = performance.now();
    const run = () => check.run({ raw, envelope: fullEnvelope }, { ...asCaptured, ...request }, signal);
    const result: Omit<CheckResult, 'took'> = await this.#turns
      .run(run)
      .then((outcome) => ({
        ...waiting(name, signal.aborted ? 'cut-short' : 'done', null),
        ranAt: clock(),
        ...outcome,
      }))
      .catch((error: unknown) => {
        const lost = error instanceof JobError && !signal.aborted;
        if (error instanceof CheckRequestError || error instanceof TooManyWaiting) throw error;
        if (!(signal.aborted || lost)) throw error;
        const said = lost
          ? `The check could not be finished: ${error.message}`
          : `The check took more than ${timeout / 1000} seconds and was cut short`;
        return { ...waiting(name, 'cut-short', null), ranAt: clock(), findings: [cutShort(name, said)] };
      });
    const kept: CheckResult = { ...result, took: Math.round(performance.now() - began) };
    await store.messages.annotate(id, noteKey(name), kept);
    return this.#judged(kept);
  }

  close(): Promise<void> {
    return this.#runner.close();
  }

  #live(name: LiveCheckName): LiveCheck | undefined {
    return this.#options.live.find((check) => check.name === name);
  }

  #judged(result: CheckResult): CheckResult {
    return { ...result, findings: applyBudget(result.findings, this.#options.budget) };
  }

  #protocol({ receivedAt, findings }: StoredMessage): CheckResult {
    const ran = { live: false, ranAt: receivedAt, took: 0, score: null, details: null };
    return { check: 'protocol', state: 'done', reason: null, ...ran, findings };
  }

  #kept(stored: StoredMessage, name: LiveCheckName): CheckResult | null {
    const check = this.#live(name);
    if (check === undefined) return null;
    const kept = stored.notes[noteKey(name)] as CheckResult | undefined;
    if (kept !== undefined) return kept;
    const missing = check.unavailable({});
    return waiting(name, missing === null ? 'not-run' : 'unavailable', missing);
  }

  #staticResults(stored: StoredMessage, clients: readonly string[]): Promise<readonly CheckResult[]> {
    const key = [stored.id, ...clients].join(' ');
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const results = this.#runStatic(stored, staticCheckNames, clients);
    this.#remembered.set(key, results);
    results.catch(() => this.#remembered.delete(key));
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    return results;
  }

  async #runStatic(
    { id, fullEnvelope, receivedAt }: StoredMessage,
    checks: readonly StaticCheckName[],
    clients: readonly string[],
  ): Promise<readonly CheckResult[]> {
    const raw = (await this.#options.store.messages.raw(id)) ?? Buffer.alloc(0);
    const ranAt = this.#options.clock();
    const results = await this.#runner.run({
      raw,
      envelope: fullEnvelope,
      receivedAt,
      checks,
      options: { clients },
    });
    return results.map(({ check, outcome, cut, took }) => ({
      check,
      state: cut ? 'cut-short' : 'done',
      reason: null,
      live: false,
      ranAt,
      took: Math.round(took),
      ...outcome,
    }));
  }
}

/** Returns the result that is reported for a live check (which contacts other servers) before its first run. */
function waiting(check: LiveCheckName, state: CheckState, reason: string | null): CheckResult {
  return {
    check,
    state,
    reason,
    live: true,
    ranAt: null,
    took: null,
    score: null,
    findings: [],
    details: null,
  };
}
