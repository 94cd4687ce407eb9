/**
 * Tests notifications of changes to many sessions: they are collected, need linear work, and do not delay
 * captures.
 */
import { expect, it, onTestFinished } from 'vitest';
import { Announcer, COLLECT } from '../../../server/imap/session/announcer.ts';
import { SharedEntries } from '../../../server/imap/session/shared-entries.ts';
import { startImap, type ImapTalk } from '../../helpers/imap.ts';

/** Creates a timer that the test fires. */
function handTimer() {
  const waiting: (() => void)[] = [];
  return {
    later: (work: () => void) => void waiting.push(work),
    waiting,
    fire: () => waiting.splice(0).forEach((work) => work()),
  };
}

it('reports all messages of a moment together', async () => {
  const timer = handTimer();
  const { login, deliver, close, store } = await startImap({ later: timer.later });
  onTestFinished(close);
  const talks: ImapTalk[] = [];
  for (let at = 0; at < 20; at++) {
    const talk = await login();
    await talk.ok('SELECT INBOX');
    talk.write('i IDLE\r\n');
    await talk.line();
    talks.push(talk);
  }
  const before = (await store.facts()).seq;
  // The mail is stored although no session is notified yet: captures do not wait for readers.
  for (let at = 0; at < 50; at++) await deliver('Subject: x\n\nx\n');
  expect((await store.facts()).messages).toBe(50);
  expect((await store.facts()).seq).toBeGreaterThan(before);
  expect(timer.waiting).toHaveLength(1);
  timer.fire();
  for (const talk of talks) expect(await talk.line()).toBe('* 50 EXISTS');
  const recent = await Promise.all(talks.map((talk) => talk.line()));
  // The first session claims all messages as recent; the other sessions do not call the store.
  expect(recent.filter((line) => line !== '* 0 RECENT')).toEqual(['* 50 RECENT']);
});

it('pauses between rounds as long as a round takes', async () => {
  const delays: number[] = [];
  const timer = handTimer();
  const announcer = new Announcer((work, milliseconds) => {
    delays.push(milliseconds);
    timer.later(work);
  });
  let rounds = 0;
  const announce = async (): Promise<void> => {
    const until = performance.now() + 2 * COLLECT;
    while (performance.now() < until);
    if (++rounds === 1) announcer.add(announce);
  };
  announcer.add(announce);
  announcer.add(announce);
  expect(delays).toEqual([COLLECT]);
  timer.fire();
  await expect.poll(() => delays.length).toBe(2);
  expect(delays[1]).toBeGreaterThanOrEqual(2 * COLLECT);
  timer.fire();
  await expect.poll(() => rounds).toBe(2);
});

/** Counts the reads of entries while `count` of them are removed in batches, as in a large deletion. */
function looksAt(count: number): number {
  let looks = 0;
  const keyOf = (uid: number): number => (looks++, uid);
  const entries = new SharedEntries(Array.from({ length: count }, (_, index) => index + 1));
  for (let from = 1; from <= count; from += 500) {
    const batch = Array.from({ length: Math.min(500, count - from + 1) }, (_, index) => from + index);
    expect(entries.remove(batch, keyOf)).toEqual(batch.map((_, index) => index));
  }
  expect(entries.size).toBe(0);
  return looks;
}

it('needs twice the work to announce twice the deletions', () => {
  const [once, twice] = [looksAt(10_000), looksAt(20_000)];
  expect(twice / once).toBeLessThan(2.5);
});
