/**
 * Tests several sessions on one mailbox, in any interleaving: the view of each client is derived from the
 * responses only, and must refer to the right messages at all times. Simultaneous steps are compared with a new
 * client, sequential steps with an exact model.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import { Believer, KINDS } from '../helpers/imap-believer.ts';
import { act, CLIENTS, expunges, flagOf, step, type ClientStep } from '../helpers/imap-steps.ts';

let fixture: ImapFixture;
let run = 0;
beforeAll(async () => {
  fixture = await startImap();
});
afterAll(() => fixture.close());

const MESSAGE = 'Subject: x\n\nx\n';

function startClients(user: string): Promise<Believer[]> {
  return Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => Believer.start(fixture, user, KINDS[at] ?? 'IMAP4rev1')),
  );
}

it('have the same state at the end, whatever they do at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const user = `together${++run}@x.test`;
      const clients = await startClients(user);
      // The steps of one client run one after another; those of different clients run at the same time.
      const last = new Map<number, Promise<unknown>>();
      for (const what of steps) {
        if (what.do === 'deliver') {
          await fixture.deliver(MESSAGE, user);
        } else {
          const before = last.get(what.who) ?? Promise.resolve();
          last.set(
            what.who,
            before.then(() => act(clients[what.who]!, what)),
          );
        }
      }
      await Promise.all(last.values());

      const newcomer = await Believer.start(fixture, user, 'IMAP4rev1');
      await newcomer.command('FETCH 1:* (UID FLAGS)', false);
      for (const client of clients) {
        await client.command('NOOP', true);
        expect(client.messages.length).toBe(newcomer.messages.length);
        for (const [index, message] of client.messages.entries()) {
          const truth = newcomer.messages[index]!;
          if (message.uid !== null) expect(message.uid).toBe(truth.uid);
          if (message.flags !== null) expect(message.flags).toEqual(truth.flags);
        }
      }
      for (const { talk } of [...clients, newcomer]) talk.destroy();
    }),
    { numRuns: 60 },
  );
});

/** A model of the mailbox, and of the notifications that each client must have received. */
class Model {
  readonly messages = new Map<number, Set<string>>();
  readonly views: number[][] = Array.from({ length: CLIENTS }, () => []);
  #next = 1;

  deliver(): void {
    this.messages.set(this.#next++, new Set());
  }

  /** Applies a step to the mailbox. `number` is the message number in the client's view. */
  apply(what: ClientStep, number: number): void {
    const flags = this.messages.get(this.views[what.who]![number - 1] ?? 0);
    if (what.do === 'expunge') {
      for (const [uid, has] of this.messages) if (has.has('\\Deleted')) this.messages.delete(uid);
    } else if (what.do === 'move') {
      this.messages.delete(this.views[what.who]![number - 1] ?? 0);
    } else if (what.do === 'delete') {
      flags?.add('\\Deleted');
    } else if (what.do === 'silent') {
      flags?.add(flagOf(what.which));
    } else if (what.do === 'store') {
      flags?.clear();
      flags?.add(flagOf(what.which));
    }
  }

  /**
   * Applies the notifications at the end of a command: always the notifications of new messages, and those of expunged
   * messages if permitted.
   */
  tell(who: number, departures: boolean): void {
    const told = this.views[who]!;
    const kept = departures ? told.filter((uid) => this.messages.has(uid)) : told;
    const news = [...this.messages.keys()].filter((uid) => uid > (told.at(-1) ?? 0));
    this.views[who] = [...kept, ...news];
  }
}

it('get all reports in order and at the permitted time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const user = `inturn${++run}@x.test`;
      const clients = await startClients(user);
      const model = new Model();
      for (const what of steps) {
        if (what.do === 'deliver') {
          model.deliver();
          await fixture.deliver(MESSAGE, user);
          continue;
        }
        const client = clients[what.who]!;
        const view = model.views[what.who]!;
        const number = 'which' in what && view.length > 0 ? (what.which % view.length) + 1 : 0;
        const answer = await act(client, what);
        if (answer === null) continue;
        model.apply(what, number);
        // A command that names an expunged message is not refused (RFC 2180 §4).
        expect(answer).toMatch(/^OK/);
        model.tell(what.who, expunges(what));

        const now = model.views[what.who]!;
        expect(client.messages.length).toBe(now.length);
        for (const [index, message] of client.messages.entries()) {
          const flags = model.messages.get(now[index]!);
          if (message.uid !== null) expect(message.uid).toBe(now[index]);
          if (message.flags !== null && flags !== undefined) expect(message.flags).toEqual(flags);
        }
      }
      for (const { talk } of clients) talk.destroy();
    }),
    { numRuns: 80 },
  );
});
