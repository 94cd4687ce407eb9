/**
 * Tests a thousand clients that idle on one mailbox: the work of the server is linear, and captures need no more
 * turns of the event loop.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openMemoryStore } from '../../../server/store/memory/index.ts';
import { startImap, type ImapTalk } from '../../helpers/imap.ts';

const MESSAGES = 200;
/** The number of clients that connect at the same time. */
const AT_ONCE = 50;

/** Resolves with the lines up to the notification of the last message. */
async function untilAll(talk: ImapTalk): Promise<string[]> {
  const lines: string[] = [];
  while (lines.at(-1) !== `* ${MESSAGES} EXISTS`) lines.push(await talk.line());
  return lines;
}

/** Captures messages while `sessions` clients idle, and counts the work. */
async function captureFor(sessions: number) {
  const store = await openMemoryStore();
  const get = store.mailboxes.get.bind(store.mailboxes);
  const claimRecent = store.mailboxes.claimRecent.bind(store.mailboxes);
  const counts = { sessions, rounds: 0, looks: 0, claims: 0, announcements: 0, turns: 0 };
  Object.assign(store.mailboxes, {
    get: (...args: Parameters<typeof get>) => (counts.looks++, get(...args)),
    claimRecent: (...args: Parameters<typeof claimRecent>) => (counts.claims++, claimRecent(...args)),
  });
  const { login, deliver, close } = await startImap({
    store,
    later(work, milliseconds) {
      counts.rounds++;
      setTimeout(work, milliseconds);
    },
  });
  onTestFinished(close);
  const talks: ImapTalk[] = [];
  while (talks.length < sessions) {
    const batch = Array.from({ length: AT_ONCE }, async () => {
      const talk = await login();
      await talk.ok('SELECT INBOX');
      talk.write('i IDLE\r\n');
      await talk.line();
      return talk;
    });
    talks.push(...(await Promise.all(batch)));
  }
  Object.assign(counts, { rounds: 0, looks: 0, claims: 0 });
  const announced = Promise.all(talks.map(untilAll));
  for (let at = 0; at < MESSAGES; at++) {
    const captured = { yet: false };
    const capture = deliver('Subject: x\n\nx\n').then(() => (captured.yet = true));
    for (; !captured.yet; counts.turns++) await nextTurn();
    await capture;
  }
  for (const lines of await announced) {
    counts.announcements += lines.filter((line) => line.endsWith(' EXISTS')).length;
    const numbers = lines.flatMap((line) => /^\* (\d+) EXISTS$/.exec(line)?.[1] ?? []).map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
  return counts;
}

it('announces mail to 1,000 clients with linear work, and captures in as many turns as for none', async () => {
  const none = await captureFor(0);
  for (const sessions of [500, 1_000]) {
    const { rounds, looks, claims, announcements, turns } = await captureFor(sessions);
    expect(announcements).toBeLessThanOrEqual(sessions * rounds);
    expect(looks).toBeLessThanOrEqual(sessions * rounds);
    // The first session claims a message as recent, and the other sessions do not call the store.
    expect(claims).toBeLessThanOrEqual(MESSAGES);
    expect(turns).toBeLessThanOrEqual(2 * none.turns);
    // Each round of notifications announces all messages that arrived in a short time, so there are fewer rounds than
    // messages.
    expect(rounds).toBeLessThan(MESSAGES / 2);
  }
});
