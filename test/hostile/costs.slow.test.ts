/**
 * Tests the cost of any message: the built program captures each hostile message (monster), and the message is
 * requested by every protocol. The processor time and the peak of memory, measured from a collected heap, are compared
 * with those of a benign message of the same size in the same process. With COSTS=1 the messages have ten megabytes
 * each, and their costs are printed. The checks have their own deadline: test/checks/monsters.slow.test.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { converse } from '../fuzz/converse.ts';
import { startProgram, type Program } from '../helpers/program.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { Collector, COLLECTING, saidBy } from './collector.ts';
import { benign, monsters, SIZE } from './monsters.ts';

/** The maximum processor time as a multiple of that of a benign message, which varies by half from run to run. */
const MOST_TIME = 15;
/**
 * The maximum megabytes above the peak of a benign message, for each megabyte of the hostile message, including garbage
 * of two threads.
 */
const MOST_MEMORY = 60;
const GARBAGE = 180;
/**
 * The environment of the program: its heap is limited (in megabytes), so that the peak of memory does not depend on the
 * time at which garbage is collected. A message whose content needs more heap ends the program, and thereby the test.
 */
const LIMITED = { NODE_OPTIONS: `${COLLECTING.NODE_OPTIONS} --max-old-space-size=120` };

interface Cost {
  /** Processor time in seconds. */
  readonly time: number;
  /** Peak of resident memory in megabytes. */
  readonly memory: number;
}

/** Returns the processor time of a process so far, in seconds (proc(5): clock ticks are hundredths). */
function timeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1000;
}

const isDear = ({ time, memory }: Cost, usual: Cost): boolean =>
  time > MOST_TIME * usual.time || memory > usual.memory + GARBAGE + (MOST_MEMORY * SIZE) / 1e6;

async function cost(pid: number, act: () => Promise<void>): Promise<Cost> {
  // Resets the recorded peak of memory.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = timeOf(pid);
  await act();
  return { time: timeOf(pid) - before, memory: peakOf(pid) };
}

async function capture(program: Program, message: string): Promise<string> {
  const raw = Buffer.from(`${message}\r\n`, 'latin1');
  const [id = ''] = await sendRaw({ host: '127.0.0.1', port: program.port('SMTP') }, [raw], {
    from: 'a@x.test',
    to: ['b@x.test'],
  });
  return id;
}

/** Requests everything that a reader can request for a message. */
async function readEverywhere(program: Program, id: string): Promise<void> {
  const get = async (path: string): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${program.port('Web UI and API')}/api/${path}`);
    await response.arrayBuffer();
    if (response.status >= 500) throw new Error(`${path}: ${response.status}`);
  };
  for (const form of ['', '/html', '/text', '/raw', '/parts/1']) await get(`messages/${id}${form}`);
  await get('messages?limit=50');
  await get('messages?query=body:%22no%20such%20text%22');
  await get('messages?query=subject:x%20filename:nothing%20header:X-None=1');
  const commands = [
    'LOGIN b@x.test x',
    'SELECT INBOX',
    'FETCH * (UID FLAGS ENVELOPE BODYSTRUCTURE PREVIEW)',
    'FETCH * (BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[1.MIME] BODY.PEEK[1]<0.100>)',
    'SEARCH TEXT "no such text"',
    'SORT (FROM SUBJECT DATE) UTF-8 ALL',
    'THREAD REFERENCES UTF-8 ALL',
    'LOGOUT',
  ];
  const said = await converse(
    program.port('IMAP'),
    Buffer.from(commands.map((command, n) => `a${n} ${command}\r\n`).join('')),
  );
  expect(said.match(/^a\d (?:NO|BAD).*/gm)).toBeNull();
  expect(said).toMatch(/^a7 OK/m);
  const top = await converse(
    program.port('POP3'),
    Buffer.from('USER b@x.test\r\nPASS x\r\nTOP 1 10\r\nQUIT\r\n'),
  );
  expect(top).toMatch(/\+OK [^\n]*\r\n$/);
}

// Only Linux reports the processor time and the peak of memory of a process.
describe.skipIf(process.platform !== 'linux')('a hostile message', () => {
  it(
    'costs at most a few times as much as a benign message of the same size',
    { timeout: 300_000 },
    async () => {
      const program = await startProgram(
        ['--memory', '--log-level', 'error'],
        process.env['COSTS'] === undefined ? LIMITED : COLLECTING,
      );
      const collector = await Collector.of(program);
      const pid = program.child.pid!;
      const costOf = async (message: string): Promise<Cost> => {
        await collector.collect();
        return cost(pid, async () => {
          const id = await capture(program, message);
          await readEverywhere(program, id);
          const url = `http://127.0.0.1:${program.port('Web UI and API')}/api/messages?all=true`;
          await fetch(url, { method: 'DELETE' });
        });
      };
      // The first run is a warm-up, the second run is measured.
      await costOf(benign());
      const usual = await costOf(benign());
      if (process.env['COSTS'] !== undefined)
        console.log(`benign: ${usual.time.toFixed(2)} s, ${Math.round(usual.memory)} MB`);
      const dear: string[] = [];
      for (const [name, make] of Object.entries(monsters)) {
        const message = make();
        expect(message.length, name).toBeGreaterThan(SIZE * 0.99);
        const measured = await costOf(message);
        const text = `${name}: ${measured.time.toFixed(2)} s, ${Math.round(measured.memory)} MB`;
        if (process.env['COSTS'] !== undefined) console.log(text);
        if (isDear(measured, usual)) dear.push(text);
      }
      expect(dear, `benign: ${usual.time.toFixed(2)} s, ${Math.round(usual.memory)} MB`).toEqual([]);
      collector.close();
      expect(saidBy(program)).toBe('');
    },
  );
});
