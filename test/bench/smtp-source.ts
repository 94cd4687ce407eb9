/**
 * Measures capture with `smtp-source` of Postfix, a client of another project. Every round starts fresh processes, so
 * that the first messages after a start are measured, too. The processor time of a server is shown beside its rate,
 * because the rate depends on the other work of the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { installed } from '../helpers/tool.ts';
import { figure, median, ratio, spread, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import {
  processorTime,
  startBareServer,
  startMailDev,
  startMailpit,
  startRestante,
  startSink,
  type MeasuredServer,
} from './servers.ts';

/** Number of messages that a fresh process receives first, over kept connections. */
const FIRST = 2000;
/** Number of messages that follow without measurement, because the JIT compiler needs to warm up. */
const WARMING = 6000;
const WARM = 4000;
/** Number of messages that are sent over one connection each. */
const SINGLE = 1000;
const SESSIONS = 10;
const OCTETS = 5000;

/** A phase of a round: consecutive messages that are sent in the same way. */
const PHASES = ['first', 'warm', 'single'] as const;
type Phase = (typeof PHASES)[number];

interface Sample {
  /** The rate in messages per second. */
  readonly rate: number;
  /** Processor time of the server for one message, in milliseconds; `NaN` if the system does not report it. */
  readonly cpu: number;
}

interface Contender {
  readonly name: string;
  /** Starts a fresh server. @param round the number of the round, for the names of files */
  start(round: number): Promise<MeasuredServer>;
  readonly samples: Readonly<Record<Phase, Sample[]>>;
}

const contender = (name: string, start: Contender['start']): Contender => ({
  name,
  start,
  samples: { first: [], warm: [], single: [] },
});

/** Sends messages with smtp-source, and resolves when the server has acknowledged all of them. */
async function send(port: number, messages: number, keep: boolean): Promise<void> {
  const load = ['-s', `${SESSIONS}`, '-l', `${OCTETS}`, '-m', `${messages}`, ...(keep ? ['-d'] : [])];
  const mail = ['-f', 'app@example.test', '-t', 'customer@example.test'];
  const child = spawn('smtp-source', [...load, ...mail, `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`smtp-source ended with code ${code}`);
}

async function measure(server: MeasuredServer, messages: number, keep: boolean): Promise<Sample> {
  const before = processorTime(server.pid);
  const started = performance.now();
  await send(server.smtp.port, messages, keep);
  const seconds = (performance.now() - started) / 1000;
  return { rate: messages / seconds, cpu: (processorTime(server.pid) - before) / messages };
}

async function runRound(each: Contender, round: number): Promise<void> {
  const server = await each.start(round);
  try {
    each.samples.first.push(await measure(server, FIRST, true));
    await send(server.smtp.port, WARMING, true);
    each.samples.warm.push(await measure(server, WARM, true));
    each.samples.single.push(await measure(server, SINGLE, false));
  } finally {
    await server.stop();
  }
}

function contenders(context: BenchContext): Contender[] {
  const folder = (name: string): string => {
    const made = path.join(context.scratch, name);
    mkdirSync(made);
    return made;
  };
  return [
    contender('Restante', (round) =>
      startRestante(['--data', path.join(context.scratch, `restante-${round}`), '--max-messages', '0']),
    ),
    ...(installed('mailpit')
      ? [contender('Mailpit', (round) => startMailpit(folder(`mailpit-${round}`)))]
      : []),
    contender('MailDev 3', (round) => startMailDev(folder(`maildev-${round}`))),
    contender('bare smtp-server', () => startBareServer()),
    ...(installed('smtp-sink') ? [contender('smtp-sink', () => startSink())] : []),
  ];
}

const WORK: Readonly<Record<Phase, string>> = {
  first: `smtp-source, ${SESSIONS} kept connections, 5 KB: the first ${FIRST.toLocaleString('en')} messages after a start`,
  warm: `smtp-source, ${SESSIONS} kept connections, 5 KB: warm`,
  single: 'smtp-source, a connection for each message, 5 KB: warm',
};

/**
 * The budgets for the rates: for each phase, the minimum ratio of Restante's rate to that of another server, by the
 * name of the server.
 */
const LEAST: Readonly<Record<Phase, Readonly<Record<string, number>>>> = {
  first: { Mailpit: 1.2 },
  warm: { Mailpit: 2, 'MailDev 3': 4, 'bare smtp-server': 0.65 },
  single: { Mailpit: 1 },
};
/** The budget: the maximum processor time for one message, in milliseconds. */
const MOST_TIME = 0.6;

const ratesOf = (each: Contender, phase: Phase): number[] => each.samples[phase].map(({ rate }) => rate);
const timesOf = (each: Contender, phase: Phase): number[] => each.samples[phase].map(({ cpu }) => cpu);
const shown = (each: Contender, phase: Phase): string =>
  `${figure(median(ratesOf(each, phase)), '/s')}, ${figure(median(timesOf(each, phase)), ' ms')} CPU`;

function rateRow(phase: Phase, ours: Contender, other: Contender): BenchRow {
  const [mine, theirs] = [median(ratesOf(ours, phase)), median(ratesOf(other, phase))];
  const least = LEAST[phase][other.name];
  return {
    work: WORK[phase],
    ours: shown(ours, phase),
    beside: other.name,
    theirs: shown(other, phase),
    ratio: ratio(mine, theirs),
    spread: spread(ratesOf(ours, phase), '/s'),
    budget: least === undefined ? '' : `≥ ${least} ×`,
    met: least === undefined ? null : mine / theirs >= least,
  };
}

function timeRow(ours: Contender, other: Contender | undefined): BenchRow {
  const mine = median(timesOf(ours, 'warm'));
  const theirs = other === undefined ? null : median(timesOf(other, 'warm'));
  return {
    work: `${WORK.warm}, processor time of one message`,
    ours: figure(mine, ' ms'),
    beside: other?.name ?? null,
    theirs: theirs === null ? null : figure(theirs, ' ms'),
    ratio: theirs === null ? null : ratio(mine, theirs),
    spread: spread(timesOf(ours, 'warm'), ' ms'),
    budget: `≤ ${MOST_TIME} ms`,
    met: Number.isNaN(mine) ? null : mine <= MOST_TIME,
  };
}

export const part: BenchPart = {
  name: 'smtp-source',
  async run(context) {
    if (!installed('smtp-source')) {
      context.progress('smtp-source of Postfix is not installed, so nothing is measured');
      return [];
    }
    const [ours, ...others] = contenders(context) as [Contender, ...Contender[]];
    for (let round = 1; round <= context.rounds; round++) {
      for (const each of [ours, ...others]) {
        context.progress(`round ${round} of ${context.rounds}: ${each.name}`);
        await runRound(each, round);
      }
    }
    const mailpit = others.find(({ name }) => name === 'Mailpit');
    const rates = PHASES.flatMap((phase) => others.map((other) => rateRow(phase, ours, other)));
    return [...rates, timeRow(ours, mailpit)];
  },
};
