/**
 * Serialises the problem document of a wait for mail that timed out. Waits that time out together often have
 * the same report; the lists of the report are serialised once and sent to all these waits.
 */
import { ALL, accountName } from '../../store/ids.ts';
import type { ListedMessage } from '../../store/store.ts';
import type { WaitTimeout } from '../../../contract/index.ts';
import type { NearMissReport } from '../../service/wait/near-misses.ts';
import { presentSummary } from '../../service/present/message.ts';

/** The members of the problem document that differ between waits for mail with the same report. */
export type WaitTimeoutHead = Omit<WaitTimeout, 'arrived' | 'elsewhere'>;

/**
 * The cached JSON of the members `arrived` and `elsewhere` of a report, without braces, in UTF-8. The JSON
 * stays valid because reports are immutable.
 */
const lists = new WeakMap<NearMissReport, Buffer>();
/**
 * The cached JSON of a message's summary and account. It is cached because the lists of several reports contain
 * the same messages.
 */
const messages = new WeakMap<ListedMessage, { readonly summary: string; readonly account: string }>();

function serialiseMessage(listed: ListedMessage): { readonly summary: string; readonly account: string } {
  let texts = messages.get(listed);
  if (texts === undefined) {
    const account = accountName(listed.summary.envelope.to[0] ?? ALL);
    texts = { summary: JSON.stringify(presentSummary(listed)), account: JSON.stringify(account) };
    messages.set(listed, texts);
  }
  return texts;
}

function serialiseLists(report: NearMissReport): Buffer {
  let text = lists.get(report);
  if (text !== undefined) return text;
  const arrived = report.arrived.map(
    ({ listed, failed }) =>
      `{"message":${serialiseMessage(listed).summary},"failed":${JSON.stringify(failed)}}`,
  );
  const elsewhere = report.elsewhere.map((listed) => {
    const { account, summary } = serialiseMessage(listed);
    return `{"account":${account},"message":${summary}}`;
  });
  text = Buffer.from(`"arrived":[${arrived.join()}],"elsewhere":[${elsewhere.join()}]`);
  lists.set(report, text);
  return text;
}

/** Returns the problem document of the type `WaitTimeout` as JSON in UTF-8. */
export function serialiseTimeout(head: WaitTimeoutHead, report: NearMissReport): Buffer {
  const members = JSON.stringify(head).slice(0, -1);
  return Buffer.concat([Buffer.from(`${members},`), serialiseLists(report), Buffer.from('}')]);
}
