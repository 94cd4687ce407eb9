/** Accounts: who has mail, and addresses of one's own for a test. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ALL, accountName } from '../store/ids.ts';
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
import { badRequest, notFound } from '../../contract/problems.ts';

/** The domain of addresses made up here: reserved for tests (RFC 2606), so nobody's mail. */
const DOMAIN = 'restante.test';
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

const Name = Type.Object({ name: Type.String({ description: 'The account’s address.' }) });

export const accountRoutes =
  (deps: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { store } = deps;
    const madeUp = (length: number): string =>
      Array.from({ length }, () => LETTERS[Math.floor(deps.random() * LETTERS.length)]).join('');

    app.get(
      '/accounts',
      {
        schema: {
          summary: 'List accounts with their counts, newest first, `all` before the others',
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
          summary: 'Make an account: an address of one’s own, with a password for SMTP, IMAP and POP3',
          body: MintAccount,
          response: { 201: MintedAccount },
        },
      },
      async ({ body }, reply) => {
        const label = (body.name ?? '')
          .toLowerCase()
          .replaceAll(/[^a-z0-9]+/g, '-')
          .replaceAll(/^-+|-+$/g, '');
        const address = body.address ?? `${label === '' ? '' : `${label}.`}${madeUp(8)}@${DOMAIN}`;
        if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address)) throw badRequest(`${address} is not a valid address`);
        const password = body.password ?? madeUp(16);
        const account = await store.accounts.mint(accountName(address), password);
        const minted = {
          ...presentAccount(account),
          password,
          seq: store.changes.seq,
          endpoints: [...deps.endpoints()],
        };
        return reply.code(201).send(minted);
      },
    );

    app.patch(
      '/accounts/:name',
      {
        schema: {
          summary: 'Give an account a password, or take it away',
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
      { schema: { summary: 'Remove an account with its mail', params: Name, response: { 204: NoContent } } },
      async ({ params }, reply) => {
        const name = accountName(params.name);
        if (name === ALL) throw badRequest('`all` cannot be removed; delete its messages instead');
        if (!(await store.accounts.remove(name))) throw notFound(`There is no account ${name}`);
        return reply.code(204).send(null);
      },
    );
  };
