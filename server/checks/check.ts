/**
 * The types of checks. A check reads a captured message and predicts its problems in the real world, as findings with
 * a place, a reason and a remedy. A check never changes anything, and never throws because of a message's content.
 *
 * There are two kinds: a *static* check needs the message alone, so it runs automatically, in a worker with a
 * deadline; a *live* check contacts other servers (DNS, a spam daemon, web servers), so it runs on request, and its
 * result is stored.
 */
import {
  liveCheckNames,
  type CheckName,
  type LiveCheckName,
  type StaticCheckName,
} from '../../contract/names.ts';
import type { Finding, FindingPlace, Severity } from '../message/finding.ts';
import type { Envelope } from '../message/envelope.ts';
import type { CheckedMessage } from './checked-message.ts';

export type { CheckName, LiveCheckName, StaticCheckName };

export const isLiveCheck = (name: CheckName): name is LiveCheckName =>
  (liveCheckNames as readonly CheckName[]).includes(name);

/** The options of a static check. */
export interface CheckOptions {
  /**
   * The relevant mail clients, as `family.platform`, where `*` may replace either name; an empty list means all
   * clients.
   */
  readonly clients: readonly string[];
}

/** The result of a check on a message. */
export interface CheckOutcome {
  readonly findings: readonly Finding[];
  /** From 0 (worst) to 100 (best); `null` for checks without a score. */
  readonly score: number | null;
  /** Further results as JSON; each check has its own shape. */
  readonly details: unknown;
}

export interface StaticCheck {
  readonly name: StaticCheckName;
  /** Synchronous and pure: the same bytes and options give the same outcome. */
  run(message: CheckedMessage, options: CheckOptions): CheckOutcome;
}

/** The parameters of a live check; each check reads those that it needs. */
export interface CheckRequest {
  /** The presumed sender: the client's address, its EHLO name, the reverse-path. */
  readonly ip?: string;
  readonly helo?: string;
  readonly mailFrom?: string;
  /** DNS records in zone file format (RFC 1035 §5), in place of those configured. */
  readonly zone?: string;
  /** The time limit in milliseconds. */
  readonly timeout?: number;
}

/** A parameter of a live check is invalid; the message names the place. */
export class CheckRequestError extends Error {
  override readonly name = 'CheckRequestError';
}

/** A message for a live check, which reads the bytes in a thread where it needs them. */
export interface LiveMessage {
  readonly raw: Buffer;
  readonly envelope: Envelope;
}

export interface LiveCheck {
  readonly name: LiveCheckName;
  /** The configuration that is missing; `null` when the check can run. */
  unavailable(request: CheckRequest): string | null;
  /**
   * A fault of a daemon or a server is a finding. Rejects with `CheckRequestError`, and when `signal` aborts; a check
   * that has partial results by then returns them instead.
   */
  run(message: LiveMessage, request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome>;
}

/** One rule of a check; its id is the key in the check's table. */
export interface CheckRule {
  readonly severity: Severity;
  /** One sentence, without details of a message. */
  readonly message: string;
  readonly reference: string | null;
  readonly help: string;
}

/** The details of a finding, which replace those of its rule. */
export interface FindingParticulars {
  /** A sentence with the details of the message. */
  readonly message?: string;
  readonly severity?: Severity;
  readonly help?: string;
  readonly reference?: string;
}

/** Makes the findings of a check from its table of rules. */
export type FindingMaker<Rule extends string> = (
  rule: Rule,
  where?: FindingPlace | null,
  particulars?: FindingParticulars,
) => Finding;

export function findingsOf<Rule extends string>(
  check: CheckName,
  rules: Readonly<Record<Rule, CheckRule>>,
): FindingMaker<Rule> {
  return (rule, where = null, particulars = {}) => ({
    check,
    rule,
    ...rules[rule],
    ...particulars,
    where,
  });
}
