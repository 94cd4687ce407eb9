/** Tests waits and streams under difficult conditions: lost connections, restarts, many clients, races. */
import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { connect, SandboxLostError, startSandbox, type Event, type Sandbox } from '../../sdk/index.ts';
import { PATIENCE } from '../helpers/patience.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { soon } from '../helpers/soon.ts';
import { sandboxForTest, sendMail } from './application.ts';
import { openDetour } from './detour.ts';

const portOf = ({ url }: Sandbox): number => Number(new URL(url).port);

/** Resolves when the server has received the wait, which keeps a connection open. */
const isHeld = async (detour: { readonly open: number }): Promise<void> => {
  await soon(() => expect(detour.open).toBeGreaterThan(0));
};

describe('a wait', () => {
  it('survives a lost connection', async () => {
    const server = await sandboxForTest();
    const detour = await openDetour(server.url);
    const inbox = await (await connect(detour.url)).createInbox();
    detour.cut(portOf(server));
    const waiting = inbox.waitFor();
    await isHeld(detour);
    detour.cut();
    await sendMail(server, { to: inbox.address, subject: 'while it was away' });
    detour.cut(portOf(server));
    expect((await waiting).subject).toBe('while it was away');
  });

  it('survives a restart of the server, with stored mail and without', async () => {
    for (const data of [temporaryDirectory(), null]) {
      const first = await startSandbox({ data });
      for (const n of [1, 2, 3]) await sendMail(first, { to: 'ann@x.test', subject: `old ${n}` });
      const detour = await openDetour(first.url);
      const inbox = (await connect(detour.url)).inbox('ann@x.test');
      const after = await inbox.mark();
      detour.cut(portOf(first));
      const waiting = inbox.waitFor(undefined, { after });
      await isHeld(detour);
      await first.close();
      const second = await sandboxForTest({ data });
      await sendMail(second, { to: 'ann@x.test', subject: 'new' });
      detour.cut(portOf(second));
      expect((await waiting).subject).toBe('new');
    }
  });

  it('reports that no server responds any more', async () => {
    const server = await sandboxForTest();
    const detour = await openDetour(server.url);
    const inbox = (await connect(detour.url)).inbox('ann@x.test');
    detour.cut();
    const began = performance.now();
    const failure = await inbox.waitForNone(undefined, { timeout: 150 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SandboxLostError);
    expect(String(failure)).toContain(`The sandbox at ${detour.url} does not respond: `);
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(149);
  });

  it('ends with its sandbox', async () => {
    const sandbox = await startSandbox();
    const waiting = sandbox.all.waitFor();
    const ended = (async () => {
      for await (const event of sandbox.events()) expect(event.type).toBe('hello');
    })();
    await sandbox.all.mark();
    await Promise.all([expect(waiting).rejects.toThrow('The sandbox was closed'), sandbox.close(), ended]);
  });

  it('is one of hundreds on one server', async () => {
    const server = await sandboxForTest();
    const sandbox = await connect(server.url, { timeout: PATIENCE });
    const inboxes = Array.from({ length: 300 }, (_, n) => sandbox.inbox(`user${n}@x.test`));
    const waits = Promise.all(inboxes.map((inbox) => inbox.waitFor()));
    const transport = createTransport({
      ...server.smtp,
      pool: true,
      maxConnections: 4,
      maxMessages: Infinity,
    });
    // The messages are sent while the waits are still being started, and in reverse order, so that the first wait
    // is not served first.
    const sent = inboxes
      .toReversed()
      .map(({ address }) =>
        transport.sendMail({ from: 'app@x.test', to: address, subject: `for ${address}`, text: 'x' }),
      );
    await Promise.all(sent);
    transport.close();
    const subjects = (await waits).map(({ subject }) => subject);
    expect(subjects).toEqual(inboxes.map(({ address }) => `for ${address}`));
  });

  it('of each handle returns every message once, in any order of events', async () => {
    const sandbox = await sandboxForTest();
    const { address } = await sandbox.createInbox();
    const handles = [sandbox.inbox(address), sandbox.inbox(address)];
    const COUNT = 8;
    const waits = handles.map((inbox) => Promise.all(Array.from({ length: COUNT }, () => inbox.waitFor())));
    const sent = Array.from({ length: COUNT }, (_, n) => sendMail(sandbox, { to: address, subject: `${n}` }));
    const expected = Array.from({ length: COUNT }, (_, n) => `${n}`).sort();
    for (const wait of waits) expect((await wait).map(({ subject }) => subject).sort()).toEqual(expected);
    await Promise.all(sent);
  });
});

describe('the stream of events', () => {
  /** Collects the subjects of the given number of messages. */
  async function subjects(
    stream: AsyncIterable<Event>,
    count: number,
    seen: string[] = [],
  ): Promise<string[]> {
    for await (const event of stream) {
      if (event.type === 'hello') expect(event.gap).toBe(false);
      if (event.type === 'message') seen.push(event.message.subject);
      if (seen.length === count) break;
    }
    return seen;
  }

  it('resumes without a gap, over a lost connection and a restart', async () => {
    const data = temporaryDirectory();
    const first = await startSandbox({ data });
    const detour = await openDetour(first.url);
    const sandbox = await connect(detour.url);
    const since = await sandbox.mark();
    const seen: string[] = [];
    const all = subjects(sandbox.inbox('ann@x.test').events({ since }), 4, seen);
    await sendMail(first, { to: 'ann@x.test', subject: 'one' });
    await soon(() => expect(seen).toHaveLength(1));
    detour.cut();
    await sendMail(first, { to: 'ann@x.test', subject: 'two' });
    await sendMail(first, { to: 'bob@x.test', subject: 'of another' });
    await first.close();
    const second = await sandboxForTest({ data });
    await sendMail(second, { to: 'ann@x.test', subject: 'three' });
    detour.cut(portOf(second));
    await soon(() => expect(seen).toHaveLength(3));
    await sendMail(second, { to: 'ann@x.test', subject: 'four' });
    expect(await all).toEqual(['one', 'two', 'three', 'four']);
  });

  it('resumes at the last event if the server finds it too slow', async () => {
    // The responses of the server: a stream that ends with the reason `too slow` after two events, and a second stream.
    const asked: string[] = [];
    const blocks = (n: number): string =>
      `event: record\ndata: {"type":"record","seq":${n},"collection":"rules","key":"k"}\n\n`;
    const answers = [`${blocks(7)}${blocks(8)}event: end\ndata: {"reason":"too slow"}\n\n`, blocks(9)];
    const server = await sandboxForTest();
    const sandbox = await connect(server.url, {
      fetch: async (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        if (!url.pathname.endsWith('/events')) return fetch(input, init);
        asked.push(url.searchParams.get('since') ?? 'now');
        return new Response(answers.shift());
      },
    });
    const seen: number[] = [];
    for await (const event of sandbox.events()) {
      seen.push(event.seq);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([7, 8, 9]);
    expect(asked).toEqual(['now', '8']);
  });

  it('ends at once when it is closed, even while it waits for the next try', async () => {
    const server = await sandboxForTest();
    const detour = await openDetour(server.url);
    const sandbox = await connect(detour.url);
    const controller = new AbortController();
    const connections: boolean[] = [];
    const { signal } = controller;
    const onConnection = (connected: boolean): void => void connections.push(connected);
    const ended = (async () => {
      for await (const event of sandbox.client.events({ signal, onConnection })) {
        expect(event.type).toBe('hello');
        detour.cut();
      }
    })();
    await soon(() => expect(connections).toEqual([true, false]));
    controller.abort();
    await ended;
    // The event stream ended in the pause between two connections, not after another connection.
    expect(connections).toEqual([true, false]);
  });
});
