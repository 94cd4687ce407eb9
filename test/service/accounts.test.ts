/** Tests the creation of accounts on request. */
import { expect, it, onTestFinished } from 'vitest';
import { LaterRemovals, mintAccount, removeAccount } from '../../server/service/accounts.ts';
import { openMemoryStore } from '../../server/store/memory/index.ts';

async function openAccounts() {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  return { store, random: () => 0, endpoints: () => [] };
}

it('generates an address from the name, and a password', async () => {
  const deps = await openAccounts();
  expect(await mintAccount(deps, { name: ' Sign up! ' })).toMatchObject({
    name: 'sign-up.aaaaaaaa@restante.test',
    password: 'aaaaaaaaaaaaaaaa',
    minted: true,
    hasPassword: true,
  });
  expect((await mintAccount(deps, {})).name).toBe('aaaaaaaa@restante.test');
});

it('refuses an invalid address, an existing account, and the removal of `all`', async () => {
  const deps = await openAccounts();
  await expect(mintAccount(deps, { address: 'ann' })).rejects.toThrow('ann is not a valid address');
  await mintAccount(deps, { address: 'ann@x.test' });
  await expect(mintAccount(deps, { address: 'Ann@X.test' })).rejects.toMatchObject({ code: 'exists' });
  await removeAccount(deps.store, 'ann@x.test');
  await expect(removeAccount(deps.store, 'ann@x.test')).rejects.toThrow('There is no account ann@x.test');
  await expect(removeAccount(deps.store, 'all')).rejects.toThrow('cannot be removed');
});

it('removes an account after a delay; a second delay replaces the first one', async () => {
  const deps = await openAccounts();
  const timers = new Map<number, () => void>();
  const removals = new LaterRemovals({
    store: deps.store,
    later: (work, milliseconds) => {
      timers.set(milliseconds, work);
      return () => timers.delete(milliseconds);
    },
    onError: (error) => expect.fail(String(error)),
  });
  const names = async () =>
    (await deps.store.accounts.list({ limit: 10 })).accounts
      .map(({ name }) => name)
      .filter((n) => n !== 'all');
  for (const name of ['ann', 'bob']) await mintAccount(deps, { address: `${name}@x.test` });
  await removals.add('Ann@x.test', 1000);
  await removals.add('ann@x.test', 2000);
  await removals.add('bob@x.test', 3000);
  expect([...timers.keys()]).toEqual([2000, 3000]);
  timers.get(2000)?.();
  await expect.poll(names).toEqual(['bob@x.test']);
  removals.close();
  expect([...timers.keys()]).toEqual([2000]);
  await expect(removals.add('carol@x.test', 1000)).rejects.toThrow('There is no account carol@x.test');
  await expect(removals.add('all', 1000)).rejects.toThrow('cannot be removed');
});
