import { describe, expect, it } from 'vitest';
import type { Event } from '../../contract/index.ts';
import { createClient } from '../../sdk/client.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const send = (sandbox: TestSandbox, to: string, subject: string) =>
  sendRaw(sandbox.smtp, [Buffer.from(`From: a@x.test\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\ntext\r\n`)], {
    from: 'a@x.test',
    to: [to],
  });

const told = (event: Event): string => {
  if (event.type === 'message' || event.type === 'updated') return `${event.type} ${event.message.subject}`;
  return event.type === 'removed' ? 'removed' : event.type;
};

/** Reads events until one satisfies `last`. */
async function until(events: AsyncIterable<Event>, last: (event: Event) => boolean): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) {
    seen.push(event);
    if (last(event)) break;
  }
  return seen;
}

const isMessage = (subject: string) => (event: Event) =>
  event.type === 'message' && event.message.subject === subject;

describe('the stream', () => {
  it('reports arrivals, marks, tags and deletions in order, with ascending seqs', async () => {
    const sandbox = await startTestSandbox();
    const client = createClient({ url: sandbox.url });
    const controller = new AbortController();
    const events = client.events({ signal: controller.signal });
    expect(((await events.next()).value as Event).type).toBe('hello');
    const seen = until(events, ({ type }) => type === 'removed');
    const [id] = await send(sandbox, 'b@x.test', 'one');
    await client.mark(id!, { seen: true });
    await client.mark(id!, { tags: ['x'] });
    await client.remove(id!);
    const all = (await seen).filter(({ type }) => !type.startsWith('account'));
    expect(all.map(told)).toEqual(['message one', 'updated one', 'updated one', 'removed']);
    const seqs = all.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    controller.abort();
  });

  it('reports in the stream of `all` that the counts of another account changed', async () => {
    const sandbox = await startTestSandbox();
    const client = createClient({ url: sandbox.url });
    const [id] = await send(sandbox, 'b@x.test', 'one');
    const ofAccount = async (act: () => Promise<unknown>, query?: string): Promise<Event> => {
      const events = client.events({ ...(query === undefined ? {} : { query }) });
      await events.next();
      await act();
      return (await events.next()).value as Event;
    };
    const seen = await ofAccount(() => client.mark(id!, { seen: true }, { account: 'b@x.test' }));
    expect(seen).toMatchObject({ type: 'account-changed', account: 'b@x.test' });
    const removed = await ofAccount(() => client.remove(id!, { account: 'b@x.test' }));
    expect(removed).toMatchObject({ type: 'account-changed', account: 'b@x.test' });
    // A stream with a query, or of another account, reports only its own messages.
    const [second] = await send(sandbox, 'b@x.test', 'two');
    const act = async () => {
      await client.mark(second!, { seen: true }, { account: 'b@x.test' });
      await client.mark(second!, { seen: true });
    };
    expect(await ofAccount(act, 'subject:two')).toMatchObject({ type: 'updated', account: 'all' });
  });

  it('sends events of every frame length over WebSocket', async () => {
    const sandbox = await startTestSandbox();
    const events = createClient({ url: sandbox.url }).events({ account: 'b@x.test' });
    await events.next();
    const length = async (type: Event['type']): Promise<number> => {
      for (;;) {
        const event = (await events.next()).value as Event;
        if (event.type === type) return JSON.stringify(event).length;
      }
    };
    const recipients = Array.from({ length: 2_000 }, (_, i) => `${'x'.repeat(40)}-${i}@x.test`);
    const raw = `To: ${recipients.join(',\r\n ')}\r\nSubject: größer\r\n\r\ntext\r\n`;
    const [large] = await sendRaw(sandbox.smtp, [Buffer.from(raw)], { from: 'a@x.test', to: ['b@x.test'] });
    expect(await length('message')).toBeGreaterThan(65_535);
    await createClient({ url: sandbox.url }).remove(large!);
    expect(await length('removed')).toBeLessThan(126);
    await send(sandbox, 'b@x.test', 'x'.repeat(300));
    expect(await length('message')).toBeGreaterThan(300);
  });

  it('can be limited to an account and a query', async () => {
    const sandbox = await startTestSandbox();
    const client = createClient({ url: sandbox.url });
    const events = client.events({ account: 'b@x.test', query: 'subject:yes' });
    await events.next();
    const seen = until(events, isMessage('yes, last'));
    await send(sandbox, 'b@x.test', 'no');
    await send(sandbox, 'c@x.test', 'yes, but another');
    await send(sandbox, 'b@x.test', 'yes, last');
    expect((await seen).filter(({ type }) => type === 'message').map(told)).toEqual(['message yes, last']);
  });

  it('resumes after a seq without a gap', async () => {
    const sandbox = await startTestSandbox();
    const client = createClient({ url: sandbox.url });
    await send(sandbox, 'b@x.test', 'one');
    const { seq } = await client.list();
    await send(sandbox, 'b@x.test', 'two');
    await send(sandbox, 'b@x.test', 'three');
    const seen = await until(client.events({ since: seq }), isMessage('three'));
    expect(seen[0]).toMatchObject({ type: 'hello', gap: false });
    expect(seen.filter(({ type }) => type === 'message').map(told)).toEqual(['message two', 'message three']);
  });

  it('accepts the Last-Event-ID that a browser sends', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox, 'b@x.test', 'one');
    const { seq } = await createClient({ url: sandbox.url }).list();
    await send(sandbox, 'b@x.test', 'two');
    const headers = { accept: 'text/event-stream', 'last-event-id': String(seq) };
    const response = await sandbox.api('events', { headers });
    let text = '';
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('"two"')) break;
    }
    expect(text).not.toContain('"one"');
    expect((await sandbox.api('events', { headers: { ...headers, 'last-event-id': 'x' } })).status).toBe(400);
  });

  it('refuses an invalid query', async () => {
    const sandbox = await startTestSandbox();
    const events = createClient({ url: sandbox.url }).events({ query: 'to:' });
    await expect(events.next()).rejects.toMatchObject({ status: 400, type: 'urn:restante:query' });
  });
});
