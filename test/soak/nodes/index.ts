/**
 * Several nodes on one database under load and faults. At the end, every acknowledged message must be in its mailbox
 * once, with its bytes, on each node, and each reader must have seen it once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagePage } from '../../../contract/index.ts';
import { examineDatabase } from '../../../server/store/postgres/doctor.ts';
import { ImapTalk } from '../../helpers/imap.ts';
import { AccountBook, sumOf } from './account-book.ts';
import { IdleReader, StreamReader, WaitReader, sender, type Reader, type Work } from './clients.ts';
import { Cluster, type Node } from './cluster.ts';
import { faults } from './faults.ts';

export interface NodesOptions {
  /**
   * The function that is called before each fault with the number of faults so far; it returns whether the test ends.
   */
  readonly isOver: (faults: number) => boolean;
  readonly progress: (text: string) => void;
}

export interface NodesOutcome {
  readonly problems: readonly string[];
  readonly summary: string;
}

/** The number of faults after which each of them has happened once. */
export const ROUND = faults.length;

const NODES = 3;
const NAMES = ['ada', 'bob', 'eve', 'joe'];
const accountOf = (name: string): string => `${name}@soak.test`;

export async function runNodes(options: NodesOptions): Promise<NodesOutcome> {
  const cluster = await Cluster.start(NODES);
  try {
    const book = new AccountBook();
    let isOver = false;
    const work: Work = { cluster, book, isOver: () => isOver };
    const readers = startReaders(work);
    const senders = NAMES.map((name) => sender(name, accountOf(name), work));
    const count = await disturb(cluster, book, options);
    isOver = true;
    await Promise.all(senders);
    await finish(readers, book, options.progress);
    await account(cluster, book, options.progress);
    const { sent, acknowledged } = book.counts;
    const moves = readers.map((reader) => `${reader.name} ${reader.restarts}`).join(', ');
    const summary = `${count} faults; ${sent} sent, ${acknowledged} acknowledged; readers continued on another node: ${moves}`;
    return { problems: acknowledged === 0 ? ['nothing was acknowledged'] : book.problems, summary };
  } finally {
    await cluster.stop();
  }
}

function startReaders(work: Work): Reader[] {
  const seqs = new Map<number, string>();
  return [
    ...NAMES.map((name) => new WaitReader(`wait of ${name}`, accountOf(name), work).start()),
    ...work.cluster.nodes.map((_, n) => new StreamReader(`event stream ${n + 1}`, work, seqs).start()),
    new IdleReader('IDLE of all', undefined, work).start(),
    new IdleReader('IDLE of ada', accountOf('ada'), work).start(),
  ];
}

/** Runs one fault after the other. Returns their number. */
async function disturb(
  cluster: Cluster,
  book: AccountBook,
  { isOver, progress }: NodesOptions,
): Promise<number> {
  for (let count = 0; ; count++) {
    const fault = faults[count % faults.length];
    if (isOver(count) || fault === undefined) return count;
    const { sent, acknowledged } = book.counts;
    progress(`${sent} sent, ${acknowledged} acknowledged, ${book.problems.length} problems; ${fault.name}`);
    book.problems.push(...(await fault.run(cluster)).map((problem) => `${fault.name}: ${problem}`));
    await acknowledgedMore(book, 20);
  }
}

/** Resolves when the nodes have acknowledged some more messages. */
async function acknowledgedMore(book: AccountBook, count: number): Promise<void> {
  const wanted = book.counts.acknowledged + count;
  while (book.counts.acknowledged < wanted) await pause(20);
}

/** The time in which readers must catch up after the last message, in milliseconds. */
const CATCH_UP = 120_000;

/** Waits until each reader has received the remaining messages, and compares them with the acknowledged messages. */
async function finish(
  readers: readonly Reader[],
  book: AccountBook,
  progress: (text: string) => void,
): Promise<void> {
  const until = Date.now() + CATCH_UP;
  for (const reader of readers) {
    progress(`${reader.name} reads the rest`);
    const wanted = book.expected(reader.account);
    const isComplete = (): boolean => {
      const keys = new Set(reader.keys);
      return wanted.every((key) => keys.has(key));
    };
    while (!isComplete() && Date.now() < until) await pause(50);
    await reader.stop();
    book.compare(reader.name, reader.account, reader.keys);
  }
}

/** Compares the mailboxes on each node with the messages that were acknowledged. */
async function account(cluster: Cluster, book: AccountBook, progress: (text: string) => void): Promise<void> {
  const views: string[] = [];
  for (const node of cluster.nodes) {
    progress(`the mail on ${node.name}`);
    const view: unknown[] = [];
    for (const name of ['all', ...NAMES.map(accountOf)]) {
      const where = `${name} on ${node.name}`;
      const listed = await listAll(node, name);
      book.compare(
        `list of ${where}`,
        name === 'all' ? undefined : name,
        listed.map(({ subject }) => subject),
      );
      const uids = await uidsOf(node, name);
      if (uids.length !== listed.length)
        book.problems.push(`${where}: ${listed.length} messages, but ${uids.length} UIDs`);
      if (uids.some((uid, i) => uid <= (uids[i - 1] ?? 0))) book.problems.push(`${where}: UIDs do not rise`);
      view.push(listed, uids);
    }
    views.push(JSON.stringify(view));
  }
  if (new Set(views).size > 1) book.problems.push('the nodes show different mail');
  await compareBytes(cluster, book, progress);
  const { problems } = await examineDatabase(cluster.database.url);
  book.problems.push(...problems.map(({ what, count }) => `doctor: ${count} ${what}`));
}

interface Listed {
  readonly id: string;
  readonly seq: number;
  readonly subject: string;
}

async function listAll({ server }: Node, account: string): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = `account=${encodeURIComponent(account)}&limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const response = await fetch(`${server.url}api/messages?${page}`);
    const { messages, next } = (await response.json()) as MessagePage;
    all.push(...messages.map(({ id, seq, subject }) => ({ id, seq, subject })));
    cursor = next;
  }
  return all;
}

async function uidsOf({ server }: Node, account: string): Promise<number[]> {
  const talk = await ImapTalk.connect(server.ports.imap);
  await talk.ok(`LOGIN ${account} x`);
  await talk.ok('EXAMINE INBOX');
  const lines = await talk.ok('FETCH 1:* (UID)');
  talk.destroy();
  return lines.flatMap((line) => /\bUID (\d+)/.exec(line)?.[1] ?? []).map(Number);
}

async function compareBytes(
  cluster: Cluster,
  book: AccountBook,
  progress: (text: string) => void,
): Promise<void> {
  progress('the bytes of every message');
  for (const { id, subject } of await listAll(cluster.pick(), 'all')) {
    const response = await fetch(`${cluster.pick().server.url}api/messages/${id}/raw`);
    const sum = sumOf(Buffer.from(await response.arrayBuffer()));
    if (sum !== book.sumOf(subject)) book.problems.push(`the bytes of ${subject} are wrong`);
  }
}
