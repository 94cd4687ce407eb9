/** The calls for limits and usage. Restante has no such limits: the limits are numbers that no test reaches. */
import { jsonAnswer } from '../answer.ts';
import type { Handler } from '../call.ts';

const LIMIT = 1_000_000;

export const getLimits: Handler = async ({ store }, { account }) => {
  const info = await store.accounts.get(account);
  const servers = await store.records.collection('mailosaur-servers').list();
  return jsonAnswer({
    servers: { limit: LIMIT, current: servers.length },
    users: { limit: LIMIT, current: 1 },
    email: { limit: LIMIT, current: info?.messages ?? 0 },
    sms: { limit: 0, current: 0 },
  });
};

export const listTransactions: Handler = async ({ store, clock }, { account }) => {
  const info = await store.accounts.get(account);
  const today = new Date(clock()).toISOString().slice(0, 10);
  return jsonAnswer({
    items: [{ timestamp: `${today}T00:00:00.000Z`, email: info?.messages ?? 0, sms: 0 }],
  });
};
