/** Random steps of several clients on one mailbox, and the function that runs a step with a client. */
import fc from 'fast-check';
import type { Believer } from './imap-believer.ts';

export const CLIENTS = 3;
const FLAGS = ['\\Seen', '\\Flagged', 'kw'] as const;
export const flagOf = (which: number): string => FLAGS[which % FLAGS.length] ?? FLAGS[0];

export type ClientStep =
  | { readonly do: 'noop' | 'expunge' | 'search' | 'idle' | 'uid-fetch'; readonly who: number }
  | {
      readonly do: 'fetch' | 'delete' | 'move' | 'store' | 'silent';
      readonly who: number;
      readonly which: number;
    };
export type Step = { readonly do: 'deliver' } | ClientStep;

const who = fc.nat(CLIENTS - 1);
export const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('deliver' as const) }),
  fc.record({ do: fc.constantFrom('noop', 'expunge', 'search', 'idle', 'uid-fetch'), who }),
  fc.record({
    do: fc.constantFrom('fetch', 'delete', 'move', 'store', 'silent'),
    who,
    which: fc.nat(20),
  }),
);

/** Returns whether the server may report expunged messages at the end of a step. */
export const expunges = (what: ClientStep): boolean =>
  ['noop', 'expunge', 'idle', 'uid-fetch', 'move'].includes(what.do);

/** Runs a step; resolves with the tagged response, or with `null` if the mailbox has no message for the step. */
export async function act(client: Believer, what: ClientStep): Promise<string | null> {
  if (what.do === 'idle') {
    await client.idle();
    return 'OK';
  }
  if (!('which' in what)) {
    const command = {
      noop: 'NOOP',
      expunge: 'EXPUNGE',
      search: 'SEARCH ALL',
      'uid-fetch': 'UID FETCH 1:* FLAGS',
    };
    return client.command(command[what.do], expunges(what));
  }
  const { messages } = client;
  if (messages.length === 0) return null;
  const number = (what.which % messages.length) + 1;
  const flag = flagOf(what.which);
  const command = {
    fetch: `FETCH ${number} (UID FLAGS)`,
    delete: `STORE ${number} +FLAGS (\\Deleted)`,
    move: `MOVE ${number} Trash`,
    store: `STORE ${number} FLAGS (${flag})`,
    silent: `STORE ${number} +FLAGS.SILENT (${flag})`,
  };
  const before = messages[number - 1];
  const answer = await client.command(command[what.do], expunges(what));
  if (what.do === 'silent' && answer.startsWith('OK')) before?.flags?.add(flag);
  return answer;
}
