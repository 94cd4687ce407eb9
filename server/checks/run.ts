/** Runs the static checks over a message, one after another, in whatever thread this is. */
import type { Envelope } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { CheckOptions, CheckOutcome, StaticCheckName } from './check.ts';
import { CheckedMessage, MAX_READ } from './checked-message.ts';
import { cutShort } from './cut-short.ts';
import { staticChecks } from './static-checks.ts';

/** Findings kept of one check: a page of them says all; the rest are counted. */
const MAX_FINDINGS = 200;

/** What is to be checked, as it crosses to another thread. */
export interface CheckTask {
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
  /** When it came, in milliseconds since the epoch; `null` for one out of a file. */
  readonly receivedAt: number | null;
  readonly checks: readonly StaticCheckName[];
  readonly options: CheckOptions;
}

/** What became of a static check. */
export interface StaticResult {
  readonly check: StaticCheckName;
  readonly outcome: CheckOutcome;
  /** Whether something of the message was left unread. */
  readonly cut: boolean;
  /** Milliseconds. */
  readonly took: number;
}

function bounded(check: string, findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const rest: Finding = {
    check,
    rule: 'more-findings',
    severity: 'info',
    message: `There are ${findings.length - MAX_FINDINGS} more findings of this check`,
    where: null,
    reference: null,
    help: 'Mend those that are listed, then check again.',
  };
  return [...findings.slice(0, MAX_FINDINGS), rest];
}

const NOTHING: CheckOutcome = { findings: [], score: null, details: null };

/** The results, each as soon as it is there. `starting` is called before each check. */
export function* runStatic(
  { raw, envelope, receivedAt, checks, options }: CheckTask,
  starting: (check: StaticCheckName) => void = () => undefined,
): Generator<StaticResult> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const message = new CheckedMessage(bytes, envelope, receivedAt);
  for (const check of checks) {
    starting(check);
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
