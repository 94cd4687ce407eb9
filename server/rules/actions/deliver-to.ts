/**
 * The action `deliverTo`: delivers the message to other accounts, in addition to the accounts of its
 * recipients or instead of them.
 */
import type { AccountName } from '../../store/ids.ts';
import { accountName } from '../../store/ids.ts';
import { action } from '../action.ts';
import { isObject } from '../fields.ts';

interface Destination {
  readonly accounts: readonly AccountName[];
  readonly instead: boolean;
}

const EXPECTED =
  'must be an account or a list of accounts, or { "accounts": […], "instead": true } to skip the accounts of the recipients';

function parseAccounts(value: unknown): readonly AccountName[] | null {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  const good = names.length > 0 && names.every((name) => typeof name === 'string' && name.trim() !== '');
  return good ? names.map((name) => accountName(String(name))) : null;
}

export const deliverTo = action<Destination>({
  name: 'deliverTo',
  stages: ['mail', 'rcpt', 'predata', 'data', 'stored'],
  parse(value) {
    const { accounts, instead = false } = isObject(value) ? value : { accounts: value };
    const names = parseAccounts(accounts);
    if (names === null || typeof instead !== 'boolean') return EXPECTED;
    return { parameter: { accounts: names, instead } };
  },
  describe: ({ accounts, instead }) => `delivers to ${accounts.join(', ')}${instead ? ' alone' : ' too'}`,
  async run({ accounts, instead }, { plan }) {
    for (const name of accounts) plan.accounts.add(name);
    if (instead) plan.insteadOfRecipients = true;
    return undefined;
  },
});
