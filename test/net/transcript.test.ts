import { expect, it } from 'vitest';
import { Transcript } from '../../server/net/transcript.ts';

it('times lines from the beginning of the session', () => {
  let now = 1000;
  const transcript = new Transcript(() => now);
  now = 1005.6;
  transcript.add('client', 'NOOP');
  expect(transcript.lines()).toEqual([{ at: 6, from: 'client', text: 'NOOP' }]);
});

it('keeps the beginning of the session and the current transaction', () => {
  const transcript = new Transcript(() => 0);
  transcript.add('client', 'EHLO');
  for (const message of ['one', 'two']) {
    transcript.beginTransaction();
    transcript.add('client', message);
  }
  expect(transcript.lines().map(({ text }) => text)).toEqual(['EHLO', 'two']);
});

it('is limited, and reports the omitted lines', () => {
  const transcript = new Transcript(() => 0);
  transcript.beginTransaction();
  for (let n = 0; n < 10_000; n++) transcript.add('client', `RCPT ${n}`);
  transcript.add('client', 'x'.repeat(5000));
  const lines = transcript.lines();
  expect(lines.length).toBeLessThan(400);
  expect(lines[0]?.text).toBe('RCPT 0');
  expect(lines.at(-1)?.text).toBe(`${'x'.repeat(1000)}…`);
  const left = lines.find(({ from }) => from === 'note');
  expect(left?.text).toMatch(/^\d+ lines left out$/);
  const shown = lines.length - 1;
  expect(Number.parseInt(left?.text ?? '', 10)).toBe(10_001 - shown);
});
