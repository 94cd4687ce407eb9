/**
 * The allow list of the relay: the patterns of the options, and the patterns that were added at run time. The added
 * patterns are kept in the store, one record for each, so that all nodes on one store share them.
 */
import { SerialQueue } from '../async/serial-queue.ts';
import type { RecordSet } from '../store/store.ts';
import { parseAddressPattern, type AddressPattern } from './address-pattern.ts';
import type { RelayOptions } from './options.ts';

const COLLECTION = 'relay-allow';
/** The topic with which a node asks the other nodes to read the added patterns again. */
const TOPIC = 'read-relay-allow';
/** The maximum number of added patterns. It is limited because every recipient is compared with each pattern. */
const MAX_ADDED = 1000;
/** The maximum length of a pattern in characters; an address has at most 254 octets (RFC 5321 §4.5.3.1.3). */
const MAX_LENGTH = 320;

/** A change of the allow list at run time. */
export interface AllowChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** The network address of the client that requests the change, for the log. */
  readonly by: string;
}

/** An added pattern as it is stored. */
interface Added {
  /** The time in milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
}

/** The error for a change of the allow list that is invalid, or that the options of the server do not permit. */
export class AllowListError extends Error {
  override readonly name = 'AllowListError';
  /** The invalid values with their paths; empty if the options permit no change. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor(problems: AllowListError['problems'], message?: string) {
    super(message ?? problems.map((one) => `${one.path} ${one.message}`).join('; '));
    this.problems = problems;
  }
}

export class AllowList {
  readonly #options: Pick<RelayOptions, 'store' | 'config' | 'clock' | 'logger'>;
  readonly #fixed: readonly AddressPattern[];
  readonly #records: RecordSet<Added>;
  readonly #turns = new SerialQueue();
  #added: readonly AddressPattern[] = [];
  #stopAnswering = (): void => undefined;

  /** Throws an `Error` if a pattern of the options is invalid. */
  constructor(options: Pick<RelayOptions, 'store' | 'config' | 'clock' | 'logger'>) {
    this.#options = options;
    this.#fixed = options.config.allow.map(parseAddressPattern);
    this.#records = options.store.records.collection(COLLECTION);
  }

  get patterns(): readonly AddressPattern[] {
    return [...this.#fixed, ...this.#added];
  }

  /** The texts of the patterns that were added at run time. */
  get added(): readonly string[] {
    return this.#added.map(({ text }) => text);
  }

  async load(): Promise<void> {
    this.#stopAnswering = this.#options.store.nodes.answer(TOPIC, async () => {
      await this.#read();
      return null;
    });
    await this.#read();
  }

  close(): void {
    this.#stopAnswering();
  }

  /**
   * Adds and removes patterns, and resolves when all nodes apply the change. A pattern that is already on the list is
   * not added again; a pattern that is not on the list need not be removed.
   * @throws AllowListError if a pattern is invalid or cannot be removed, or if the options permit no change; then
   * nothing is changed
   */
  async change({ add, remove, by }: AllowChange): Promise<void> {
    const { store, config, clock, logger } = this.#options;
    if (config.allowFixed)
      throw new AllowListError(
        [],
        'The allow list cannot be changed: start the server without --relay-allow-fixed',
      );
    const [added, removed] = await this.#turns.run(async () => {
      await this.#readNow();
      const [wanted, unwanted] = this.#parse(add, remove);
      for (const text of wanted) await this.#records.put(text, { at: clock(), by });
      for (const text of unwanted) await this.#records.delete(text);
      await this.#readNow();
      return [wanted, unwanted];
    });
    if (added.length + removed.length === 0) return;
    logger.warn({ added, removed, by }, 'relay: the allow list was changed at run time');
    await store.nodes.ask(TOPIC, null);
  }

  /** Returns the patterns that are to be stored and deleted. */
  #parse(add: readonly string[], remove: readonly string[]): [add: string[], remove: string[]] {
    const problems: { path: string; message: string }[] = [];
    const texts = (list: readonly string[], name: string): string[] =>
      list.flatMap((text, i) => {
        try {
          if (text.length > MAX_LENGTH) throw new Error(`is longer than ${MAX_LENGTH} characters`);
          return [parseAddressPattern(text).text];
        } catch (error) {
          problems.push({ path: `${name}[${i}]`, message: (error as Error).message });
          return [];
        }
      });
    const known = this.patterns.map(({ text }) => text);
    const wanted = [...new Set(texts(add, 'add'))].filter((text) => !known.includes(text));
    const unwanted = [...new Set(texts(remove, 'remove'))];
    for (const [i, text] of unwanted.entries()) {
      if (!this.#fixed.some((pattern) => pattern.text === text)) continue;
      problems.push({
        path: `remove[${i}]`,
        message: `${text} is an option of this server: start the server without --relay-allow ${text}`,
      });
    }
    if (this.#added.length + wanted.length > MAX_ADDED)
      problems.push({ path: 'add', message: `has too many patterns: at most ${MAX_ADDED} can be added` });
    if (problems.length > 0) throw new AllowListError(problems);
    return [wanted, unwanted.filter((text) => this.added.includes(text))];
  }

  #read(): Promise<void> {
    return this.#turns.run(() => this.#readNow());
  }

  async #readNow(): Promise<void> {
    const stored = await this.#records.list();
    const fixed = this.#fixed.map(({ text }) => text);
    this.#added = stored.filter(({ key }) => !fixed.includes(key)).map(({ key }) => parseAddressPattern(key));
  }
}
