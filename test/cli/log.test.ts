import { pino } from 'pino';
import { expect, it } from 'vitest';
import { readable } from '../../server/cli/log.ts';

it('writes entries as people read them', () => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(readable(line)) });
  log.warn({ peer: '127.0.0.1', octets: 5 }, 'smtp: a long line');
  log.error({ err: new Error('no room') }, 'store');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d WARN {2}smtp: a long line peer=127\.0\.0\.1 octets=5\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d ERROR store\nError: no room\n +at /);
});
