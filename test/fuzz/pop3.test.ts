/**
 * Fuzzes the POP3 server: commands of every kind in every state, cut, repeated and mutated. Every line gets a
 * response, nothing is logged as an internal error, and another session is not affected.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { messages, startPop3 } from '../helpers/pop3.ts';
import { converse } from './converse.ts';
import { runsOf, timeout } from './fuzz.ts';

const folder = path.join(import.meta.dirname, '../dialogs/pop3');
const seeds = readdirSync(folder)
  .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n'))
  .flatMap((line) => /^\S+ -> (.+)$/.exec(line)?.[1] ?? []);

const garbage = fc.string({
  unit: fc.constantFrom(...' .*<>=+-0129aZ\t\u0000\u0001ü'.split('')),
  maxLength: 8,
});

/** Generates inputs from the seeds, with pieces removed, inserted or repeated. */
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(60), fc.nat(12), garbage), { maxLength: 3 }))
  .map(([seed, edits]) => {
    let text = seed;
    for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
    return Buffer.from(`${text}\r\n`);
  });
const octets = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

it('pop3 commands get a response, whatever they contain', { timeout }, async () => {
  const faults: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void faults.push(line) });
  const { port, deliver } = await startPop3({ logger });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.oneof({ weight: 5, arbitrary: mutated }, octets), { minLength: 1, maxLength: 20 }),
      async (loggedIn, chunks) => {
        const user = `fuzz${++run}@x.test`;
        for (const raw of loggedIn ? Object.values(messages) : []) await deliver(raw, user);
        const login = loggedIn ? [Buffer.from(`USER ${user}\r\nPASS x\r\n`)] : [];
        const said = await converse(port, Buffer.concat([...login, ...chunks]));
        expect(said).toMatch(/^\+OK Restante is ready .*\r\n/);
        expect(said).toMatch(/\r\n$/);
        expect(said).not.toContain('SYS/TEMP');
        expect(faults).toEqual([]);
      },
    ),
    runsOf(120),
  );
  expect(await converse(port, Buffer.from('USER bystander@x.test\r\nPASS x\r\nSTAT\r\nQUIT\r\n'))).toContain(
    '+OK 0 0',
  );
});

it('pop3 messages are sent so that a client reads the same octets', { timeout }, async () => {
  const { port, deliver } = await startPop3();
  const line = fc.stringMatching(/^[.a ]{0,6}$/);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.constantFrom('', '\r\n'), async (lines, end) => {
      const user = `octets${++run}@x.test`;
      const raw = lines.join('\r\n') + end;
      await deliver(raw, user);
      const said = await converse(port, Buffer.from(`USER ${user}\r\nPASS x\r\nRETR 1\r\n`));
      // Before the message, the response has four lines: the greeting, the responses to USER and PASS, and the first
      // line of the response to RETR.
      const body = /^(?:[^\n]*\n){4}([^]*)$/.exec(said)?.[1] ?? '';
      const ended = body.endsWith('\r\n.\r\n') || body === '.\r\n';
      expect(ended).toBe(true);
      const unstuffed = body.slice(0, -3).replace(/(^|\r\n)\./g, '$1');
      expect(unstuffed).toBe(raw === '' || raw.endsWith('\r\n') ? raw : `${raw}\r\n`);
      // No line before the last one consists of a dot, which would end the response.
      expect(body.slice(0, -3)).not.toMatch(/(^|\r\n)\.\r\n/);
    }),
    runsOf(60),
  );
});
