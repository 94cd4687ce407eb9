/**
 * Compares Restante with Dovecot: Restante accepts the input that Dovecot accepts, or has a documented reason for
 * the refusal.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../../server/imap/session/session.ts';
import { startDovecot, type RunningDovecot } from '../bench/imap/dovecot.ts';
import { ImapTalk, startImap, type ImapFixture } from '../helpers/imap.ts';
import { installed } from '../helpers/tool.ts';
import { CARELESS, REFUSED_ON_PURPOSE, type CarelessInput } from '../imap/careless-input.ts';
import { answerTo, messageOf, openState } from '../imap/careless-talk.ts';
import { mixedLoad } from '../imap/mixed-load.ts';

const skip = !installed('dovecot');

describe.skipIf(skip)(skip ? 'beside Dovecot (not installed)' : 'beside Dovecot', () => {
  let directory: string;
  let dovecot: RunningDovecot;
  let restante: ImapFixture;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'restante-dovecot-'));
    // Dovecot's mail processes run as another user.
    await chmod(directory, 0o755);
    const started = await startDovecot(directory, 3);
    if (started === null) throw new Error('Dovecot did not start');
    dovecot = started;
    restante = await startImap();
    for (const subject of ['one', 'two', 'three']) await restante.deliver(messageOf(subject));
  });
  afterAll(async () => {
    dovecot.stop();
    await restante.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  async function kindAt(port: number, state: State, command: string): Promise<string> {
    const talk = await ImapTalk.connect(port);
    try {
      await openState(talk, state, 'LOGIN a@x.test pw');
      return (await answerTo(talk, command)).split(' ', 1)[0] ?? '';
    } finally {
      talk.destroy();
    }
  }

  it.each(Object.entries(CARELESS) as [State, readonly CarelessInput[]][])(
    'in state %s, all input that Dovecot accepts is accepted',
    async (state, inputs) => {
      const refused: string[] = [];
      for (const [command] of inputs) {
        const theirs = await kindAt(dovecot.port, state, command);
        if (theirs !== 'OK' || command in REFUSED_ON_PURPOSE) continue;
        if ((await kindAt(restante.port, state, command)) !== 'OK') refused.push(command);
      }
      expect(refused).toEqual([]);
    },
  );

  it('refuses no command of a mixed load that Dovecot does not refuse', async () => {
    const login = async (port: number): Promise<ImapTalk> => {
      const talk = await ImapTalk.connect(port);
      await talk.ok('LOGIN load@x.test pw');
      return talk;
    };
    // The response `STORE 1:3 +FLAGS (x): NO [CODE] text` is of the kind `STORE NO`.
    const kinds = (refusals: readonly string[]): Set<string> =>
      new Set(refusals.map((refusal) => refusal.replace(/ .*: (NO|BAD|BYE)[^:]*$/s, ' $1')));
    const theirs = kinds(await mixedLoad(() => login(dovecot.port)));
    const ours = kinds(await mixedLoad(() => login(restante.port)));
    expect([...ours].filter((kind) => !theirs.has(kind))).toEqual([]);
  });
});
