/**
 * The store, independent of the journal that it uses (in memory or on disk). A call that changes something
 * makes a plan from the state. The core writes the plan to the journal, applies it to the state and publishes
 * its changes, in this order; then the call resolves.
 */
import type { Journal } from './journal.ts';
import { Matcher } from '../find/pages/matcher.ts';
import { Searchables } from '../find/pages/searchables.ts';
import type { StoreSearch } from '../find/pages/store-search.ts';
import { hasAgeLimit, type StoreOptions } from '../options.ts';
import { planAll } from './plan/accounts.ts';
import { exceeds, planSweep } from './plan/retention.ts';
import { Preparer } from './prepare/preparer.ts';
import type { Reports } from './reports.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import type { Store, StoreFacts } from '../store.ts';
import { EngineAccounts } from './accounts.ts';
import { MemoryCells } from './cells.ts';
import { Adder } from './adder.ts';
import { Core } from './core.ts';
import { EngineMailboxes } from './mailboxes.ts';
import { createMessageIds } from './message-ids.ts';
import { EngineMessages } from './messages.ts';
import { OnlyNode } from './nodes.ts';
import { EnginePlacements } from './placements.ts';
import { EngineRecords } from './records.ts';
import { Retainer } from './retainer.ts';

interface EngineParts {
  readonly state: State;
  readonly journal: Journal;
  readonly reports: Reports;
  readonly search: StoreSearch;
}

/** Creates the store object for a state that was already read from the journal. */
export async function openEngine(parts: EngineParts, options: StoreOptions): Promise<Store> {
  return new StoreEngine(parts, options).open();
}

class StoreEngine implements Store {
  readonly messages: EngineMessages;
  readonly accounts: EngineAccounts;
  readonly mailboxes: EngineMailboxes;
  readonly placements: EnginePlacements;
  readonly records: EngineRecords;
  readonly cells = new MemoryCells();
  readonly nodes = new OnlyNode();
  readonly sharedSecret = null;
  readonly #core: Core;
  readonly #reports: Reports;
  readonly #search: StoreSearch;
  readonly #adder: Adder;
  readonly #retainer: Retainer;
  #closed: Promise<void> | undefined;

  constructor({ state, journal, reports, search }: EngineParts, options: StoreOptions) {
    const { clock = Date.now, random = Math.random, retention = {} } = options;
    const onCommit = (): void => {
      if (exceeds(state, retention)) this.#retainer.kick();
    };
    const core = new Core({ state, journal, clock, onCommit });
    this.#core = core;
    this.#reports = reports;
    this.#search = search;
    this.#retainer = new Retainer(
      () => core.commit(() => planSweep(state, retention, clock())),
      hasAgeLimit(retention),
    );
    const searchables = new Searchables((id) => journal.raw(id), options.threads);
    const isStored = (record: MessageRecord): boolean => state.messages.get(record.id) === record;
    const matcher = new Matcher(journal, searchables, isStored);
    const newMessageId = createMessageIds(clock, random);
    const preparer = new Preparer({ target: journal, slice: core.slice, ...options });
    this.#adder = new Adder({ state, journal, preparer, newMessageId, clock });
    this.placements = new EnginePlacements(core);
    this.messages = new EngineMessages(core, {
      adder: this.#adder,
      lookup: { matcher, answer: search.answer },
      newMessageId,
      placements: this.placements,
      retention,
      searchables,
    });
    this.accounts = new EngineAccounts(core);
    this.mailboxes = new EngineMailboxes(core, this.placements);
    this.records = new EngineRecords(core);
  }

  /** Creates the account `all`, which every store has, and starts the removal of old messages. */
  async open(): Promise<this> {
    const { state, clock } = this.#core;
    state.clockSteps.load(state.arrivals.descending(), clock());
    await this.#core.commit(() => planAll(state, clock()));
    this.#retainer.kick();
    return this;
  }

  get refusal(): string | null {
    return this.#core.journal.refusal;
  }

  get changes(): State['ring'] {
    return this.#core.state.ring;
  }

  async facts(): Promise<StoreFacts> {
    this.#core.assertOpen();
    const { messages, accounts, bytes, seq } = this.#core.state;
    const { location, refusal } = this.#core.journal;
    const warnings = [
      ...(refusal === null ? [] : [`No mail is accepted: ${refusal}`]),
      ...this.#reports.lines,
    ];
    return { location, messages: messages.size, accounts: accounts.size, bytes, seq, warnings };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#core.startClosing();
    await this.#retainer.close();
    await this.#core.idle();
    await this.#adder.close();
    await this.#search.close();
    await this.#core.journal.close();
  }
}
