/**
 * Waiting for mail: one request, answered at the moment of capture. It looks at what is there, then listens to the
 * store's feed; nothing polls. When its time is up, the problem says what did arrive and why it did not match.
 */
import type { Socket } from 'node:net';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Refusal } from '../capture/refusals.ts';
import { ALL, accountName, type AccountName, type MessageId, type Seq } from '../store/ids.ts';
import type { ListedMessage } from '../store/store.ts';
import { Detail, WaitQuery, type WaitTimeout } from './contract.ts';
import type { ApiDeps } from './deps.ts';
import { NearMisses } from './near-misses.ts';
import { presentRefusal, presentSummary } from './present.ts';
import { sendDetail } from './detail.ts';
import { ApiProblem } from './problem.ts';
import type { MessageReading } from './reading/index.ts';
import { readScope, type Scope } from './scope.ts';

/** Refused sessions that are reported, the latest. */
const REFUSED_REPORTED = 20;
/**
 * Not 408 or 504, which say more of the connection than of the mail: browsers, curl and fetch libraries send a
 * request again when they see one, and the caller would wait twice.
 */
const TIMED_OUT = 404;
/** Replies to a client that has not logged in, or not well (RFC 4954 §6), or not encrypted (RFC 3207 §4). */
const LOGIN_WANTED = /^53[0458]/;
/** Protocols that bring mail: a client that fails to read any explains no wait. */
const BRINGS_MAIL = /^(?:smtps?|lmtp|api)$/;

export const waitRoutes =
  ({
    store,
    capture,
    clock,
    reading,
  }: ApiDeps & { readonly reading: MessageReading }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const nearMisses = new NearMisses(store);
    /** Ends the waits that are under way: a closing server would have to wait for them. */
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
        if (found === null && closing) throw new ApiProblem(503, 'closing', 'The server is stopping');
        if (found === null) throw await timedOut(scope, inThisLife(reportAfter), began, timeout);
        return sendDetail(store, reading, found, reply);
      },
    );

    /** A seq that this store has not reached is of one that is gone, in memory say: all that is here came later. */
    const inThisLife = (seq: number): Seq => (seq > store.changes.seq ? 0 : seq) as Seq;

    /** Resolves with the oldest match after `from`, or `null` when the time is up or the caller has gone. */
    async function firstMatch(
      { account, query }: Scope,
      from: Seq,
      timeout: number,
      caller: Socket,
    ): Promise<ListedMessage | null> {
      // Listening begins before looking, so that what arrives in between is not missed.
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
        const { messages } = await store.list({ account, query, after: from, order: 'oldest', limit: 1 });
        if (messages[0] !== undefined) return messages[0];
        for (;;) {
          const id = arrived.shift();
          if (id !== undefined) {
            const listed = await store.listed(id, account);
            if (listed !== undefined && (await store.matches(query, id, account))) return listed;
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
        // The connection may be kept alive for many more waits.
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
    ): Promise<ApiProblem> {
      const report = await nearMisses.report({ account, query }, from);
      const members: Omit<WaitTimeout, 'type' | 'title' | 'status'> = {
        detail: `No message in ${account} matched within ${timeout} ms; ${report.total} arrived there that did not`,
        query: report.query,
        account,
        after: from,
        seq: report.seq,
        arrived: report.arrived.map(({ listed, failed }) => ({
          message: presentSummary(listed),
          failed: failed.map((mismatch) => ({ ...mismatch })),
        })),
        elsewhere: report.elsewhere.map((listed) => ({
          account: accountName(listed.summary.envelope.to[0] ?? ALL),
          message: presentSummary(listed),
        })),
        refused: refusedSince(account, from, began),
      };
      return new ApiProblem(TIMED_OUT, 'wait-timeout', 'No message matched in time', members);
    }

    /**
     * Sessions that may have meant to bring the account a message. One that ended before the wait `began` has to say
     * so by its envelope, or to have been kept from giving one by a rule, its login or TLS.
     */
    function refusedSince(account: AccountName, from: Seq, began: number): WaitTimeout['refused'] {
      const explains = ({ at, from: sender, rule, reply, handshake }: Refusal): boolean =>
        at >= began || sender !== null || rule !== null || handshake || LOGIN_WANTED.test(reply);
      const concerns = ({ to, user, protocol }: Refusal): boolean =>
        BRINGS_MAIL.test(protocol) &&
        (account === ALL ||
          to.length === 0 ||
          [...to, user ?? ''].some((name) => accountName(name) === account));
      return capture
        .refusals(0)
        .filter((refusal) => refusal.seq >= from && concerns(refusal) && explains(refusal))
        .slice(-REFUSED_REPORTED)
        .map(presentRefusal);
    }
  };
