/** Tests the MCP server with requests that no client sends, and with calls that end early. */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectMcp, eras, META, postMcp, structured } from '../helpers/mcp.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { soon } from '../helpers/soon.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

const request = (method: string, params: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
});
const stateless = (method: string, params: Record<string, unknown> = {}) =>
  request(method, { ...params, _meta: META });
const fields = (method: string, name?: string): Record<string, string> => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name === undefined ? {} : { 'mcp-name': name }),
});

interface RpcAnswer {
  readonly status: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

async function answer(
  body: unknown,
  headers: Record<string, string> = {},
  url = sandbox.url,
): Promise<RpcAnswer> {
  const response = await postMcp(url, body, headers);
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : (JSON.parse(text) as Omit<RpcAnswer, 'status'>)) };
}

describe('a request that is not valid', () => {
  const list = stateless('tools/list');
  it.each<[string, unknown, Record<string, string>, number, number]>([
    ['text that is not JSON', '{"jsonrpc":', {}, 400, -32_700],
    ['a JSON text that is no object', '5', {}, 400, -32_600],
    ['another version of JSON-RPC', { ...request('ping'), jsonrpc: '1.0' }, {}, 400, -32_600],
    ['a method that is no string', { ...request('ping'), method: 5 }, {}, 400, -32_600],
    ['an id that is an object', { ...request('ping'), id: {} }, {}, 400, -32_600],
    ['params that are no object', { ...request('ping'), params: [1] }, {}, 400, -32_600],
    ['another media type', request('ping'), { 'content-type': 'text/plain' }, 415, -32_600],
    ['Accept without JSON and streams', request('ping'), { accept: 'text/html' }, 406, -32_600],
    [
      'a batch of a later revision',
      [request('ping')],
      { 'mcp-protocol-version': '2025-06-18' },
      400,
      -32_600,
    ],
    ['an empty batch', [], {}, 400, -32_600],
    [
      'an unknown revision in the header',
      request('tools/list'),
      { 'mcp-protocol-version': '1999-01-01' },
      400,
      -32_022,
    ],
    ['the newest revision without the envelope', request('tools/list'), fields('tools/list'), 400, -32_602],
    ['an envelope without MCP-Protocol-Version', list, {}, 400, -32_020],
    [
      'an envelope of another revision',
      list,
      { ...fields('tools/list'), 'mcp-protocol-version': '2025-11-25' },
      400,
      -32_020,
    ],
    ['an envelope without Mcp-Method', list, { 'mcp-protocol-version': '2026-07-28' }, 400, -32_020],
    ['another Mcp-Method', list, fields('prompts/list'), 400, -32_020],
    [
      'a call without Mcp-Name',
      stateless('tools/call', { name: 'server_info' }),
      fields('tools/call'),
      400,
      -32_020,
    ],
    [
      'another Mcp-Name',
      stateless('tools/call', { name: 'server_info' }),
      fields('tools/call', 'x'),
      400,
      -32_020,
    ],
    ['an unknown method', stateless('tools/run'), fields('tools/run'), 404, -32_601],
    ['a method of the earlier era', stateless('ping'), fields('ping'), 404, -32_601],
    ['a method of the later era', request('server/discover'), {}, 200, -32_601],
    ['an inherited name as the method', request('constructor'), {}, 200, -32_601],
    ['a cursor', request('tools/list', { cursor: 'x' }), {}, 200, -32_602],
    ['an unknown tool', request('tools/call', { name: 'format_disk' }), {}, 200, -32_602],
    [
      'wrong arguments in an early revision',
      request('tools/call', { name: 'wait_for_code', arguments: {} }),
      {},
      200,
      -32_602,
    ],
    ['an unknown resource', request('resources/read', { uri: 'restante://messages/none' }), {}, 200, -32_002],
    ['an unknown prompt', request('prompts/get', { name: 'x' }), {}, 200, -32_602],
  ])('gets an error of the protocol: %s', async (_, body, headers, status, code) => {
    expect(await answer(body, headers)).toMatchObject({
      status,
      error: { code, message: expect.any(String) },
    });
  });

  it('gets the supported revisions if its revision is unknown', async () => {
    const future = '2099-01-01';
    const body = request('tools/list', {
      _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': future },
    });
    const { error } = await answer(body, { ...fields('tools/list'), 'mcp-protocol-version': future });
    expect(error).toMatchObject({
      code: -32_022,
      data: { requested: future, supported: expect.arrayContaining(['2026-07-28', '2025-11-25']) },
    });
  });

  it('gets wrong arguments as a result of the tool since 2025-11-25, so that the model can correct them', async () => {
    const call = (args: unknown) => request('tools/call', { name: 'wait_for_code', arguments: args });
    const version = { 'mcp-protocol-version': '2025-11-25' };
    for (const [args, said] of [
      [{}, 'inbox'],
      [{ inbox: 'a@x.test', timeout: 5 }, 'unknown argument timeout; known: inbox, query, after, timeout_ms'],
      [{ inbox: 'a@x.test', timeout_ms: 9e9 }, 'timeout_ms'],
      [[], 'must be an object'],
      [{ inbox: 'a@x.test', query: 'subject:(' }, 'query'],
    ] as const) {
      const { result } = await answer(call(args), version);
      expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(said) }] });
    }
  });

  it('gets 413 if it is too large', async () => {
    const body = request('tools/call', { name: 'send_message', arguments: { text: 'x'.repeat(4 << 20) } });
    expect(await answer(body)).toMatchObject({ status: 413, error: { code: -32_600 } });
  });
});

it('answers GET and DELETE with 405, because there are no sessions', async () => {
  for (const method of ['GET', 'DELETE']) {
    const response = await fetch(new URL('mcp', sandbox.url), { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
  }
});

it('answers initialize with the requested revision, or with the newest one of that era', async () => {
  for (const [wanted, given] of [
    ['2024-11-05', '2024-11-05'],
    ['2025-03-26', '2025-03-26'],
    ['2025-06-18', '2025-06-18'],
    ['2030-01-01', '2025-11-25'],
  ]) {
    const { result } = await answer(request('initialize', { protocolVersion: wanted }));
    expect(result).toMatchObject({ protocolVersion: given, serverInfo: { name: 'restante' } });
  }
  expect(await answer({ jsonrpc: '2.0', method: 'notifications/initialized' })).toEqual({ status: 202 });
});

it('answers the batches of 2025-03-26', async () => {
  const batch = [
    request('ping'),
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { ...request('ping'), id: 2 },
  ];
  const response = await postMcp(sandbox.url, batch);
  expect(await response.json()).toEqual([
    { jsonrpc: '2.0', id: 1, result: {} },
    { jsonrpc: '2.0', id: 2, result: {} },
  ]);
});

describe('access', () => {
  const ping = request('ping');
  it('refuses pages of other sites, and unknown host names', async () => {
    expect(await answer(ping, { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await answer(ping, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
  });

  it('requires the login of --web-auth', async () => {
    const guarded = await startTestSandbox({ webAuth: { user: 'dev', password: 'secret' } });
    expect(await answer(ping, {}, guarded.url)).toMatchObject({ status: 401 });
    const authorization = `Basic ${Buffer.from('dev:secret').toString('base64')}`;
    expect(await answer(ping, { authorization }, guarded.url)).toMatchObject({ status: 200 });
    const client = await connectMcp(guarded.url, 'stateless', { authorization });
    expect((await client.tools()).length).toBeGreaterThan(10);
  });

  it('is not available with --mcp off', async () => {
    const without = await startTestSandbox({ mcp: 'off' });
    expect(await postMcp(without.url, ping)).toMatchObject({ status: 404 });
  });
});

/** Counts the subscriptions of the store that are open: each wait for mail has one. */
function countSubscriptions(target: TestSandbox): () => number {
  const { changes } = target.sandbox.store;
  const subscribe = changes.subscribe.bind(changes);
  const open = new Set<object>();
  changes.subscribe = (listener) => {
    const stop = subscribe(listener);
    open.add(stop);
    return () => {
      open.delete(stop);
      stop();
    };
  };
  onTestFinished(() => {
    changes.subscribe = subscribe;
  });
  return () => open.size;
}

describe.each(eras)('waits of a client of the %s era', (era) => {
  it('are held 50 at once, and leave nothing behind', async () => {
    const waiting = countSubscriptions(sandbox);
    const client = await connectMcp(sandbox.url, era);
    const addresses = Array.from({ length: 50 }, (_, index) => `${era}-${index}@example.test`);
    const waits = addresses.map((inbox) => client.call('wait_for_message', { inbox, timeout_ms: 60_000 }));
    await soon(() => expect(waiting()).toBe(50));
    await Promise.all(
      addresses.map((to) =>
        sandbox.json('messages', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ from: 'app@example.test', to, subject: to, text: 'Hello' }),
        }),
      ),
    );
    const found = await Promise.all(waits.map((wait) => structured<{ message: { subject: string } }>(wait)));
    const subjects = found.map(({ message }) => message.subject);
    expect(subjects).toEqual(addresses);
    await soon(() => expect(waiting()).toBe(0));
  });

  it('end when the client cancels them', async () => {
    const waiting = countSubscriptions(sandbox);
    const client = await connectMcp(sandbox.url, era);
    const controller = new AbortController();
    const wait = client.call(
      'wait_for_message',
      { inbox: 'none@example.test', timeout_ms: 60_000 },
      controller,
    );
    const ended = expect(wait).rejects.toThrow();
    await soon(() => expect(waiting()).toBe(1));
    controller.abort();
    await ended;
    await soon(() => expect(waiting()).toBe(0));
  });
});

const HELD = stateless('tools/call', {
  name: 'wait_for_message',
  arguments: { inbox: 'none@example.test', timeout_ms: 60_000 },
});

it('ends a wait when its connection closes', async () => {
  const waiting = countSubscriptions(sandbox);
  const controller = new AbortController();
  const response = await postMcp(
    sandbox.url,
    HELD,
    fields('tools/call', 'wait_for_message'),
    controller.signal,
  );
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await soon(() => expect(waiting()).toBe(1));
  controller.abort();
  await soon(() => expect(waiting()).toBe(0));
});

it('does not let a client cancel the calls of another client', async () => {
  const waiting = countSubscriptions(sandbox);
  const controller = new AbortController();
  const headers = { 'mcp-session-id': 'one' };
  const call = request('tools/call', HELD.params);
  const held = await postMcp(
    sandbox.url,
    { ...call, params: { ...HELD.params, _meta: {} } },
    headers,
    controller.signal,
  );
  expect(held.status).toBe(200);
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  await postMcp(sandbox.url, cancel, { 'mcp-session-id': 'two' });
  await postMcp(sandbox.url, cancel);
  expect(waiting()).toBe(1);
  await postMcp(sandbox.url, cancel, headers);
  await soon(() => expect(waiting()).toBe(0));
  controller.abort();
});

it('ends the waits when the server closes', async () => {
  const own = await openTestSandbox();
  const wait = postMcp(own.url, HELD, fields('tools/call', 'wait_for_message'));
  const response = await wait;
  await own.close();
  expect(await response.text()).toContain('"isError":true');
});

describe('subscriptions/listen', () => {
  const INBOX = 'restante://inbox/watched@example.test';
  const notificationsOf = async (body: AsyncIterable<Uint8Array> | null, count: number) => {
    const found: { method?: string; params?: Record<string, unknown>; result?: unknown }[] = [];
    let rest = '';
    for await (const chunk of body ?? []) {
      rest += Buffer.from(chunk).toString();
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) found.push(JSON.parse(data.slice('data: '.length)) as object);
      }
      if (found.length >= count) return found;
    }
    return found;
  };
  const listenTo = (notifications: unknown, target = sandbox, signal?: AbortSignal) =>
    postMcp(
      target.url,
      stateless('subscriptions/listen', { notifications }),
      fields('subscriptions/listen'),
      signal,
    );

  it('is refused without a filter, with too many resources, and in earlier revisions', async () => {
    for (const filter of [undefined, [], { resourceSubscriptions: 'x' }, { resourceSubscriptions: [5] }]) {
      const body = stateless('subscriptions/listen', { notifications: filter });
      expect(await answer(body, fields('subscriptions/listen'))).toMatchObject({ error: { code: -32_602 } });
    }
    const many = { resourceSubscriptions: Array<string>(101).fill(INBOX) };
    const body = stateless('subscriptions/listen', { notifications: many });
    expect(await answer(body, fields('subscriptions/listen'))).toMatchObject({ error: { code: -32_602 } });
    expect(await answer(request('subscriptions/listen'))).toMatchObject({ error: { code: -32_601 } });
  });

  it('is refused if the client does not accept a stream', async () => {
    const body = stateless('subscriptions/listen', { notifications: {} });
    const headers = { ...fields('subscriptions/listen'), accept: 'application/json' };
    expect(await answer(body, headers)).toMatchObject({ error: { code: -32_600 } });
  });

  it('confirms the resources that can change, and ends with a result when the server closes', async () => {
    const own = await openTestSandbox();
    const response = await listenTo({ resourceSubscriptions: [INBOX, 'restante://docs/query', 'x:'] }, own);
    const body = response.body as unknown as AsyncIterable<Uint8Array>;
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 1 };
    const all = notificationsOf(body, Infinity);
    await own.close();
    expect(await all).toMatchObject([
      {
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: { resourceSubscriptions: [INBOX] }, _meta },
      },
      { id: 1, result: { resultType: 'complete', _meta } },
    ]);
  });

  it('ends when the client closes the stream, and leaves nothing behind', async () => {
    const open = countSubscriptions(sandbox);
    const controller = new AbortController();
    const response = await listenTo({ resourceSubscriptions: [INBOX] }, sandbox, controller.signal);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await soon(() => expect(open()).toBe(1));
    controller.abort();
    await soon(() => expect(open()).toBe(0));
  });
});
