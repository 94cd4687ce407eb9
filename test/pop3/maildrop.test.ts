/**
 * Compares the maildrop with a model: a list of messages, a set of marks, and the messages that other clients have
 * deleted.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Maildrop } from '../../server/pop3/maildrop.ts';
import { accountName, ALL, type MessageId } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';
import type { Store } from '../../server/store/store.ts';
import { startPop3 } from '../helpers/pop3.ts';

const account = accountName('a@x.test');
const envelope = { from: { address: '', parameters: {} }, to: [] };
const origin = { kind: 'smtp', session: null, peer: null, helo: null, tls: null, user: null } as const;

/** The steps of a session and of other clients, in any order; `at` is taken modulo the number of listed messages. */
const act = fc.oneof(
  fc.record({ kind: fc.constant('deliver' as const), size: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    kind: fc.constantFrom('dele' as const, 'retr' as const, 'elsewhere' as const),
    at: fc.nat(12),
  }),
  fc.record({ kind: fc.constantFrom('rset' as const, 'quit' as const, 'drop' as const) }),
);

type Act = typeof act extends fc.Arbitrary<infer Step> ? Step : never;

/** A maildrop, and a model of its expected listing. */
class Model {
  readonly store: Store;
  maildrop: Maildrop;
  /** All messages that exist, in order, with their sizes. */
  readonly #alive = new Map<string, number>();
  #listed: (readonly [id: string, size: number])[] = [];
  #marked = new Set<number>();

  constructor(store: Store, maildrop: Maildrop) {
    this.store = store;
    this.maildrop = maildrop;
  }

  async apply(step: Act): Promise<void> {
    const at = 'at' in step && this.#listed.length > 0 ? (step.at % this.#listed.length) + 1 : 1;
    switch (step.kind) {
      case 'deliver':
        return this.#deliver(step.size);
      case 'elsewhere':
        return this.#removeElsewhere(at);
      case 'dele': {
        this.#mark(at);
        return;
      }
      case 'retr':
        return this.#retrieve(at);
      case 'rset':
        this.maildrop.reset();
        this.#marked.clear();
        return;
      case 'quit':
        await this.#update();
        return this.#reopen();
      case 'drop':
        return this.#reopen();
    }
  }

  /** Returns the numbers, ids and sizes that the maildrop must list. */
  expected(): { readonly number: number; readonly id: string; readonly size: number }[] {
    return this.#listed.flatMap(([id, size], index) =>
      this.#marked.has(index + 1) ? [] : [{ number: index + 1, id, size }],
    );
  }

  async #deliver(size: number): Promise<void> {
    const raw = Buffer.alloc(size, 'x');
    const { summary } = await this.store.messages.add({ raw, envelope, origin, targets: [{ account }] });
    this.#alive.set(summary.id, raw.length);
  }

  async #removeElsewhere(at: number): Promise<void> {
    const [id] = this.#listed[at - 1] ?? [];
    if (id === undefined) return;
    await this.store.messages.remove([id as MessageId], ALL);
    this.#alive.delete(id);
  }

  #mark(at: number): void {
    if (this.maildrop.get(at) === undefined) return;
    this.maildrop.delete(at);
    this.#marked.add(at);
  }

  async #retrieve(at: number): Promise<void> {
    const drop = this.maildrop.get(at);
    if (drop === undefined) return;
    const [id, size] = this.#listed[at - 1]!;
    await this.maildrop.markSeen(drop);
    expect((await this.maildrop.read(drop, 0))?.length).toBe(this.#alive.has(id) ? size : undefined);
  }

  async #update(): Promise<void> {
    const ids = [...this.#marked].map((number) => this.#listed[number - 1]![0]);
    const going = ids.filter((id) => this.#alive.has(id));
    expect(await this.maildrop.update()).toBe(going.length);
    for (const id of going) this.#alive.delete(id);
  }

  async #reopen(): Promise<void> {
    this.maildrop = await Maildrop.open(this.store, account);
    this.#listed = [...this.#alive];
    this.#marked = new Set();
  }
}

describe('maildrop', () => {
  it('agrees with the model after any steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const store = await openMemoryStore();
        const model = new Model(store, await Maildrop.open(store, account));
        const identifiers = new Map<string, string>();
        for (const step of acts) {
          await model.apply(step);
          const { maildrop } = model;
          const expected = model.expected();
          expect(
            maildrop.listed.map(({ number, placement: { message: id, size } }) => ({ number, id, size })),
          ).toEqual(expected);
          expect(maildrop.octets).toBe(expected.reduce((sum, { size }) => sum + size, 0));
          for (const { placement, uidl } of maildrop.listed) {
            expect(uidl).toMatch(/^[!-~]{1,70}$/);
            expect(identifiers.get(placement.message) ?? uidl).toBe(uidl);
            identifiers.set(placement.message, uidl);
          }
        }
        expect(new Set(identifiers.values()).size).toBe(identifiers.size);
        await store.close();
      }),
      { numRuns: 80 },
    );
  });

  it('survives the removal of its account', async () => {
    const { store, deliver } = await startPop3();
    await deliver('Subject: x\r\n\r\n');
    const maildrop = await Maildrop.open(store, account);
    const drop = maildrop.get(1)!;
    await store.accounts.remove(account);
    await maildrop.markSeen(drop);
    maildrop.delete(1);
    expect(await maildrop.update()).toBe(0);
  });
});
