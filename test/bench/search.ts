/**
 * Measures Restante beside Mailpit with the same varied mail on disk, at 1,000, 30,000 and 100,000 messages: capture,
 * first page, detail, forty queries with their totals, memory, and disk use. The mail is drawn from a seed with the
 * word frequencies of a natural language, because repeated filler text flatters any index. The rounds of both servers
 * alternate.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installed } from '../helpers/tool.ts';
import { queriesFor, type BenchQuery, type QueryKind } from './corpus/queries.ts';
import { corpusFrom, type CorpusMessage } from './corpus/zipf.ts';
import { captureRate } from './load.ts';
import {
  figure,
  median,
  ratio,
  spread,
  timed,
  type BenchContext,
  type BenchPart,
  type BenchRow,
} from './part.ts';
import { processorTime, residentOf, startMailpit, startRestante, type MeasuredServer } from './servers.ts';

const SIZES = [1_000, 30_000, 100_000];
/** Number of stored messages from which the budgets of the lists and queries apply. */
const LARGE = 100_000;
const SEED = 20_261_130;
/** Number of messages that a server receives before the other server receives the same messages. */
const CHUNK = 1_000;
const CONNECTIONS = 10;
/** Number of times that each query, page and detail is requested. */
const ASKED = 5;
/** Time without requests before the memory is read, in milliseconds. */
const REST = 60_000;

/** The HTTP API of a server, as far as it is measured. */
interface Dialect {
  readonly list: string;
  search(query: string): string;
  detail(id: string): string;
  /** Returns the number of results in the response to a search. */
  total(body: Listing): number;
  id(body: Listing): string;
}

interface Listing {
  readonly total: number;
  readonly messages_count?: number;
  readonly messages: readonly { readonly id?: string; readonly ID?: string }[];
}

const restante: Dialect = {
  list: 'api/messages?limit=50',
  search: (query) => `api/messages?limit=50&query=${encodeURIComponent(query)}`,
  detail: (id) => `api/messages/${id}`,
  total: ({ total }) => total,
  id: ({ messages }) => messages[0]?.id ?? '',
};

const mailpit: Dialect = {
  list: 'api/v1/messages?limit=50',
  search: (query) => `api/v1/search?limit=50&query=${encodeURIComponent(query)}`,
  detail: (id) => `api/v1/message/${id}`,
  total: ({ messages_count: count }) => count ?? NaN,
  id: ({ messages }) => messages[0]?.ID ?? '',
};

/** The figures of a server at one size. */
interface Figures {
  /** Messages per second, for each chunk. */
  readonly rates: number[];
  /** Processor time of one message in milliseconds, for each chunk. */
  readonly times: number[];
  readonly list: number[];
  readonly detail: number[];
  /** Milliseconds of each query, by its text. */
  readonly queries: Map<string, number[]>;
  readonly wrong: string[];
  /** Resident megabytes after the capture, and after a restart. */
  resident: number;
  restarted: number;
  /** Size of the data on disk, in octets. */
  disk: number;
}

interface Contender {
  readonly name: string;
  readonly dialect: Dialect;
  readonly folder: string;
  start(): Promise<MeasuredServer>;
  server: MeasuredServer;
  figures: Figures;
}

const noFigures = (): Figures => ({
  rates: [],
  times: [],
  list: [],
  detail: [],
  queries: new Map(),
  wrong: [],
  resident: NaN,
  restarted: NaN,
  disk: NaN,
});

async function contenderOf(
  name: string,
  dialect: Dialect,
  folder: string,
  start: Contender['start'],
): Promise<Contender> {
  mkdirSync(folder);
  return { name, dialect, folder, start, server: await start(), figures: noFigures() };
}

async function request<T>({ server }: Contender, address: string): Promise<T> {
  const response = await fetch(new URL(address, server.http ?? ''));
  if (!response.ok) throw new Error(`${server.name}: ${response.status} for ${address}`);
  return (await response.json()) as T;
}

async function captureChunk(each: Contender, messages: readonly CorpusMessage[]): Promise<void> {
  const before = processorTime(each.server.pid);
  const rate = await captureRate(
    each.server.smtp,
    messages.map(({ raw }) => raw),
    CONNECTIONS,
    (serial) => messages[serial]!.to,
  );
  each.figures.rates.push(rate);
  each.figures.times.push((processorTime(each.server.pid) - before) / messages.length);
}

async function ask(each: Contender, { text }: BenchQuery, expected: number, round: number): Promise<void> {
  const { dialect, figures } = each;
  let listing: Listing | undefined;
  const took = await timed(async () => (listing = await request<Listing>(each, dialect.search(text))));
  figures.queries.set(text, [...(figures.queries.get(text) ?? []), took]);
  const total = dialect.total(listing!);
  if (round === 0 && total !== expected) figures.wrong.push(`${text}: ${total}, not ${expected}`);
}

async function readLists(each: Contender): Promise<void> {
  const { dialect, figures } = each;
  let listing: Listing | undefined;
  figures.list.push(await timed(async () => (listing = await request<Listing>(each, dialect.list))));
  figures.detail.push(await timed(() => request(each, dialect.detail(dialect.id(listing!)))));
}

/** Returns the size of a folder as `du` counts it: whole blocks of the file system. */
const diskUse = (folder: string): number =>
  Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]) * 1024;

async function readMemory(contenders: readonly Contender[], context: BenchContext): Promise<void> {
  context.progress('60 s of rest before the memory is read');
  await wait(REST);
  for (const each of contenders) {
    each.figures.resident = residentOf(each.server.pid);
    await each.server.stop();
    each.server = await each.start();
  }
  context.progress('60 s of rest after a restart');
  await wait(REST);
  for (const each of contenders) {
    each.figures.restarted = residentOf(each.server.pid);
    each.figures.disk = diskUse(each.folder);
  }
}

/** A row that compares medians; `least` and `most` bound the ratio of Restante's value to that of the other server. */
function row(
  work: string,
  [ours, theirs]: readonly [readonly number[], readonly number[] | undefined],
  unit: string,
  budget: { readonly text: string; met(ours: number, theirs: number): boolean } | null = null,
): BenchRow {
  const mine = median(ours);
  const others = theirs === undefined ? NaN : median(theirs);
  return {
    work,
    ours: figure(mine, unit),
    beside: theirs === undefined ? null : 'Mailpit',
    theirs: theirs === undefined ? null : figure(others, unit),
    ratio: theirs === undefined ? null : ratio(mine, others),
    spread: ours.length > 1 ? spread(ours, unit) : '',
    budget: budget?.text ?? '',
    met: budget === null ? null : budget.met(mine, others),
  };
}

const within = (most: number, text: string) => ({ text, met: (ours: number) => ours <= most });

const KINDS: readonly QueryKind[] = [
  'rare word',
  'common word',
  'two words',
  'phrase',
  'subject:',
  'to:',
  'from:',
];

/** Returns a row for each kind of query: the median over its queries, and the slowest query as the spread. */
function queryRows(
  size: number,
  queries: readonly BenchQuery[],
  ours: Figures,
  theirs: Figures | undefined,
): BenchRow[] {
  const stored = `${size.toLocaleString('en')} stored`;
  const of = (figures: Figures, kind: QueryKind): number[] =>
    queries
      .filter((each) => each.kind === kind)
      .map(({ text }) => median(figures.queries.get(text) ?? [NaN]));
  const budget = {
    text: '≤ 20 ms, ≤ 1/5',
    met: (mine: number, other: number) => mine <= 20 && !(mine > other / 5),
  };
  return KINDS.map((kind) => {
    const [mine, other] = [of(ours, kind), theirs === undefined ? undefined : of(theirs, kind)];
    const work = `${kind}, ${stored}, over REST with its total`;
    if (size < LARGE) return row(work, [mine, other], ' ms');
    const made = row(work, [mine, other], ' ms', budget);
    return { ...made, met: made.met === true && Math.max(...mine) <= 20 };
  });
}

/** The budget for memory: the maximum resident memory in megabytes, by the number of stored messages. */
const MOST_RESIDENT: Readonly<Record<number, number>> = { 30_000: 110, 100_000: 230 };

function rowsAt(
  size: number,
  octets: number,
  queries: readonly BenchQuery[],
  [ours, other]: readonly [Contender, Contender | undefined],
): BenchRow[] {
  const stored = `${size.toLocaleString('en')} stored`;
  const [mine, theirs] = [ours.figures, other?.figures];
  const both = (of: (figures: Figures) => readonly number[]) =>
    [of(mine), theirs === undefined ? undefined : of(theirs)] as const;
  const most = MOST_RESIDENT[size];
  const memory = most === undefined ? null : within(most, `≤ ${most} MB`);
  const disk = (figures: Figures): number[] => [figures.disk / octets];
  return [
    row(
      `capture of varied mail up to ${stored}`,
      both(({ rates }) => rates),
      '/s',
    ),
    row(
      `capture of varied mail up to ${stored}, processor time of one message`,
      both(({ times }) => times),
      ' ms',
    ),
    row(
      `first page, ${stored}, over REST`,
      both(({ list }) => list),
      ' ms',
      within(5, '≤ 5 ms'),
    ),
    row(
      `detail of a message, ${stored}, over REST`,
      both(({ detail }) => detail),
      ' ms',
    ),
    ...queryRows(size, queries, mine, theirs),
    row(
      `resident memory after 60 s of rest, ${stored}`,
      both(({ resident }) => [resident]),
      ' MB',
      memory,
    ),
    row(
      `resident memory after a restart, ${stored}`,
      both(({ restarted }) => [restarted]),
      ' MB',
      memory,
    ),
    row(
      `disk use beside the raw mail, ${stored}`,
      both(disk),
      ' ×',
      size < 30_000 ? null : within(1.6, '≤ 1.6 ×'),
    ),
  ];
}

/** The corpus with the queries, and the true number of results of each query in the messages drawn so far. */
class CountedCorpus {
  readonly #corpus = corpusFrom(SEED);
  readonly queries = queriesFor(this.#corpus, SEED);
  readonly #counts = new Map(this.queries.map(({ text }) => [text, 0]));
  /** Number of messages drawn so far, and their octets. */
  stored = 0;
  octets = 0;

  draw(count: number): readonly CorpusMessage[] {
    const messages = Array.from({ length: count }, () => this.#corpus.next());
    for (const message of messages) this.octets += message.raw.length;
    for (const { text, matches } of this.queries)
      this.#counts.set(text, this.expected(text) + messages.filter(matches).length);
    this.stored += count;
    return messages;
  }

  expected(query: string): number {
    return this.#counts.get(query) ?? 0;
  }
}

async function startAll({ scratch }: BenchContext): Promise<Contender[]> {
  const data = path.join(scratch, 'restante');
  const database = path.join(scratch, 'mailpit');
  const ours = await contenderOf('Restante', restante, data, () =>
    startRestante(['--data', data, '--max-messages', '0']),
  );
  if (!installed('mailpit')) return [ours];
  return [ours, await contenderOf('Mailpit', mailpit, database, () => startMailpit(database))];
}

async function fill(
  size: number,
  corpus: CountedCorpus,
  contenders: readonly Contender[],
  context: BenchContext,
): Promise<void> {
  while (corpus.stored < size) {
    context.progress(`capture, ${corpus.stored.toLocaleString('en')} of ${size.toLocaleString('en')}`);
    const chunk = corpus.draw(CHUNK);
    for (const each of contenders) await captureChunk(each, chunk);
  }
}

async function readAll(
  corpus: CountedCorpus,
  contenders: readonly Contender[],
  context: BenchContext,
): Promise<void> {
  for (let round = 0; round < ASKED; round++) {
    context.progress(`${corpus.stored.toLocaleString('en')} stored: round ${round + 1} of ${ASKED}`);
    for (const each of contenders) await readLists(each);
    for (const query of corpus.queries)
      for (const each of contenders) await ask(each, query, corpus.expected(query.text), round);
  }
}

/** Throws if Restante returned a wrong total; shows the wrong totals of the other server. */
function checkTotals(contenders: readonly Contender[], context: BenchContext): void {
  for (const { name, figures } of contenders) {
    if (figures.wrong.length === 0) continue;
    const text = `wrong totals of ${name}: ${figures.wrong.join('; ')}`;
    if (name === 'Restante') throw new Error(text);
    context.progress(text);
  }
}

async function measureAt(
  size: number,
  corpus: CountedCorpus,
  contenders: readonly Contender[],
  context: BenchContext,
): Promise<BenchRow[]> {
  for (const each of contenders) each.figures = noFigures();
  await fill(size, corpus, contenders, context);
  await readMemory(contenders, context);
  await readAll(corpus, contenders, context);
  checkTotals(contenders, context);
  return rowsAt(size, corpus.octets, corpus.queries, [contenders[0]!, contenders[1]]);
}

export const part: BenchPart = {
  name: 'search',
  async run(context) {
    const corpus = new CountedCorpus();
    const contenders = await startAll(context);
    const rows: BenchRow[] = [];
    try {
      for (const size of SIZES.filter((each) => each <= context.most))
        rows.push(...(await measureAt(size, corpus, contenders, context)));
      return rows;
    } finally {
      for (const { server } of contenders) await server.stop();
    }
  },
};
