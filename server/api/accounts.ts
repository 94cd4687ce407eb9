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
import { mintAccount, removeAccount } from '../service/accounts.ts';

const Name = Type.Object({ name: Type.String({ description: 'The account’s address.' }) });

export const accountRoutes =
  (deps: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { store } = deps;
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
          response: { 204: NoContent },
        },
      },
      async ({ params }, reply) => {
        await removeAccount(store, params.name);
        return reply.code(204).send(null);
      },
    );
  };
