/**
 * Retention: removes the oldest messages when a limit is exceeded, in the same commit that adds the new message.
 * Therefore even a flood of mail exceeds the limit only for a short time. The commit that adds a message removes at
 * most `AT_ONCE` messages; background commits remove the remaining messages.
 */
import { ALL, type AccountName } from '../../ids.ts';
import type { Retention, RetentionLimits } from '../../options.ts';
import type { ClockSteps, Timed } from '../../model/clock-steps.ts';
import type { AddEntry, Entry } from '../../model/entry.ts';
import type { MailboxState, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { formatUids } from '../../model/uid-set.ts';
import { Departures } from './departures.ts';
import { Numbering, type Plan } from './plan.ts';

/** Maximum number of messages that one commit removes; such a commit takes a few milliseconds. */
const AT_ONCE = 200;

const limit = (value: number | undefined): number => (value === undefined || value === 0 ? Infinity : value);

interface Clock {
  readonly now: number;
  readonly steps: ClockSteps;
}

/**
 * Returns the `items` that must be removed to meet the limits, oldest first. `held` is the number and size of
 * the stored messages; `added` is the number and size of the messages that the plan adds.
 */
function excess<T extends Timed & { readonly size: number }>(
  items: Iterable<T>,
  held: { count: number; bytes: number },
  limits: RetentionLimits,
  { now, steps }: Clock,
  added: { count: number; bytes: number },
): T[] {
  const going: T[] = [];
  let count = held.count + added.count;
  let bytes = held.bytes + added.bytes;
  const bornAfter = now - limit(limits.maxAge);
  for (const item of items) {
    if (going.length >= AT_ONCE) break;
    // The newest message is kept, even if this message alone is larger than the limit.
    const over = count > limit(limits.maxMessages) || (bytes > limit(limits.maxBytes) && count > 1);
    if (!over && steps.timeOf(item) > bornAfter) break;
    going.push(item);
    count--;
    bytes -= item.size;
  }
  return going;
}

const aged = (placement: PlacementState): Timed & { placement: PlacementState; size: number } => ({
  placement,
  seq: placement.born,
  size: placement.size,
  storedAt: placement.savedAt,
});

function* map<T, U>(items: Iterable<T>, to: (item: T) => U): Generator<U> {
  for (const item of items) yield to(item);
}

function limitsOf(retention: Retention, account: AccountName): RetentionLimits | undefined {
  return account === ALL ? undefined : (retention.accounts?.get(account) ?? retention.perAccount);
}

/**
 * Returns the log lines that remove the messages above the limits of `accounts` and of the whole store. The
 * messages in `adding`, which the same plan adds, count towards the limits.
 */
export function retentionLines(
  state: State,
  retention: Retention,
  now: number,
  numbering: Numbering,
  accounts: Iterable<AccountName>,
  adding: readonly AddEntry[],
): Entry[][] {
  const departures = new Departures(
    new Set(adding.flatMap(({ places }) => places.map((place) => place.account))),
  );
  const held = { count: state.messageCount, bytes: state.bytes };
  state.clockSteps.observe(state.arrivals.last(), now);
  const clock = { now, steps: state.clockSteps };
  const going = excess(state.arrivals.ascending(), held, retention, clock, sumOf(adding));
  const lines: Entry[][] = [];
  if (going.length > 0) {
    for (const record of going) departures.dies(record);
    const ids = going.map(({ id }) => id);
    const forget = departures.forget.splice(0);
    const seq = numbering.take(ids.length + forget.length);
    lines.push([
      { do: 'remove', seq, at: now, ids, reason: 'retention', ...(forget.length > 0 && { forget }) },
    ]);
  }
  if (retention.perAccount === undefined && retention.accounts === undefined) return lines;
  for (const name of accounts) {
    const limits = limitsOf(retention, name);
    const inbox = state.accounts.get(name)?.inbox;
    if (limits === undefined || inbox === undefined) continue;
    const coming = sumOf(adding.filter(({ places }) => places.some(({ mailbox }) => mailbox === inbox.id)));
    const line = inboxLine(inbox, limits, clock, numbering, departures, coming);
    if (line !== undefined) lines.push([line]);
  }
  return lines;
}

const sumOf = (adding: readonly AddEntry[]): { count: number; bytes: number } => ({
  count: adding.length,
  bytes: adding.reduce((sum, { message }) => sum + message.size, 0),
});

/**
 * Returns whether the store contains more messages or more octets than its limits allow. In this case,
 * further commits must remove messages.
 */
export const exceeds = (state: State, { maxMessages, maxBytes }: Retention): boolean =>
  state.messageCount > limit(maxMessages) || (state.bytes > limit(maxBytes) && state.messageCount > 1);

/**
 * Plans one step of the background removal of messages that are too old or above a lowered limit. The result of
 * the plan is true if it removes messages.
 */
export function planSweep(state: State, retention: Retention, now: number): Plan<boolean> {
  const lines = retentionLines(state, retention, now, new Numbering(state), state.accounts.keys(), []);
  return { lines, result: () => lines.length > 0 };
}

function inboxLine(
  inbox: MailboxState,
  limits: RetentionLimits,
  clock: Clock,
  numbering: Numbering,
  departures: Departures,
  coming: { count: number; bytes: number },
): Entry | undefined {
  const held = { count: inbox.messages, bytes: inbox.size };
  const going = excess(map(inbox.placements.ascending(), aged), held, limits, clock, coming)
    .map(({ placement }) => placement)
    .filter(({ record }) => !departures.isDead(record));
  if (going.length === 0) return undefined;
  const dead = going.filter((placement) => departures.leaves(placement)).map(({ uid }) => uid);
  const forget = departures.forget.splice(0);
  return {
    do: 'expunge',
    seq: numbering.take(going.length + forget.length),
    at: clock.now,
    mailbox: inbox.id,
    uids: formatUids(going.map(({ uid }) => uid)),
    ...(dead.length > 0 && { dead: formatUids(dead) }),
    ...(forget.length > 0 && { forget }),
  };
}
