/**
 * Measures the first page of the message list over HTTP, compared with MailDev 3 and every `--target`, each with the
 * same number of stored messages.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { captureRate, sampleMessage } from './load.ts';
import { figure, median, ratio, spread, type BenchContext, type BenchPart, type BenchRow } from './part.ts';
import { startMailDev, startRestante } from './servers.ts';
import { listAddress, type Target } from './target.ts';

/** Number of stored messages. It is small because other servers send the whole list, including the bodies. */
const MESSAGES = 2_000;
const ASKED = 15;

interface Contender {
  readonly name: string;
  readonly list: URL;
  /** The duration of each request in milliseconds, and the size of a response in octets. */
  readonly times: number[];
  size: number;
}

async function ask(contender: Contender): Promise<void> {
  const started = performance.now();
  const response = await fetch(contender.list, { headers: { Accept: 'application/json' } });
  contender.size = (await response.arrayBuffer()).byteLength;
  contender.times.push(performance.now() - started);
  if (!response.ok) throw new Error(`${contender.name} answered ${response.status}`);
}

async function contenderOf({ name, smtp, http }: Target, context: BenchContext): Promise<Contender | null> {
  if (http === null) return null;
  if (smtp !== null) {
    context.progress(`sending ${MESSAGES} messages to ${name}`);
    await captureRate(
      smtp,
      Array.from({ length: MESSAGES }, (_, serial) => sampleMessage(serial)),
    );
  }
  return { name, list: await listAddress(http), times: [], size: 0 };
}

function row(ours: Contender, other: Contender): BenchRow {
  const [mine, theirs] = [median(ours.times), median(other.times)];
  const kilobytes = ({ size }: Contender): string => figure(size / 1000, ' KB');
  return {
    work: `first page over HTTP, ${MESSAGES.toLocaleString('en')} messages stored`,
    ours: `${figure(mine, ' ms')}, ${kilobytes(ours)}`,
    beside: other.name,
    theirs: `${figure(theirs, ' ms')}, ${kilobytes(other)}`,
    ratio: ratio(mine, theirs),
    spread: spread(ours.times, ' ms'),
    budget: '',
    met: null,
  };
}

export const part: BenchPart = {
  name: 'list',
  async run(context) {
    const mail = path.join(context.scratch, 'maildev');
    mkdirSync(mail);
    const options = ['--data', path.join(context.scratch, 'data'), '--max-messages', '0'];
    const started = [await startRestante(options), await startMailDev(mail)];
    try {
      const own = started.map(({ name, smtp, http }) => ({ name, smtp, http: new URL(http ?? '') }));
      const contenders: Contender[] = [];
      for (const target of [...own, ...context.targets]) {
        const contender = await contenderOf(target, context);
        if (contender !== null) contenders.push(contender);
      }
      // One round without measurement before the other rounds, because the JIT compiler needs to warm up.
      for (const each of contenders) await ask(each);
      for (const each of contenders) each.times.length = 0;
      for (let round = 1; round <= ASKED * context.rounds; round++) {
        context.progress(`round ${round} of ${ASKED * context.rounds}`);
        for (const each of contenders) await ask(each);
      }
      const [ours, ...others] = contenders as [Contender, ...Contender[]];
      return others.map((other) => row(ours, other));
    } finally {
      await Promise.all(started.map((server) => server.stop()));
    }
  },
};
