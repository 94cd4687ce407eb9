/** Runs the static checks, which need only the message, one after another, in the calling thread. */
import type { Envelope } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { CheckOptions, CheckOutcome, StaticCheckName } from './check.ts';
import { CheckedMessage, MAX_READ } from './checked-message.ts';
import { cutShort } from './cut-short.ts';
import { staticChecks } from './static-checks.ts';

/** The maximum number of findings that are returned for one check; further findings are counted, but not returned. */
const MAX_FINDINGS = 200;

/** The input of the static checks, which need only the message, in a form that can be sent to another thread. */
export interface CheckTask {
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
  /**
   * The time when the message was captured, in milliseconds since the epoch; `null` for a message from a
   * file.
   */
  readonly receivedAt: number | null;
  readonly checks: readonly StaticCheckName[];
  readonly options: CheckOptions;
}

/** The result of a static check, which needs only the message. */
export interface StaticResult {
  readonly check: StaticCheckName;
  readonly outcome: CheckOutcome;
  /** Whether a limit prevented the check from reading the whole message. */
  readonly cut: boolean;
  /** The duration of the check in milliseconds. */
  readonly took: number;
}

function bounded(check: string, findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const rest: Finding = {
    check,
    rule: 'more-findings',
    severity: 'info',
    message: `This check has ${findings.length - MAX_FINDINGS} more findings`,
    where: null,
    reference: null,
    help: 'Correct the listed findings, then run the check again.',
  };
  return [...findings.slice(0, MAX_FINDINGS), rest];
}

const NOTHING: CheckOutcome = { findings: [], score: null, details: null };

/** Runs the checks of a task and yields the result of each check as soon as it has ended. */
export function* runStatic({
  raw,
  envelope,
  receivedAt,
  checks,
  options,
}: CheckTask): Generator<StaticResult> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const message = new CheckedMessage(bytes, envelope, receivedAt);
  for (const check of checks) {
    const began = performance.now();
    const outcome = staticChecks[check]?.run(message, options) ?? NOTHING;
    const cut = message.takeCut();
    const findings = [...bounded(check, outcome.findings)];
    if (cut) {
      findings.push(
        cutShort(
          check,
          `Only the beginning of the body was read: ${MAX_READ / 1_000_000} MB at most, and elements nested 2,000 deep`,
        ),
      );
    }
    yield { check, outcome: { ...outcome, findings }, cut, took: performance.now() - began };
  }
}
