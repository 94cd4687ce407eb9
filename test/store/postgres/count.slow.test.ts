/** Tests a list of more than 10,000 matches in PostgreSQL, as each API and protocol returns it. */
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../../contract/index.ts';
import { connect } from '../../../sdk/connect.ts';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { connectMcp, structured } from '../../helpers/mcp.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { newMessage } from '../new-message.ts';

const server = await postgresServer();

const LIMIT = 10_000;
const AT_ONCE = 200;

it.skipIf(server === null)('counts to 10,000, and all on request', async () => {
  const url = await emptyDatabase();
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  const add = (count: number, subject: string) =>
    store.messages.addAll(
      Array.from({ length: count }, (_, i) => newMessage({ subject: `${subject} ${i}` })),
    );
  for (let added = 0; added < LIMIT; added += AT_ONCE) await add(AT_ONCE, 'crowd');
  await add(1, 'single');
  await store.indexed();
  const sandbox = await startTestSandbox({ store: url, maxMessages: 0 });
  const list = (query: string, more = '') =>
    sandbox.json<MessagePage>(`messages?limit=2&query=${encodeURIComponent(query)}${more}`);

  const all = 'subject:crowd OR subject:single';
  const page = await list(all);
  expect(page).toMatchObject({ total: LIMIT, totalIsAtLeast: true, unread: LIMIT });
  expect(page.messages.map(({ subject }) => subject)).toEqual(['single 0', `crowd ${AT_ONCE - 1}`]);
  const exact = await list(all, '&exact=true');
  expect(exact).toMatchObject({ total: LIMIT + 1, unread: LIMIT + 1 });
  expect(exact).not.toHaveProperty('totalIsAtLeast');
  const below = await list('subject:crowd');
  expect(below).toMatchObject({ total: LIMIT });
  expect(below).not.toHaveProperty('totalIsAtLeast');
  expect(await list('')).toMatchObject({ total: LIMIT + 1 });

  const mcp = await connectMcp(sandbox.url, 'stateless');
  const found = await mcp.call('list_messages', { query: all, limit: 1 });
  expect(await structured(found)).toMatchObject({ total: LIMIT, totalIsAtLeast: true });
  expect(found.content[0]?.text).toContain(`1 of more than ${LIMIT} messages`);

  const mailpit = await fetch(new URL(`mailpit/api/v1/search?limit=1&query=e`, sandbox.url));
  expect(await mailpit.json()).toMatchObject({ messages_count: LIMIT + 1 });
  const inbox = (await connect(sandbox.url)).all;
  expect(await inbox.count(all)).toBe(LIMIT + 1);
});
