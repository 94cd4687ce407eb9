/** The load of twenty clients that log in, select, fetch, store, copy, append, expunge and search in one mailbox. */
import type { ImapTalk } from '../helpers/imap.ts';

const CLIENTS = 20;
const ROUNDS = 12;
const MESSAGE = 'Subject: load\r\n\r\nbody\r\n';

/** Returns a generator of pseudo-random numbers from 0 to 1, the same in every run. */
function drawn(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => (state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x9e3779b9) >>> 0) / 2 ** 32;
}

/** Returns a random command; it has message numbers only if the client knows of messages. */
function commandFor(next: () => number, exists: number): string {
  const number = 1 + Math.floor(next() * exists);
  const range = `${number}:${Math.min(exists, number + 3)}`;
  const commands = [
    `FETCH ${range} (UID FLAGS ENVELOPE)`,
    `FETCH ${number} BODY[]`,
    `STORE ${range} +FLAGS (\\Flagged)`,
    `STORE ${range} +FLAGS.SILENT (\\Seen)`,
    `STORE ${number} +FLAGS.SILENT (\\Deleted)`,
    `COPY ${number} Other`,
    `UID FETCH 1:* (FLAGS)`,
    'SEARCH SUBJECT load',
    'EXPUNGE',
    'STATUS Other (MESSAGES RECENT UNSEEN)',
    'NOOP',
  ];
  const always = commands.slice(6);
  const from = exists > 0 ? commands : always;
  return from[Math.floor(next() * from.length)] ?? 'NOOP';
}

/** Returns the number of messages in the mailbox, as the responses report it to the client. */
function countAfter(lines: readonly string[], before: number): number {
  let exists = before;
  for (const line of lines) {
    const count = /^\* (\d+) EXISTS/.exec(line)?.[1];
    if (count !== undefined) exists = Number(count);
    else if (/^\* \d+ EXPUNGE/.test(line)) exists--;
  }
  return exists;
}

/** Resolves with the commands that were refused, and the responses to them. */
async function client(login: () => Promise<ImapTalk>, seed: number): Promise<string[]> {
  const next = drawn(seed);
  const refusals: string[] = [];
  for (let session = 0; session < 2; session++) {
    const talk = await login();
    let exists = countAfter(await talk.ok('SELECT Box'), 0);
    for (let round = 0; round < ROUNDS; round++) {
      const append = next() < 0.25;
      const command = append ? `APPEND Box {${MESSAGE.length}+}\r\n${MESSAGE}` : commandFor(next, exists);
      const lines = await talk.command(command);
      exists = countAfter(lines, exists);
      const answer = lines.at(-1) ?? '';
      if (!answer.startsWith('OK')) refusals.push(`${command}: ${answer}`);
    }
    await talk.command('LOGOUT');
    talk.destroy();
  }
  return refusals;
}

/**
 * Runs the load on a server.
 *
 * @param login connects and logs in to one account, always the same
 * @returns the commands that were refused, each with its response
 */
export async function mixedLoad(login: () => Promise<ImapTalk>): Promise<string[]> {
  const first = await login();
  await first.ok('CREATE Box');
  await first.ok('CREATE Other');
  for (let at = 0; at < 10; at++) await first.ok(`APPEND Box {${MESSAGE.length}+}\r\n${MESSAGE}`);
  const refusals = await Promise.all(Array.from({ length: CLIENTS }, (_, at) => client(login, at + 1)));
  first.destroy();
  return refusals.flat();
}
