/**
 * Fuzzes the IMAP server: commands of every kind in every state, cut, repeated and mutated. Each tagged line gets
 * one tagged response, nothing is logged as an internal error, and another session is not affected.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startImap, type ImapFixture, type ImapTalk } from '../helpers/imap.ts';
import { messages } from '../helpers/imap-dialog.ts';
import { runsOf, timeout } from './fuzz.ts';

const faults: string[] = [];
let fixture: ImapFixture;
let bystander: ImapTalk;

beforeAll(async () => {
  const log = { write: (line: string) => void faults.push(line) };
  fixture = await startImap({ logger: pino({ level: 'error' }, log), messageLimit: 10_000 });
  bystander = await fixture.login('bystander@x.test');
});
afterAll(() => fixture.close());

/** The folder of the dialogue scripts. The seeds are all commands in them, without their tags. */
const folder = path.join(import.meta.dirname, '../dialogs/imap');
const seeds = readdirSync(folder)
  .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n'))
  .flatMap((line) => /^\S+ -> \S+ (.+)$/.exec(line)?.[1] ?? [])
  .filter((command) => !/^(LOGOUT|IDLE|STARTTLS|AUTHENTICATE)|\{\d+\+?\}$/i.test(command));

const garbage = fc.string({
  unit: fc.constantFrom(...' ()[]{}<>"\\*%:,.$~+-=0123456789aZ\t\u0000ü'.split('')),
  maxLength: 8,
});

/** Generates inputs from the seeds, with pieces removed, inserted or repeated. */
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(60), fc.nat(12), garbage), { maxLength: 3 }))
  .map(([seed, edits]) => {
    let text = seed;
    for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
    return text.replaceAll(/[\r\n]/g, '');
  })
  .filter((text) => !/^(LOGOUT|IDLE|STARTTLS|AUTHENTICATE)\b|\{\d+\+?\}$/i.test(text));

const states = ['not authenticated', 'authenticated', 'selected', 'read-only'] as const;

let run = 0;
async function enter(state: (typeof states)[number]): Promise<ImapTalk> {
  if (state === 'not authenticated') return fixture.connect();
  const user = `fuzz${++run}@x.test`;
  for (const raw of Object.values(messages)) await fixture.deliver(raw, user);
  const talk = await fixture.login(user);
  if (state === 'selected') await talk.ok('SELECT INBOX');
  if (state === 'read-only') await talk.ok('EXAMINE INBOX');
  return talk;
}

it('imap commands get a response, whatever they contain', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...states),
      fc.array(mutated, { minLength: 1, maxLength: 20 }),
      async (state, lines) => {
        const talk = await enter(state);
        for (const line of lines) {
          const answer = (await talk.command(line)).at(-1) ?? '';
          expect(answer, line).toMatch(/^(OK|NO|BAD) /);
          expect(answer, line).not.toContain('SERVERBUG');
        }
        talk.destroy();
        expect(faults).toEqual([]);
      },
    ),
    runsOf(120),
  );
  expect(await bystander.command('NOOP')).toEqual(['OK NOOP completed']);
});
