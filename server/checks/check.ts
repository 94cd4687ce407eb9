/**
 * What a check is. A check reads a captured message and says what it would meet in the real world, as findings with
 * a place, a reason and a remedy. It never changes anything and never throws for what a message holds.
 *
 * There are two kinds: a *static* check needs the message alone, so it runs by itself, in a worker with a deadline; a
 * *live* check asks somebody (DNS, a spam daemon, web servers), so it runs when it is told to, and its result is kept.
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

/** What a check is asked with. */
export interface CheckOptions {
  /** Mail clients that matter, as `family.platform` with `*` on either side; every client when empty. */
  readonly clients: readonly string[];
}

/** What a check makes of a message. */
export interface CheckOutcome {
  readonly findings: readonly Finding[];
  /** From 0, which nobody could accept, to 100; `null` where a number would say nothing. */
  readonly score: number | null;
  /** What is worth showing besides the findings, as JSON; its shape is the check's own. */
  readonly details: unknown;
}

export interface StaticCheck {
  readonly name: StaticCheckName;
  /** Synchronous and pure: the same bytes and options give the same outcome. */
  run(message: CheckedMessage, options: CheckOptions): CheckOutcome;
}

/** What a caller may say to a live check; each takes what concerns it. */
export interface CheckRequest {
  /** As whom the message is taken to have been sent: the client's address, its EHLO name, the reverse-path. */
  readonly ip?: string;
  readonly helo?: string;
  readonly mailFrom?: string;
  /** DNS records in zone file format (RFC 1035 §5), in place of those configured. */
  readonly zone?: string;
  /** Milliseconds it may take. */
  readonly timeout?: number;
}

/** What a caller said to a live check cannot be understood; the message says where. */
export class CheckRequestError extends Error {
  override readonly name = 'CheckRequestError';
}

/** A message for a live check, which reads the bytes in a thread where it has to look into them. */
export interface LiveMessage {
  readonly raw: Buffer;
  readonly envelope: Envelope;
}

export interface LiveCheck {
  readonly name: LiveCheckName;
  /** What is to be configured before it can run; `null` when it can. */
  unavailable(request: CheckRequest): string | null;
  /**
   * What a daemon or a server gets wrong is a finding; rejects when `signal` aborts, and with `CheckRequestError`.
   * A check that still has something to say when `signal` aborts says it.
   */
  run(message: LiveMessage, request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome>;
}

/** One rule of a check; its id is the key in the check's table. */
export interface CheckRule {
  readonly severity: Severity;
  /** One sentence, without the particulars of a message. */
  readonly message: string;
  readonly reference: string | null;
  readonly help: string;
}

/** What a finding says beyond its rule. */
export interface FindingParticulars {
  /** In place of the rule's sentence, with the particulars in it. */
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
