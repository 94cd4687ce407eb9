import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../../../server/store/ids.ts';
import type { Placement } from '../../../server/store/store.ts';
import { SelectedView, type Update } from '../../../server/imap/session/view.ts';

const mailbox = 'm1' as MailboxId;
const account = 'a@x.test' as AccountName;
const place = (uid: number, id = mailbox) => ({ account, mailbox: id, uid: uid as Uid });
const message = 'x' as MessageId;

const placement = (uid: number, modseq = uid, flags: readonly string[] = []): Placement => ({
  uid: uid as Uid,
  message: `x${uid}` as MessageId,
  flags,
  modseq: modseq as Seq,
  receivedAt: 0,
  savedAt: 0,
  size: 1,
});

const added = (uid: number, id = mailbox): Change => ({
  kind: 'message-added',
  seq: uid as Seq,
  message,
  places: [place(uid, id)],
});
const removed = (uid: number): Change => ({ kind: 'expunged', seq: 99 as Seq, message, place: place(uid) });
const flagged = (uid: number, seq: number, ...flags: string[]): Change => ({
  kind: 'flagged',
  seq: seq as Seq,
  message,
  place: place(uid),
  flags,
});

const uidsOf = (view: SelectedView): Uid[] =>
  Array.from({ length: view.size }, (_, index) => view.uidAt(index));

const text = (updates: readonly Update[]): string[] =>
  updates.map((update) => {
    if (update.kind === 'expunge') return `${update.number} EXPUNGE`;
    if (update.kind === 'exists') return `${update.count} EXISTS`;
    return `${update.number} FLAGS ${update.flags.join(' ')}`;
  });

describe('the updates of a drain', () => {
  it.each<[string, Change[], string[], string[]]>([
    ['a newcomer', [added(4)], ['4 EXISTS'], []],
    ['two newcomers at once', [added(4), added(5)], ['5 EXISTS'], []],
    ['a departure', [removed(2)], [], ['2 EXPUNGE']],
    [
      'departures with the numbers each leaves',
      [removed(1), removed(3), removed(2)],
      [],
      ['1 EXPUNGE', '1 EXPUNGE', '1 EXPUNGE'],
    ],
    ['a newcomer and a departure', [added(4), removed(1)], ['4 EXISTS'], ['1 EXPUNGE']],
    ['nothing of who came and went', [added(4), removed(4)], [], []],
    ['new flags', [flagged(2, 9, '\\Seen')], ['2 FLAGS \\Seen'], []],
    ['the last flags only', [flagged(2, 8, 'a'), flagged(2, 9, 'b')], ['2 FLAGS b'], []],
    ['flags of one that is about to go', [flagged(2, 9, 'b'), removed(2)], ['2 FLAGS b'], ['2 EXPUNGE']],
    ['nothing that the snapshot has', [added(3), flagged(3, 3, 'a'), removed(9)], [], []],
    ['nothing of another mailbox', [added(4, 'm2' as MailboxId)], [], []],
  ])('%s', (_, changes, withoutExpunge, later) => {
    const view = new SelectedView(mailbox, [placement(1), placement(2), placement(3)]);
    for (const change of changes) view.receive(change);
    expect(text(view.drain(false))).toEqual(withoutExpunge);
    expect(text(view.drain(false))).toEqual([]);
    expect(text(view.drain(true))).toEqual(later);
    expect(text(view.drain(true))).toEqual([]);
  });

  it('reports removals before the count, and the count before flags', () => {
    const view = new SelectedView(mailbox, [placement(1), placement(2), placement(3)]);
    for (const change of [flagged(3, 9, 'a'), added(4), removed(1)]) view.receive(change);
    expect(text(view.drain(true))).toEqual(['1 EXPUNGE', '3 EXISTS', '2 FLAGS a']);
    expect(uidsOf(view)).toEqual([2, 3, 4]);
  });

  it('removes messages that were deleted from all mailboxes', () => {
    const view = new SelectedView(mailbox, [placement(1), placement(2)]);
    const places = [place(2), place(1, 'm2' as MailboxId)];
    view.receive({ kind: 'message-removed', seq: 9 as Seq, message, places, reason: 'retention' });
    expect(text(view.drain(true))).toEqual(['2 EXPUNGE']);
  });

  it('empties a big mailbox', () => {
    const all = Array.from({ length: 50_000 }, (_, index) => placement(index + 1));
    const view = new SelectedView(mailbox, all);
    for (const { uid } of all) view.receive(removed(uid));
    expect(view.drain(true)).toHaveLength(50_000);
  });

  it('reports that the mailbox was deleted', () => {
    const view = new SelectedView(mailbox, []);
    view.receive({ kind: 'mailbox-removed', seq: 9 as Seq, account, mailbox, name: 'x' });
    expect(view.removed).toBe(true);
  });
});

describe('a change by the session itself', () => {
  it('is not reported again', () => {
    const view = new SelectedView(mailbox, [placement(1)]);
    view.receive(flagged(1, 9, 'a'));
    expect(view.applyOwn([placement(1, 9, ['a'])]).size).toBe(0);
    expect(text(view.drain(true))).toEqual([]);
  });

  it('does not hide a simultaneous change by another session', () => {
    const view = new SelectedView(mailbox, [placement(1)]);
    view.receive(flagged(1, 8, 'theirs'));
    view.receive(flagged(1, 9, 'theirs', 'mine'));
    expect([...view.applyOwn([placement(1, 9, ['theirs', 'mine'])])]).toEqual([1]);
  });
});

describe('newcomers', () => {
  it('get their placements on load and keep the reported flags', () => {
    const view = new SelectedView(mailbox, [placement(1)]);
    view.receive(added(2));
    view.drain(true);
    expect(view.unloadedSince).not.toBeNull();
    expect(view.at(1)).toBeUndefined();
    view.load([placement(1, 5, ['later']), placement(2, 6, ['a']), placement(3, 7)]);
    expect(view.unloadedSince).toBeNull();
    expect(view.at(0)?.flags).toEqual([]);
    expect(view.at(1)?.flags).toEqual(['a']);
    expect(view.size).toBe(2);
  });

  it('keep the flags that were reported before the placements were loaded', () => {
    const view = new SelectedView(mailbox, []);
    view.receive(added(1));
    view.receive(flagged(1, 8, 'a'));
    view.drain(true);
    view.receive(flagged(1, 9, 'b'));
    view.load([placement(1, 9, ['b'])]);
    expect(view.at(0)?.flags).toEqual(['a']);
    expect(view.drain(true)).toMatchObject([{ kind: 'flags', uid: 1, flags: ['b'] }]);
  });

  it('are recent in the session that claims them', () => {
    const view = new SelectedView(mailbox, [placement(1), placement(2), placement(3)]);
    view.claimRecent(2 as Uid);
    expect(view.recentCount).toBe(2);
    view.receive(added(4));
    view.drain(true);
    view.claimRecent(5 as Uid);
    expect([1, 2, 3, 4].map((uid) => view.isRecent(uid as Uid))).toEqual([false, true, true, false]);
    view.receive(removed(2));
    view.drain(true);
    expect(view.recentCount).toBe(1);
  });
});

it('lets a client that follows the responses know the exact state of the mailbox', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const) }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat(30) }),
    fc.record({ do: fc.constant('flag' as const), which: fc.nat(30), flag: fc.constantFrom('a', 'b') }),
    fc.record({ do: fc.constant('drain' as const), expunge: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const view = new SelectedView(mailbox, []);
      const truth = new Map<number, string>();
      /** The client's knowledge: a list of flags by message number, which only responses change. */
      const client: (string | null)[] = [];
      let seq = 0;
      let nextUid = 1;
      const drain = (expunge: boolean): void => {
        for (const update of view.drain(expunge)) {
          if (update.kind === 'expunge') {
            expect(expunge).toBe(true);
            expect(update.number).toBeLessThanOrEqual(client.length);
            client.splice(update.number - 1, 1);
          } else if (update.kind === 'exists') {
            expect(update.count).toBeGreaterThan(client.length);
            while (client.length < update.count) client.push(null);
          } else {
            expect(update.number).toBeLessThanOrEqual(client.length);
            client[update.number - 1] = update.flags.join();
          }
        }
        expect(client.length).toBe(view.size);
      };
      for (const what of steps) {
        const uids = [...truth.keys()];
        seq++;
        if (what.do === 'add') {
          truth.set(nextUid, '');
          view.receive(added(nextUid++));
        } else if (what.do === 'drain') {
          drain(what.expunge);
        } else if (uids.length > 0) {
          const uid = uids[what.which % uids.length]!;
          if (what.do === 'remove') {
            truth.delete(uid);
            view.receive(removed(uid));
          } else {
            truth.set(uid, what.flag);
            view.receive(flagged(uid, seq, what.flag));
          }
        }
      }
      drain(true);
      expect(uidsOf(view)).toEqual([...truth.keys()]);
      expect(client.map((flags) => flags ?? '')).toEqual(
        uidsOf(view).map((uid, index) => (client[index] === null ? '' : truth.get(uid))),
      );
    }),
    { numRuns: 500 },
  );
});
