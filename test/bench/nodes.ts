/**
 * Measures nodes on one PostgreSQL beside the file store: the capture rate, the processor time of a message on the
 * nodes and in the database, transactions of the database for each message, waits on another node, and memory.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '../helpers/embedded-postgres.ts';
import { captureRate, LoadConnection, sampleMessage } from './load.ts';
import {
  absolute,
  figure,
  median,
  ratio,
  spread,
  type BenchContext,
  type BenchPart,
  type BenchRow,
} from './part.ts';
import { processorTime, residentOf, startRestante, type MeasuredServer } from './servers.ts';

const MESSAGES = 3000;
const WAITS = 200;
/** Number of open SMTP connections for each node. */
const CONNECTIONS = 10;

/** The database of the measured nodes, which runs on this machine. */
class MeasuredDatabase {
  readonly url: string;
  readonly #client: pg.Client;
  /** The process id of the server's main process. */
  readonly #main: number;

  private constructor(url: string, client: pg.Client, main: number) {
    this.url = url;
    this.#client = client;
    this.#main = main;
  }

  /** Creates a database on a server, whose sessions are child processes of its main process. */
  static async create(server: string): Promise<MeasuredDatabase> {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const url = new URL(server);
    const creator = new pg.Client({ connectionString: url.href });
    await creator.connect();
    await creator.query(`create database ${name}`);
    await creator.end();
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const status = readFileSync(`/proc/${rows[0]?.pid ?? 0}/status`, 'latin1');
    return new MeasuredDatabase(url.href, client, Number(/PPid:\s+(\d+)/.exec(status)?.[1]));
  }

  /** Returns the processor time of all processes of the server, in milliseconds. */
  processorTime(): number {
    const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === this.#main);
    return children.reduce((sum, pid) => sum + (processorTime(Number(pid)) || 0), 0);
  }

  /** Returns the number of transactions that the database has committed. */
  async transactions(): Promise<number> {
    // A session reports its transactions at most once a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { rows } = await this.#client.query<{ count: string }>(
      'select xact_commit as count from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.count);
  }

  /** Resolves when the texts of all messages are in the search index. */
  async indexed(): Promise<void> {
    for (;;) {
      const { rows } = await this.#client.query('select from unindexed limit 1');
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  end(): Promise<void> {
    return this.#client.end();
  }
}

/** Returns the parent of a process; NaN if the process has ended. */
function parentOf(pid: string): number {
  try {
    return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  } catch {
    return NaN;
  }
}

/** Servers that store mail in one place, and their figures of each round. */
interface Contender {
  readonly name: string;
  readonly servers: readonly MeasuredServer[];
  readonly database: MeasuredDatabase | null;
  readonly rates: number[];
  /** Processor time of a message on the nodes and in the database together, in milliseconds. */
  readonly times: number[];
  readonly databaseTimes: number[];
  readonly transactions: number[];
}

async function contender(
  name: string,
  count: number,
  options: readonly string[],
  database: MeasuredDatabase | null = null,
): Promise<Contender> {
  const servers: MeasuredServer[] = [];
  while (servers.length < count) servers.push(await startRestante([...options, '--max-messages', '0']));
  return { name, servers, database, rates: [], times: [], databaseTimes: [], transactions: [] };
}

async function measure(each: Contender, round: number): Promise<void> {
  const { servers, database } = each;
  const share = MESSAGES / servers.length;
  const nodesTime = () => servers.reduce((sum, { pid }) => sum + processorTime(pid), 0);
  const committed = (await database?.transactions()) ?? 0;
  const [nodesBefore, databaseBefore] = [nodesTime(), database?.processorTime() ?? 0];
  const started = performance.now();
  await Promise.all(
    servers.map((server, index) => {
      const first = (round * servers.length + index) * share;
      const messages = Array.from({ length: share }, (_, i) => sampleMessage(first + i));
      return captureRate(server.smtp, messages, CONNECTIONS);
    }),
  );
  each.rates.push((MESSAGES * 1000) / (performance.now() - started));
  await database?.indexed();
  const databaseTime = ((database?.processorTime() ?? 0) - databaseBefore) / MESSAGES;
  each.times.push((nodesTime() - nodesBefore) / MESSAGES + databaseTime);
  if (database === null) return;
  each.databaseTimes.push(databaseTime);
  each.transactions.push(((await database.transactions()) - committed) / MESSAGES);
}

const rateRow = (ours: Contender, other: Contender, budget: string, met: boolean | null): BenchRow => ({
  work: `capture, ${ours.name}, 10 connections to each, 5 KB messages`,
  ours: figure(median(ours.rates), '/s'),
  beside: other.name,
  theirs: figure(median(other.rates), '/s'),
  ratio: ratio(median(ours.rates), median(other.rates)),
  spread: spread(ours.rates, '/s'),
  budget,
  met,
});

const timeRow = (ours: Contender, other: Contender, budget: string, met: boolean | null): BenchRow => ({
  work: `processor time of a message, ${ours.name}, with the database`,
  ours: figure(median(ours.times), ' ms'),
  beside: other.name,
  theirs: figure(median(other.times), ' ms'),
  ratio: ratio(median(ours.times), median(other.times)),
  spread: spread(ours.times, ' ms'),
  budget,
  met,
});

/** Returns the milliseconds from the reply 250 of one node to the response of a wait on another node, sorted. */
async function waitTimes(sender: MeasuredServer, reader: MeasuredServer): Promise<number[]> {
  const connection = await LoadConnection.open(sender.smtp.host, sender.smtp.port);
  const times: number[] = [];
  for (let n = 0; n < WAITS; n++) {
    const account = `wait${n}@example.test`;
    const page = (await (await fetch(`${reader.http!}/api/messages?limit=1`)).json()) as { seq: number };
    const query = new URLSearchParams({ account, after: `${page.seq}`, timeout: '60000' });
    const waiting = fetch(`${reader.http!}/api/messages/wait?${query.toString()}`).then(async (response) => {
      if (!response.ok) throw new Error(await response.text());
      return performance.now();
    });
    // The response to a later request shows that the node has received the wait.
    await fetch(`${reader.http!}/livez`);
    await connection.send('app@example.test', account, sampleMessage(n));
    const accepted = performance.now();
    times.push(Math.max(0, (await waiting) - accepted));
  }
  await connection.quit();
  return times.sort((a, b) => a - b);
}

function waitRows(times: readonly number[]): BenchRow[] {
  const slow = times[Math.floor(times.length * 0.99)]!;
  return [
    absolute('250 of one node → wait on another node answered, median', times, ' ms', '≤ 5 ms', 5),
    {
      ...absolute('250 of one node → wait on another node answered, p99', [slow], ' ms', '≤ 30 ms', 30),
      spread: spread(times, ' ms'),
    },
  ];
}

async function measureAll(context: BenchContext, contenders: readonly Contender[]): Promise<void> {
  for (let round = 0; round <= context.rounds; round++) {
    for (const each of contenders) {
      context.progress(`round ${round} of ${context.rounds}: ${each.name}`);
      await measure(each, round);
    }
    // The first round warms up the servers and is not counted.
    if (round === 0) for (const each of contenders) for (const list of figuresOf(each)) list.length = 0;
  }
}

const figuresOf = (each: Contender): number[][] => [
  each.rates,
  each.times,
  each.databaseTimes,
  each.transactions,
];

function rows(files: Contender, one: Contender, two: Contender): BenchRow[] {
  const [rate, rateOfTwo] = [median(one.rates), median(two.rates)];
  const timeRatio = median(two.times) / median(one.times);
  return [
    rateRow(one, files, '≥ 700/s', rate >= 700),
    rateRow(two, one, '≥ 0.95 ×', rateOfTwo >= 0.95 * rate),
    timeRow(one, files, '', null),
    timeRow(two, one, '≤ 1.15 ×', timeRatio <= 1.15),
    ...[one, two].map((each) => ({
      ...absolute(
        `processor time of a message in the database, ${each.name}`,
        each.databaseTimes,
        ' ms',
        '',
        0,
      ),
      met: null,
    })),
    ...[one, two].map((each) => ({
      ...absolute(`transactions for a message, ${each.name}`, each.transactions, '', '', 0),
      met: null,
    })),
  ];
}

export const part: BenchPart = {
  name: 'nodes',
  async run(context) {
    context.progress('starting PostgreSQL and the nodes');
    const named = process.env['RESTANTE_TEST_POSTGRES'];
    const server = named === undefined ? await EmbeddedServer.start() : null;
    const address = server?.url ?? named!;
    const contenders: Contender[] = [];
    const onDatabase = async (name: string, count: number): Promise<Contender> => {
      const database = await MeasuredDatabase.create(address);
      const made = await contender(name, count, ['--store', database.url], database);
      contenders.push(made);
      return made;
    };
    try {
      const files = await contender('file store', 1, ['--data', path.join(context.scratch, 'data')]);
      contenders.push(files);
      const one = await onDatabase('one node', 1);
      const two = await onDatabase('two nodes', 2);
      await measureAll(context, contenders);
      context.progress('waits on the other node');
      const [sender, reader] = two.servers;
      const times = await waitTimes(sender!, reader!);
      const memory = [...one.servers, ...two.servers].map(({ pid }) => residentOf(pid));
      return [
        ...rows(files, one, two),
        ...waitRows(times),
        absolute('resident memory of a node after the load', memory, ' MB', '≤ 120 MB', 120),
      ];
    } finally {
      await Promise.all(contenders.flatMap(({ servers }) => servers.map((each) => each.stop())));
      for (const { database } of contenders) await database?.end();
      await server?.remove();
    }
  },
};
