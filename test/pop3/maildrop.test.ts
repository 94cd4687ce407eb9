/** The maildrop against a model: a list of messages, a set of marks, and what is gone meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Maildrop } from '../../server/pop3/maildrop.ts';
import { accountName, ALL } from '../../server/store/ids.ts';
import { openMemoryStore } from '../../server/store/memory.ts';
import { startPop3 } from '../helpers/pop3.ts';

const account = accountName('a@x.test');

/** What may happen, in any order; numbers are taken modulo what there is. */
const act = fc.oneof(
  fc.record({ kind: fc.constant('deliver' as const), size: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ kind: fc.constantFrom('dele', 'retr', 'elsewhere'), at: fc.nat(12) }),
  fc.record({ kind: fc.constantFrom('rset', 'quit', 'drop') }),
);

describe('maildrop', () => {
  it('agrees with the model whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const store = await openMemoryStore();
        const envelope = { from: { address: '', parameters: {} }, to: [] };
        const origin = {
          kind: 'smtp',
          session: null,
          peer: null,
          helo: null,
          tls: null,
          user: null,
        } as const;
        /** Every message alive, in order, and its size. */
        const alive = new Map<string, number>();
        const identifiers = new Map<string, string>();
        let listed: [id: string, size: number][] = [];
        let marked = new Set<number>();
        let maildrop = await Maildrop.open(store, account);

        const reopen = async (): Promise<void> => {
          maildrop = await Maildrop.open(store, account);
          listed = [...alive];
          marked = new Set();
        };
        for (const step of acts) {
          const at = 'at' in step && listed.length > 0 ? (step.at % listed.length) + 1 : 1;
          const drop = maildrop.get(at);
          if (step.kind === 'deliver') {
            const raw = Buffer.alloc('size' in step ? step.size : 1, 'x');
            const { summary } = await store.messages.add({ raw, envelope, origin, targets: [{ account }] });
            alive.set(summary.id, raw.length);
          } else if (step.kind === 'elsewhere') {
            const [id] = listed[at - 1] ?? [];
            if (id === undefined) continue;
            await store.messages.remove([id as never], ALL);
            alive.delete(id);
          } else if (step.kind === 'dele') {
            if (drop === undefined) continue;
            maildrop.delete(at);
            marked.add(at);
          } else if (step.kind === 'retr') {
            if (drop === undefined) continue;
            const [id, size] = listed[at - 1]!;
            await maildrop.markSeen(drop);
            expect((await maildrop.read(drop, 0))?.length).toBe(alive.has(id) ? size : undefined);
          } else if (step.kind === 'rset') {
            maildrop.reset();
            marked.clear();
          } else {
            if (step.kind === 'quit') {
              const going = [...marked].map((number) => listed[number - 1]![0]).filter((id) => alive.has(id));
              expect(await maildrop.update()).toBe(going.length);
              for (const id of going) alive.delete(id);
            }
            await reopen();
          }
          const expected = listed.flatMap(([id, size], index) =>
            marked.has(index + 1) ? [] : [{ number: index + 1, id, size }],
          );
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
