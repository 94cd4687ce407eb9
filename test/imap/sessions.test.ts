/**
 * Several sessions on one mailbox, in any interleaving, against a model: each client believes only what it is told,
 * and what it believes must name the right messages at all times.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startImap, type ImapFixture, type ImapTalk } from '../helpers/imap.ts';

const CLIENTS = 3;
const FLAGS = ['\\Seen', '\\Flagged', 'kw'];

type Step =
  | { readonly do: 'deliver' }
  | { readonly do: 'noop' | 'expunge' | 'search' | 'idle'; readonly who: number }
  | {
      readonly do: 'fetch' | 'uid-fetch' | 'delete' | 'move' | 'store' | 'silent';
      readonly who: number;
      readonly which: number;
    };

const who = fc.nat(CLIENTS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('deliver' as const) }),
  fc.record({ do: fc.constantFrom('noop', 'expunge', 'search', 'idle'), who }),
  fc.record({
    do: fc.constantFrom('fetch', 'uid-fetch', 'delete', 'move', 'store', 'silent'),
    who,
    which: fc.nat(20),
  }),
);

/** What a client believes of a message: its UID once it learned it, its flags once it learned those. */
interface Believed {
  uid: number | null;
  flags: Set<string> | null;
}

/** A client that keeps what the responses say and checks that each was allowed. */
class Believer {
  readonly messages: Believed[] = [];
  readonly talk: ImapTalk;

  constructor(talk: ImapTalk) {
    this.talk = talk;
  }

  /** Takes a response in. `expunges` says whether EXPUNGE is allowed now. */
  hear(line: string, expunges: boolean): void {
    const [, number = '', name = '', rest = ''] = /^\* (\d+) (EXPUNGE|EXISTS|FETCH)(.*)$/s.exec(line) ?? [];
    if (name === 'EXPUNGE') {
      expect(expunges, `EXPUNGE where it is forbidden: ${line}`).toBe(true);
      expect(Number(number)).toBeGreaterThanOrEqual(1);
      expect(Number(number)).toBeLessThanOrEqual(this.messages.length);
      this.messages.splice(Number(number) - 1, 1);
    } else if (name === 'EXISTS') {
      expect(Number(number)).toBeGreaterThanOrEqual(this.messages.length);
      while (this.messages.length < Number(number)) this.messages.push({ uid: null, flags: null });
    } else if (name === 'FETCH') {
      const message = this.messages[Number(number) - 1];
      expect(message, `FETCH of a message that is not there: ${line}`).toBeDefined();
      const uid = /UID (\d+)/.exec(rest)?.[1];
      if (uid !== undefined && message !== undefined) {
        // A number never means another message than the client believes.
        if (message.uid !== null) expect(Number(uid)).toBe(message.uid);
        message.uid = Number(uid);
      }
      const flags = /FLAGS \(([^)]*)\)/.exec(rest)?.[1];
      if (flags !== undefined && message !== undefined) {
        message.flags = new Set(flags.split(' ').filter((flag) => flag !== '' && flag !== '\\Recent'));
      }
    }
  }

  async command(text: string, expunges: boolean): Promise<string> {
    const lines = await this.talk.command(text);
    for (const line of lines.slice(0, -1)) this.hear(line, expunges);
    return lines.at(-1) ?? '';
  }
}

let fixture: ImapFixture;
let run = 0;
beforeAll(async () => {
  fixture = await startImap();
});
afterAll(() => fixture.close());

async function act(client: Believer, what: Exclude<Step, { do: 'deliver' }>): Promise<void> {
  const { messages } = client;
  const number = 'which' in what && messages.length > 0 ? (what.which % messages.length) + 1 : null;
  switch (what.do) {
    case 'noop':
      await client.command('NOOP', true);
      break;
    case 'expunge':
      await client.command('EXPUNGE', true);
      break;
    case 'search':
      await client.command('SEARCH ALL', false);
      break;
    case 'idle': {
      client.talk.write('i IDLE\r\n');
      for (let line = await client.talk.line(); line !== '+ idling'; line = await client.talk.line()) {
        client.hear(line, true);
      }
      client.talk.write('DONE\r\n');
      for (const line of (await client.talk.until('i')).slice(0, -1)) client.hear(line, true);
      break;
    }
    case 'fetch':
      if (number !== null) await client.command(`FETCH ${number} (UID FLAGS)`, false);
      break;
    case 'uid-fetch':
      await client.command('UID FETCH 1:* (UID FLAGS)', true);
      break;
    case 'delete':
      if (number !== null) await client.command(`STORE ${number} +FLAGS (\\Deleted)`, false);
      break;
    case 'move':
      if (number !== null) await client.command(`MOVE ${number} Trash`, true);
      break;
    case 'store':
      if (number !== null)
        await client.command(`STORE ${number} FLAGS (${FLAGS[what.which % 3] ?? ''})`, false);
      break;
    case 'silent': {
      if (number === null) break;
      const flag = FLAGS[what.which % 3] ?? '';
      const before = messages[number - 1];
      const result = await client.command(`STORE ${number} +FLAGS.SILENT (${flag})`, false);
      if (result.startsWith('OK')) before?.flags?.add(flag);
      break;
    }
  }
}

it('sessions agree with the mailbox and never hear a forbidden number', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const user = `run${++run}@x.test`;
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          const client = new Believer(await fixture.login(user));
          for (const line of await client.talk.ok('SELECT INBOX')) client.hear(line, false);
          return client;
        }),
      );
      // Steps of one client follow each other; those of different clients run at the same time.
      const last = new Map<number, Promise<void>>();
      for (const what of steps) {
        if (what.do === 'deliver') {
          await fixture.deliver('Subject: x\n\nx\n', user);
        } else {
          const client = clients[what.who]!;
          const before = last.get(what.who) ?? Promise.resolve();
          last.set(
            what.who,
            before.then(() => act(client, what)),
          );
        }
      }
      await Promise.all(last.values());

      // Once all is told, everybody believes what a newcomer sees.
      const newcomer = new Believer(await fixture.login(user));
      for (const line of await newcomer.talk.ok('EXAMINE INBOX')) newcomer.hear(line, false);
      await newcomer.command('FETCH 1:* (UID FLAGS)', false);
      for (const client of clients) {
        await client.command('NOOP', true);
        expect(client.messages.length).toBe(newcomer.messages.length);
        for (const [index, message] of client.messages.entries()) {
          const truth = newcomer.messages[index]!;
          if (message.uid !== null) expect(message.uid).toBe(truth.uid);
          if (message.flags !== null) expect([...message.flags].sort()).toEqual([...truth.flags!].sort());
        }
      }
      for (const { talk } of [...clients, newcomer]) talk.destroy();
    }),
    { numRuns: 60 },
  );
});
