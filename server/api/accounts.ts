/** The API calls for accounts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { accountName } from '../store/ids.ts';
import {
  Account,
  AccountList,
  AccountPassword,
  AccountsQuery,
  MintAccount,
  MintedAccount,
  NoContent,
} from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { presentAccount } from '../service/present/message.ts';
import { LaterRemovals, mintAccount, removeAccount } from '../service/accounts.ts';

const Name = Type.Object({ name: Type.String({ description: 'The account’s address.' }) });

const Removal = Type.Object({
  delay: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 604_800_000,
      description: 'Milliseconds until the removal; not kept over a restart.',
    }),
  ),
});

export const accountRoutes =
  (deps: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { store, logger } = deps;
    const removals = new LaterRemovals({
      store,
      later: (work, milliseconds) => {
        const timer = setTimeout(work, milliseconds).unref();
        return () => clearTimeout(timer);
      },
      onError: (error) => logger.error({ err: error }, 'accounts: an account was not removed'),
    });
    app.addHook('onClose', async () => removals.close());
    app.get(
      '/accounts',
      {
        schema: {
          operationId: 'listAccounts',
          tag: 'Accounts',
          summary: 'List accounts with their counts, newest first, `all` before the others',
          problems: ['invalid-cursor'],
          querystring: AccountsQuery,
          response: { 200: AccountList },
        },
      },
      async ({ query: { limit = 1000, ...query } }) => {
        const page = await store.accounts.list({ ...query, limit });
        return { ...page, accounts: page.accounts.map(presentAccount) };
      },
    );

    app.post(
      '/accounts',
      {
        schema: {
          operationId: 'createAccount',
          tag: 'Accounts',
          summary: 'Create an account with a unique address and a password for SMTP, IMAP and POP3',
          problems: ['invalid-name', 'exists', 'unwritable'],
          body: MintAccount,
          response: { 201: MintedAccount },
        },
      },
      async ({ body }, reply) => reply.code(201).send(await mintAccount(deps, body)),
    );

    app.patch(
      '/accounts/:name',
      {
        schema: {
          operationId: 'setAccountPassword',
          tag: 'Accounts',
          summary: 'Set or remove the password of an account',
          problems: ['not-found', 'unwritable'],
          params: Name,
          body: AccountPassword,
          response: { 200: Account },
        },
      },
      async ({ params, body }) =>
        presentAccount(await store.accounts.setPassword(accountName(params.name), body.password)),
    );

    app.delete(
      '/accounts/:name',
      {
        schema: {
          operationId: 'deleteAccount',
          tag: 'Accounts',
          summary: 'Remove an account with its mail',
          problems: ['not-found', 'unwritable'],
          params: Name,
          querystring: Removal,
          response: { 202: NoContent, 204: NoContent },
        },
      },
      async ({ params: { name }, query: { delay = 0 } }, reply) => {
        if (delay > 0) await removals.add(name, delay);
        else await removeAccount(store, name);
        return reply.code(delay > 0 ? 202 : 204).send(null);
      },
    );
  };
