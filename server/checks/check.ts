/**
 * The types of checks. A check examines a captured message and predicts the problems that it would have with
 * real mail servers and mail clients, as findings with a place, a reason and a remedy. A check never changes
 * anything, and never throws because of a message's content.
 *
 * There are two kinds: a *static* check needs the message alone, so it runs automatically, in a worker thread
 * with a deadline; a *live* check contacts other servers (DNS, a spam daemon, web servers), so it runs on
 * request, and its result is stored.
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

/** The options of a static check, which needs only the message. */
export interface CheckOptions {
  /**
   * The mail clients to consider, as `family.platform`, where `*` may replace either name; an empty list
   * means all clients.
   */
  readonly clients: readonly string[];
}

/** The result of a check on a message. */
export interface CheckOutcome {
  readonly findings: readonly Finding[];
  /** The score from 0 (worst) to 100 (best); `null` for checks without a score. */
  readonly score: number | null;
  /** Further results as JSON; the shape depends on the check. */
  readonly details: unknown;
}

export interface StaticCheck {
  readonly name: StaticCheckName;
  /**
   * Runs the check. The function is synchronous and pure: the same bytes and options give the same outcome.
   */
  run(message: CheckedMessage, options: CheckOptions): CheckOutcome;
}

/** The parameters of a live check, which contacts other servers; each check reads the parameters that it needs. */
export interface CheckRequest {
  /** The presumed sender of the message: the client's IP address, its EHLO name, and the reverse-path. */
  readonly ip?: string;
  readonly helo?: string;
  readonly mailFrom?: string;
  /** DNS records in zone file format (RFC 1035 §5), which replace the configured zone. */
  readonly zone?: string;
  /** The time limit of the check in milliseconds. */
  readonly timeout?: number;
}

/**
 * The error for an invalid parameter of a live check, which contacts other servers; the message names the
 * parameter.
 */
export class CheckRequestError extends Error {
  override readonly name = 'CheckRequestError';
}

/**
 * A message for a live check, which contacts other servers. The check reads the bytes in a worker thread if it
 * needs them.
 */
export interface LiveMessage {
  readonly raw: Buffer;
  readonly envelope: Envelope;
}

export interface LiveCheck {
  readonly name: LiveCheckName;
  /** Returns a description of the configuration that the check lacks; `null` when the check can run. */
  unavailable(request: CheckRequest): string | null;
  /**
   * Runs the check. A failure of the contacted daemon or server is reported as a finding. Rejects with
   * `CheckRequestError` for an invalid parameter, and when `signal` aborts; a check that has partial results
   * by then returns the partial results instead.
   */
  run(message: LiveMessage, request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome>;
}

/** One rule of a check; the id of the rule is its key in the check's table of rules. */
export interface CheckRule {
  readonly severity: Severity;
  /** The problem in one sentence, without details of a message. */
  readonly message: string;
  readonly reference: string | null;
  readonly help: string;
}

/** The details of a finding, which replace the general texts of its rule. */
export interface FindingParticulars {
  /** The problem in one sentence, with the details of the message. */
  readonly message?: string;
  readonly severity?: Severity;
  readonly help?: string;
  readonly reference?: string;
}

/** A function that makes findings from a check's table of rules. */
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
