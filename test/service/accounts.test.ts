/** Tests the creation of accounts on request. */
import { expect, it, onTestFinished } from 'vitest';
import { mintAccount, removeAccount } from '../../server/service/accounts.ts';
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
