/** Explains why an expected message is not in an inbox. */
import type { Refusal as PresentedRefusal, Summary } from '../../contract/index.ts';
import type { Capture } from '../capture/capture.ts';
import { ALL, accountName } from '../store/ids.ts';
import type { Mismatch } from '../store/find/language/mismatch.ts';
import { presentRefusal, presentSummary } from './present/message.ts';
import { presentRule } from './present/rule.ts';
import type { WaitTimeoutReport } from './wait/index.ts';

export interface FiredRule {
  readonly id: string;
  readonly name: string;
  /** The stage of the SMTP session at which the rule fires. */
  readonly on: string;
  readonly hits: number;
}

export interface MissingReport {
  /** The messages that arrived in the inbox, each with the terms of the query that it does not match. */
  readonly arrived: readonly { readonly message: Summary; readonly failed: readonly Mismatch[] }[];
  /** The messages that arrived in other inboxes, each with the account of its first recipient. */
  readonly elsewhere: readonly { readonly account: string; readonly message: Summary }[];
  readonly refused: readonly PresentedRefusal[];
  /** The rules for the inbox, or for all mail, that fired at least once. */
  readonly rules: readonly FiredRule[];
  /** The number of SMTP sessions that may still deliver a message to the inbox. */
  readonly sending: number;
  /** The possible reasons as sentences, the most likely reason first. They contain no text of a message. */
  readonly reasons: readonly string[];
}

function firedRules({ rules }: Pick<Capture, 'rules'>, account: string): FiredRule[] {
  return rules
    .list()
    .map(presentRule)
    .filter((rule) => rule.hits > 0 && (account === ALL || rule.account === null || rule.account === account))
    .map(({ id, name, on, hits }) => ({ id, name, on, hits }));
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

type Facts = Omit<MissingReport, 'reasons'> & { readonly account: string; readonly total: number };

function* reasonsOf({
  account,
  total,
  arrived,
  elsewhere,
  refused,
  rules,
  sending,
}: Facts): Generator<string> {
  if (total > 0) {
    const near = arrived[0]?.failed.length ?? 0;
    yield near === 0
      ? `${counted(total, 'message')} arrived in ${account}`
      : `${counted(total, 'message')} arrived in ${account}, but none matches; see \`failed\` for the terms that do not hold`;
  }
  if (refused.length > 0) {
    const byRule = refused.filter(({ rule }) => rule !== null).length;
    const cause = byRule === 0 ? '' : `, ${byRule} of them by a rule`;
    yield `${counted(refused.length, 'delivery was', 'deliveries were')} refused or abandoned${cause}; see \`refused\` for the replies`;
  }
  if (sending > 0) yield `${counted(sending, 'SMTP session is', 'SMTP sessions are')} still open`;
  if (elsewhere.length > 0) {
    yield `${counted(elsewhere.length, 'message')} arrived in other inboxes; compare the recipients in \`elsewhere\``;
  }
  if (rules.length > 0)
    yield `${counted(rules.length, 'rule has', 'rules have')} fired; a rule can discard mail`;
  if (total + refused.length + sending + elsewhere.length === 0) {
    yield 'No message arrived and no delivery was attempted: the application has not sent anything, or sends to another server';
  }
}

export async function explainMissing(
  capture: Pick<Capture, 'rules' | 'allOpenSessions'>,
  { account, nearMisses, refused }: WaitTimeoutReport,
): Promise<MissingReport> {
  await capture.rules.refresh();
  const facts = {
    account,
    total: nearMisses.total,
    arrived: nearMisses.arrived.map(({ listed, failed }) => ({ message: presentSummary(listed), failed })),
    elsewhere: nearMisses.elsewhere.map((listed) => ({
      account: accountName(listed.summary.envelope.to[0] ?? ALL),
      message: presentSummary(listed),
    })),
    refused: refused.map(presentRefusal),
    rules: firedRules(capture, account),
    sending: (await capture.allOpenSessions(account)).length,
  };
  const { total, account: name, ...report } = facts;
  return { ...report, reasons: [...reasonsOf({ ...report, total, account: name })] };
}
