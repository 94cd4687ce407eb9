/**
 * Waits for mail: one request, answered at the moment of capture. A wait searches the stored messages, then subscribes
 * to the store's changes; nothing polls. On timeout, the problem document lists the messages that arrived and why each
 * did not match.
 */
import type { Socket } from 'node:net';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../capture/refusals.ts';
import { ALL, accountName, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import type { ListedMessage } from '../../store/store.ts';
import { SharedSlice } from '../../store/time-slice.ts';
import { Detail, WaitQuery, type WaitTimeout } from '../../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { NearMisses } from '../../service/wait/near-misses.ts';
import { presentRefusal } from '../../service/present/message.ts';
import { sendDetail } from './detail.ts';
import { problemOf, ProblemError } from '../../../contract/problems.ts';
import { sendProblem } from '../problem/index.ts';
import type { MessageReading } from '../../service/reading/index.ts';
import { readScope, type Scope } from '../../service/scope.ts';
import { serialiseTimeout, type WaitTimeoutHead } from './wait-timeout.ts';

/** The latest refused sessions are reported, at most this many. */
const REFUSED_REPORTED = 20;
/** Replies to a client that has not logged in or failed to (RFC 4954 §6), or that has not started TLS (RFC 3207 §4). */
const LOGIN_WANTED = /^53[0458]/;
/** Protocols that deliver mail. A failed session of a client that reads mail does not explain a timeout. */
const DELIVERS_MAIL = /^(?:smtps?|lmtp|api)$/;

export const waitRoutes =
  ({
    store,
    capture,
    clock,
    reading,
  }: ApiDeps & { readonly reading: MessageReading }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const nearMisses = new NearMisses(store);
    /** Limits how many of the waits that time out together are answered in one turn of the event loop. */
    const answers = new SharedSlice();
    /** End the open waits. The server calls them when it closes. */
    const waiting = new Set<() => void>();
    let closing = false;
    app.addHook('preClose', async () => {
      closing = true;
      for (const end of waiting) end();
    });

    app.get(
      '/messages/wait',
      {
        schema: {
          summary: 'Wait for a message: the oldest match after a seq, at once or when it is captured',
          querystring: WaitQuery,
          response: { 200: Detail },
        },
      },
      async (
        { query: { timeout = 10_000, after, reportAfter = after ?? 0, waited = 0, ...asked }, raw: request },
        reply,
      ) => {
        const began = clock() - waited;
        const scope = readScope(asked);
        const from = inThisLife(after ?? 0);
        const found = await firstMatch(scope, from, timeout, request.socket);
        if (found === null && closing)
          throw new ProblemError('closing', 'The server stopped before a message matched');
        if (found === null) return timedOut(scope, inThisLife(reportAfter), began, timeout, reply);
        return sendDetail(store, reading, found, reply);
      },
    );

    /** A seq that this store has not reached is from an earlier store: all messages of this store are newer. */
    const inThisLife = (seq: number): Seq => (seq > store.changes.seq ? 0 : seq) as Seq;

    /** Resolves with the oldest match after `from`, or with `null` on timeout or when the caller has disconnected. */
    async function firstMatch(
      { account, query }: Scope,
      from: Seq,
      timeout: number,
      caller: Socket,
    ): Promise<ListedMessage | null> {
      // Subscribes before the search, so that a message that arrives during the search is not missed.
      const arrived: MessageId[] = [];
      let wake = (): void => undefined;
      const stopListening = store.changes.subscribe((change) => {
        if (change.kind !== 'message-added' && change.kind !== 'placed') return;
        const places = change.kind === 'placed' ? [change.place] : change.places;
        if (!places.some((place) => place.account === account)) return;
        arrived.push(change.message);
        wake();
      });
      const state = { over: false };
      const end = (): void => {
        state.over = true;
        wake();
      };
      const timer = setTimeout(end, timeout);
      caller.once('close', end);
      waiting.add(end);
      try {
        const { messages } = await store.messages.list({
          account,
          query,
          after: from,
          order: 'oldest',
          limit: 1,
        });
        if (messages[0] !== undefined) return messages[0];
        for (;;) {
          const id = arrived.shift();
          if (id !== undefined) {
            const listed = await store.messages.listed(id, account);
            if (listed !== undefined && (await store.messages.matches(query, id, account))) return listed;
          } else if (state.over) {
            return null;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        clearTimeout(timer);
        // A kept-alive connection may serve many more waits.
        caller.off('close', end);
        waiting.delete(end);
        stopListening();
      }
    }

    async function timedOut(
      { account, query }: Scope,
      from: Seq,
      began: number,
      timeout: number,
      reply: FastifyReply,
    ): Promise<FastifyReply> {
      const report = await nearMisses.report({ account, query }, from);
      await answers.take();
      const head: WaitTimeoutHead = {
        ...problemOf('wait-timeout', {
          detail: `No message in ${account} matched within ${timeout} ms; ${report.total} arrived there that did not`,
        }),
        query: report.query,
        account,
        after: from,
        seq: report.seq,
        refused: refusedSince(account, from, began),
      };
      return sendProblem(reply, head, () => serialiseTimeout(head, report));
    }

    /**
     * Refused sessions that may have carried a message for the account. A session that ended before the wait `began`
     * counts only if it named an envelope, or if a rule, its login or TLS prevented it from naming one.
     */
    function refusedSince(account: AccountName, from: Seq, began: number): WaitTimeout['refused'] {
      const explains = ({ at, from: sender, rule, reply, handshake }: Refusal): boolean =>
        at >= began || sender !== null || rule !== null || handshake || LOGIN_WANTED.test(reply);
      const concerns = (refusal: Refusal): boolean =>
        DELIVERS_MAIL.test(refusal.protocol) &&
        (account === ALL || refusal.to.length === 0 || accountsOf(refusal).has(account));
      return capture
        .refusals(0)
        .filter((refusal) => refusal.seq >= from && explains(refusal) && concerns(refusal))
        .slice(-REFUSED_REPORTED)
        .map(presentRefusal);
    }
  };

/** Computed once for each refusal: every wait that times out compares all of them with its account. */
const refusedAccounts = new WeakMap<Refusal, ReadonlySet<AccountName>>();

/** Accounts of the recipients and of the logged-in user. */
function accountsOf(refusal: Refusal): ReadonlySet<AccountName> {
  let accounts = refusedAccounts.get(refusal);
  if (accounts === undefined) {
    accounts = new Set([...refusal.to, refusal.user ?? ''].map(accountName));
    refusedAccounts.set(refusal, accounts);
  }
  return accounts;
}
