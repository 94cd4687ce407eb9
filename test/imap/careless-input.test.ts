/** Tests that input of careless and old clients is accepted if a production server accepts it, and reported. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEVIATIONS } from '../../server/imap/wire/deviation.ts';
import { startImap, type ImapFixture } from '../helpers/imap.ts';
import type { State } from '../../server/imap/session/session.ts';
import { CARELESS, REFUSED_ON_PURPOSE, type CarelessInput } from './careless-input.ts';
import { answerTo, messageOf, openState } from './careless-talk.ts';

let fixture: ImapFixture;
beforeAll(async () => {
  fixture = await startImap();
  for (const subject of ['one', 'two', 'three']) await fixture.deliver(messageOf(subject));
});
afterAll(() => fixture.close());

const nameOf = new Map(Object.entries(DEVIATIONS).map(([name, text]) => [text as string, name]));

/** Runs a command of the table, and returns the status of the response and the reported deviations. */
async function observed(state: State, command: string): Promise<readonly string[]> {
  const talk = await fixture.connect();
  await openState(talk, state, 'LOGIN a@x.test pw');
  const [kind = ''] = (await answerTo(talk, command)).split(' ', 1);
  const reported = fixture.server.sessions().at(-1)?.deviations ?? [];
  talk.destroy();
  return [command, kind, ...(kind === 'OK' ? reported.map((text) => nameOf.get(text) ?? text) : [])];
}

it.each(Object.entries(CARELESS) as [State, readonly CarelessInput[]][])(
  'in state %s, every command is answered and reported as in the table',
  async (state, inputs) => {
    const rows: (readonly string[])[] = [];
    for (const [command] of inputs) rows.push(await observed(state, command));
    expect(rows).toEqual(inputs);
  },
);

it('contains every reported deviation', () => {
  const shown = new Set(
    Object.values(CARELESS).flatMap((inputs) => inputs.flatMap(([, , ...names]) => names)),
  );
  expect([...shown].sort()).toEqual(Object.keys(DEVIATIONS).sort());
});

it('is refused only if the refusal is intentional', () => {
  const refused = Object.values(CARELESS).flatMap((inputs) =>
    inputs.filter(([, answer]) => answer !== 'OK').map(([command]) => command),
  );
  expect(refused).toEqual(expect.arrayContaining(Object.keys(REFUSED_ON_PURPOSE)));
});
