/**
 * Explains why a wait found no message: the report contains the criteria of the wait, the messages that
 * arrived, and the other places where the message may be.
 */
import type { Near, OpenSession, Refusal, Rule, Summary, WaitTimeout } from '../contract/index.ts';

/** A rule that was applied to mail for the inbox whose wait timed out. */
export type FiredRule = Pick<Rule, 'name' | 'on' | 'hits'>;

export interface TimeoutReport {
  /** A text that lists the criteria of the wait. */
  readonly wanted: string;
  readonly account: string;
  /** The timeout of the wait in milliseconds. */
  readonly timeout: number;
  /** A sequence number: the wait checked only messages with a higher number. */
  readonly after: number;
  /**
   * The sequence number of the store when the wait timed out; the wait has checked the messages up to this
   * number.
   */
  readonly seq: number;
  /**
   * The messages that arrived in the account, each with the conditions that it does not meet and the actual
   * values. The message that matches best is first.
   */
  readonly arrived: WaitTimeout['arrived'];
  /** The number of older messages in the account that the wait did not check; 0 for a wait with `after`. */
  readonly before: number;
  /** The messages that arrived in other accounts during the wait. */
  readonly elsewhere: WaitTimeout['elsewhere'];
  /**
   * The SMTP sessions that were refused or broken off during the wait and that may have been sending mail for
   * this account.
   */
  readonly refused: readonly Refusal[];
  readonly rules: readonly FiredRule[];
  /** The number of matching messages that a wait for several messages found before the timeout. */
  readonly found: number;
  /** The URL of the inbox in the web UI; `null` if the sandbox ends with this program. */
  readonly url: string | null;
}

/**
 * The maximum number of messages, sessions or rules in each list of the report. For all further entries, the report
 * contains only their number.
 */
const SHOWN = 5;

/** The advice in the report of a sandbox whose web UI no longer responds when the user reads the report. */
const KEEP =
  'this sandbox ends with the tests; to keep its mail, start one with `npx restante`, and run the tests with ' +
  'RESTANTE_URL=http://127.0.0.1:8025';

export function formatReport(report: TimeoutReport): string {
  const { wanted, account, timeout, arrived, before, elsewhere, refused, rules, found, url } = report;
  const others = found === 0 ? '' : ` (after ${found} that did)`;
  return [
    `No message matched in ${account} within ${timeout} ms${others}`,
    `  wanted     ${wanted}`,
    ...section(
      'arrived',
      arrived,
      describeNear,
      before === 0 ? 'nothing in this account' : 'nothing new in this account',
    ),
    ...(before === 0 ? [] : [`  before     ${describeBefore(report)}`]),
    ...section('elsewhere', elsewhere, ({ account: other, message }) => [
      `in ${other}: ${describe(message)}`,
    ]),
    ...section('refused', refused, (refusal) => [describeRefusal(refusal)]),
    ...section('rules', rules, ({ name, on, hits }) => [`${JSON.stringify(name)} at ${on} fired ${hits} ×`]),
    `  look       ${url ?? KEEP}`,
  ].join('\n');
}

function section<T>(
  title: string,
  items: readonly T[],
  lines: (item: T) => readonly string[],
  none?: string,
): string[] {
  const shown = items.slice(0, SHOWN).flatMap(lines);
  if (items.length > SHOWN) shown.push(`and ${items.length - SHOWN} more`);
  if (shown.length === 0 && none !== undefined) shown.push(none);
  return shown.map((line, index) => `  ${(index === 0 ? title : '').padEnd(10)} ${line}`);
}

function describeBefore({ before }: TimeoutReport): string {
  const were = before === 1 ? '1 message was' : `${before} messages were`;
  return `${were} there before this sandbox was connected to; { after: 0 } looks at them, too`;
}

const describe = ({ subject, from, envelope }: Summary): string =>
  `${JSON.stringify(subject)} from ${from[0]?.address ?? envelope.from} to ${envelope.to.join(', ')}`;

function describeNear({ message, failed }: Near): string[] {
  const why = failed.map(({ term, found }) => `    ✗ ${term}: ${found === '' ? 'there is none' : found}`);
  return [describe(message), ...(why.length === 0 ? ['    ✓ matches, and was returned before'] : why)];
}

function describeRefusal(refusal: Refusal): string {
  const { reply, rule } = refusal;
  return `${describeSession(refusal)}: ${reply}${rule === null ? '' : ` by rule ${JSON.stringify(rule)}`}`;
}

/** Returns a text that describes an SMTP session: its client, and the message that the client was sending. */
export function describeSession({ peer, user, from, to }: OpenSession): string {
  const who = user === null ? (peer ?? 'somebody') : `${user} (${peer ?? 'unknown'})`;
  const what = from === null ? '' : ` from ${from === '' ? '<>' : from} to ${to.join(', ') || 'nobody yet'}`;
  return `${who}${what}`;
}
