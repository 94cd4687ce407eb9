/**
 * Measures capture over SMTP: the rate over open connections, and the time for one message per connection. Compares
 * both with a bare smtp-server and with MailDev 3.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { captureRate, connectionTimes, sampleMessage } from './load.ts';
import { figure, median, ratio, spread, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { startBareServer, startMailDev, startRestante, type MeasuredServer } from './servers.ts';

const MESSAGES = 3000;
/**
 * Number of messages sent to MailDev, which is about ten times slower: with fewer messages, it takes as long as the
 * other servers.
 */
const MAILDEV_MESSAGES = 400;
const CONNECTIONS = 200;
const MAILDEV_CONNECTIONS = 10;

interface Contender {
  readonly server: MeasuredServer;
  readonly messages: number;
  readonly connections: number;
  readonly rates: number[];
  readonly times: number[];
}

const contender = (server: MeasuredServer, messages = MESSAGES, connections = CONNECTIONS): Contender => ({
  server,
  messages,
  connections,
  rates: [],
  times: [],
});

async function startAll(context: BenchContext): Promise<Contender[]> {
  context.progress('starting the servers');
  const mail = path.join(context.scratch, 'maildev');
  mkdirSync(mail);
  const data = path.join(context.scratch, 'restante');
  const contenders = [
    contender(await startRestante(['--data', data, '--max-messages', '0'])),
    contender(await startBareServer()),
    contender(await startMailDev(mail), MAILDEV_MESSAGES, MAILDEV_CONNECTIONS),
  ];
  for (const { name, smtp } of context.targets) {
    if (smtp === null) continue;
    const server = { name, smtp, http: null, pid: 0, stop: () => Promise.resolve() };
    contenders.push(contender(server, MAILDEV_MESSAGES, MAILDEV_CONNECTIONS));
  }
  return contenders;
}

function rateRow(ours: Contender, other: Contender, budget: string, least: number | null): BenchRow {
  const [mine, theirs] = [median(ours.rates), median(other.rates)];
  return {
    work: 'capture, 10 connections kept open, 5 KB messages, on disk',
    ours: figure(mine, '/s'),
    beside: other.server.name,
    theirs: figure(theirs, '/s'),
    ratio: ratio(mine, theirs),
    spread: spread(ours.rates, '/s'),
    budget,
    met: least === null ? null : mine / theirs >= least,
  };
}

function timeRow(ours: Contender, other: Contender, budget: string, most: number | null): BenchRow {
  const [mine, theirs] = [median(ours.times), median(other.times)];
  return {
    work: 'one message per new connection, end to end',
    ours: figure(mine, ' ms'),
    beside: other.server.name,
    theirs: figure(theirs, ' ms'),
    ratio: ratio(mine, theirs),
    spread: spread(ours.times, ' ms'),
    budget,
    met: most === null ? null : mine / theirs <= most,
  };
}

export const part: BenchPart = {
  name: 'capture',
  async run(context) {
    const contenders = await startAll(context);
    const messages = Array.from({ length: MESSAGES }, (_, serial) => sampleMessage(serial));
    try {
      // One round without measurement before the other rounds, because the JIT compiler needs to warm up.
      for (const { server, messages: count } of contenders)
        await captureRate(server.smtp, messages.slice(0, count));
      for (let round = 1; round <= context.rounds; round++) {
        for (const each of contenders) {
          context.progress(`round ${round} of ${context.rounds}: ${each.server.name}`);
          each.rates.push(await captureRate(each.server.smtp, messages.slice(0, each.messages)));
          each.times.push(
            median(await connectionTimes(each.server.smtp, messages.slice(0, each.connections))),
          );
        }
      }
    } finally {
      await Promise.all(contenders.map(({ server }) => server.stop()));
    }
    const [ours, floor, maildev, ...others] = contenders as [Contender, Contender, Contender, ...Contender[]];
    return [
      rateRow(ours, floor, '≥ 0.5 ×', 0.5),
      rateRow(ours, maildev, '≥ 4 ×', 4),
      timeRow(ours, floor, '', null),
      timeRow(ours, maildev, '≤ 1/50', 1 / 50),
      ...others.flatMap((other) => [rateRow(ours, other, '', null), timeRow(ours, other, '', null)]),
    ];
  },
};
