/**
 * The nodes of one database. Each node renews its row in the table `node` every second. A question is a row that all
 * nodes read; each of them adds its answer as another row. Apart from the renewals, nothing is written until a node
 * asks a question.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { Answer, Leadership, Nodes } from '../nodes.ts';
import type { Database } from './database.ts';
import { Lease, TAKE_LEASE } from './lease.ts';

/** Time between two renewals of a node's row, in milliseconds. */
const RENEW = 1000;
/** Time without a renewal of its row after which the other nodes no longer query a node. */
const SILENT = `interval '5 seconds'`;
/**
 * Time without a renewal of its row after which a node is regarded as gone, so that other nodes take over its work. It
 * is longer than `SILENT`, because the work of a busy node would be done twice if the node were regarded as gone too
 * early.
 */
const GONE = `interval '10 seconds'`;
/** Time between two reads of the answers to a question, in milliseconds, if no notification arrives. */
const POLL = 25;
/** Pause before the next attempt to get a lock that another node has, in milliseconds. */
const LOCK_PAUSE = 10;

/** The payload of the notifications about questions and answers. */
export const ASKED = 'asked';

const SEEN = `insert into node (id) values ($1) on conflict (id) do update set seen_at = now()`;
const RUNNING = `select id from node where seen_at > now() - ${GONE}`;
const ASKABLE = `select id from node where id <> $1 and seen_at > now() - ${SILENT}`;
const ASK = `with asked as (insert into question (id, node, topic, body) values ($1, $2, $3, $4) returning id)
  select pg_notify($5, '${ASKED}') from asked`;
const OPEN = `select id, topic, body from question where node <> $1
  and not exists (select from answer where answer.question = question.id and answer.node = $1)`;
const ANSWER = `with answered as (insert into answer (question, node, body)
    select id, $2::text, $3::text from question where id = $1 on conflict do nothing returning question)
  select pg_notify($4, '${ASKED}') from answered`;
const ANSWERS = 'select node, body from answer where question = $1';

interface Question {
  readonly id: string;
  readonly topic: string;
  readonly body: string;
}

export class PostgresNodes implements Nodes {
  readonly self = randomUUID();
  readonly #database: Database;
  readonly #channel: string;
  readonly #topics = new Map<string, Answer<unknown, unknown>>();
  readonly #goneListeners = new Set<() => Promise<unknown>>();
  /** The listeners that must still be called because nodes are gone. */
  readonly #gonePending = new Set<() => Promise<unknown>>();
  /** The ids of the questions that this node is answering. */
  readonly #answering = new Set<string>();
  /** For each name of a lock, the callers of this node that wait for it. */
  readonly #turns = new Map<string, SerialQueue>();
  /** The functions that are called when a question or an answer may have been added. */
  readonly #hints = new Set<() => void>();
  #running: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(database: Database, channel: string) {
    this.#database = database;
    this.#channel = channel;
  }

  /** Registers this node. It must be called before the node stores a record that it owns. */
  async open(): Promise<void> {
    await this.#database.read(SEEN, [this.self], 'node-seen');
    this.#running = await this.running();
    this.#timer = setInterval(() => void this.#renew().catch(() => undefined), RENEW).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const hint of [...this.#hints]) hint();
    await this.#database.read('delete from node where id = $1', [this.self]).catch(() => undefined);
  }

  async running(): Promise<ReadonlySet<string>> {
    const rows = await this.#database.read<{ id: string }>(RUNNING, [], 'node-running');
    return new Set(rows.map(({ id }) => id));
  }

  onGone(listener: () => Promise<unknown>): () => void {
    this.#goneListeners.add(listener);
    return () => {
      this.#goneListeners.delete(listener);
      this.#gonePending.delete(listener);
    };
  }

  answer<Q, A>(topic: string, answer: Answer<Q, A>): () => void {
    this.#topics.set(topic, answer as Answer<unknown, unknown>);
    return () => this.#topics.delete(topic);
  }

  async ask<A>(topic: string, question: unknown): Promise<readonly A[]> {
    const asked = await this.#askable();
    if (asked.size === 0) return [];
    const id = randomUUID();
    const body = JSON.stringify(question ?? null);
    await this.#database.read(ASK, [id, this.self, topic, body, this.#channel], 'ask');
    try {
      return (await this.#answersTo(id, asked)) as readonly A[];
    } finally {
      await this.#database.read('delete from question where id = $1', [id], 'asked').catch(() => undefined);
    }
  }

  /** Answers the open questions of other nodes. The feed calls this method after each hint, and regularly. */
  async look(): Promise<void> {
    for (const hint of [...this.#hints]) hint();
    if (this.#isClosed) return;
    const open = await this.#database.read<Question>(OPEN, [this.self], 'open-questions');
    const fresh = open.filter(({ id }) => !this.#answering.has(id));
    await Promise.all(fresh.map((question) => this.#answer(question)));
  }

  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(name) ?? new SerialQueue();
    this.#turns.set(name, turns);
    return turns.run(() => this.#locked(name, work));
  }

  async lead(task: string, elected: () => Promise<void>): Promise<Leadership> {
    const lease = new Lease(this.#database, task, this.self, elected);
    await lease.open();
    return lease;
  }

  async #locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const holder = randomUUID();
    const lock = `lock ${name}`;
    while ((await this.#database.read(TAKE_LEASE, [lock, holder], 'lease')).length === 0) {
      await sleep(LOCK_PAUSE);
    }
    const renewing = setInterval(() => {
      void this.#database.read(TAKE_LEASE, [lock, holder], 'lease').catch(() => undefined);
    }, RENEW).unref();
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await this.#database
        .read('delete from lease where name = $1 and node = $2', [lock, holder], 'unlock')
        .catch(() => undefined);
    }
  }

  async #renew(): Promise<void> {
    await this.#database.read(SEEN, [this.self], 'node-seen');
    const before = this.#running;
    this.#running = await this.running();
    if ([...before].some((id) => !this.#running.has(id))) {
      for (const listener of this.#goneListeners) this.#gonePending.add(listener);
    }
    for (const listener of [...this.#gonePending]) {
      this.#gonePending.delete(listener);
      void listener().catch(() => this.#gonePending.add(listener));
    }
  }

  async #askable(): Promise<ReadonlySet<string>> {
    const rows = await this.#database.read<{ id: string }>(ASKABLE, [this.self], 'node-askable');
    return new Set(rows.map(({ id }) => id));
  }

  /** Resolves with the answers when each of the nodes has answered or no longer renews its row. */
  async #answersTo(id: string, asked: ReadonlySet<string>): Promise<readonly unknown[]> {
    let awaited = asked;
    for (;;) {
      const hinted = this.#hint();
      const rows = await this.#database.read<{ node: string; body: string | null }>(ANSWERS, [id], 'answers');
      const answered = new Set(rows.map(({ node }) => node));
      if ([...awaited].every((node) => answered.has(node)) || this.#isClosed) {
        return rows.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as unknown]));
      }
      await hinted;
      const seen = await this.#askable();
      awaited = new Set([...awaited].filter((node) => seen.has(node)));
    }
  }

  /** Resolves after the next notification about questions and answers, or after a short time. */
  #hint(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#hints.delete(end);
        resolve();
      };
      const timer = setTimeout(end, POLL);
      this.#hints.add(end);
    });
  }

  async #answer({ id, topic, body }: Question): Promise<void> {
    this.#answering.add(id);
    try {
      const answer = this.#topics.get(topic);
      // A node of another version may ask about a topic that this version does not know.
      const result = answer && (await answer(JSON.parse(body)).catch(() => undefined));
      const text = result === undefined ? null : JSON.stringify(result);
      await this.#database.read(ANSWER, [id, this.self, text, this.#channel], 'answer');
    } catch {
      // The error is ignored here: `Database` has reported it, or the question was withdrawn meanwhile.
    } finally {
      this.#answering.delete(id);
    }
  }
}
