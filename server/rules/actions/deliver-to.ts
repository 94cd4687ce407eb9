/**
 * The action `deliverTo`: delivers the message to other accounts, in addition to the accounts of its
 * recipients or instead of them.
 */
import type { AccountName } from '../../store/ids.ts';
import { accountName } from '../../store/ids.ts';
import { action } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';

interface Destination {
  readonly accounts: readonly AccountName[];
  readonly instead: boolean;
}

function parseAccounts(value: unknown): readonly AccountName[] | null {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  const good = names.length > 0 && names.every((name) => typeof name === 'string' && name.trim() !== '');
  return good ? names.map((name) => accountName(String(name))) : null;
}

export const deliverTo = action<Destination>({
  name: 'deliverTo',
  stages: ['mail', 'rcpt', 'predata', 'data', 'stored'],
  parse(value) {
    if (isObject(value)) {
      return readParameter(value, 'deliverTo', (fields) => {
        const accounts = fields.read('accounts', parseAccounts, 'must be an account or a list of accounts');
        if (!fields.has('accounts')) fields.problem('accounts', 'is missing: set it to a list of accounts');
        return { accounts: accounts ?? [], instead: fields.boolean('instead') ?? false };
      });
    }
    const accounts = parseAccounts(value);
    return accounts === null
      ? 'must be an account or a list of accounts, or { "accounts": […], "instead": true } to skip the accounts of the recipients'
      : { parameter: { accounts, instead: false } };
  },
  describe: ({ accounts, instead }) => `delivers to ${accounts.join(', ')}${instead ? ' alone' : ' too'}`,
  async run({ accounts, instead }, { plan }) {
    for (const name of accounts) plan.accounts.add(name);
    if (instead) plan.insteadOfRecipients = true;
    return undefined;
  },
});
