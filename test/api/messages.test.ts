import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Captured, Detail, MessagePage, Problem, TagList } from '../../contract/index.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.api('messages?all=true', { method: 'DELETE' });
});

const mail = (subject: string, body = 'text'): Buffer =>
  Buffer.from(`From: Ann <ann@x.test>\r\nTo: bob@x.test\r\nSubject: ${subject}\r\n\r\n${body}\r\n`);
const send = (subjects: string[], to = ['bob@x.test']) =>
  sendRaw(
    sandbox.smtp,
    subjects.map((subject) => mail(subject)),
    { from: 'ann@x.test', to },
  );
const list = (query = '') => sandbox.json<MessagePage>(`messages?${query}`);
const subjects = ({ messages }: MessagePage) => messages.map(({ subject }) => subject);
const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
const problem = async (path: string, init?: RequestInit): Promise<Problem> => {
  const response = await sandbox.api(path, init);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Problem;
};

describe('the list', () => {
  it('is newest first, in pages that stay the same while mail arrives and is deleted', async () => {
    const ids = await send(['1', '2', '3', '4', '5']);
    const first = await list('limit=2');
    expect(subjects(first)).toEqual(['5', '4']);
    expect(first).toMatchObject({ total: 5, unread: 5 });
    await send(['6']);
    await sandbox.api(`messages/${ids[3]!}`, { method: 'DELETE' });
    const second = await list(`limit=2&cursor=${first.next!}`);
    expect(subjects(second)).toEqual(['3', '2']);
    const third = await list(`limit=2&cursor=${second.next!}`);
    expect(subjects(third)).toEqual(['1']);
    expect(third.next).toBeNull();
  });

  it('can be limited to an account', async () => {
    await send(['for both'], ['bob@x.test', 'Carol@X.test']);
    await send(['for carol'], ['carol@x.test']);
    expect(subjects(await list('account=bob@x.test'))).toEqual(['for both']);
    expect(subjects(await list('account=carol@x.test'))).toEqual(['for carol', 'for both']);
    expect((await list()).total).toBe(2);
  });

  it('begins after a seq', async () => {
    await send(['old']);
    const { seq } = await list();
    await send(['new']);
    expect(subjects(await list(`after=${seq}`))).toEqual(['new']);
  });

  it('contains no bodies', async () => {
    await sendRaw(sandbox.smtp, [mail('big', 'x'.repeat(100_000))]);
    expect((await (await sandbox.api('messages')).text()).length).toBeLessThan(2000);
  });

  it('contains recipients that no header field names', async () => {
    await send(['hidden'], ['bob@x.test', 'secret@x.test']);
    expect((await list()).messages[0]!.bcc).toEqual([{ name: '', address: 'secret@x.test' }]);
  });
});

describe('an invalid request', () => {
  it.each([
    ['messages?query=to:', { status: 400, type: 'urn:restante:query', position: 3 }],
    ['messages?query=fron:ann', { status: 400, type: 'urn:restante:query', position: 0 }],
    ['messages?query=(a', { status: 400, type: 'urn:restante:query', position: 0 }],
    ['messages?limit=0', { status: 400, type: 'urn:restante:bad-request' }],
    ['messages?limit=ten', { status: 400, type: 'urn:restante:bad-request' }],
    ['messages?cursor=nonsense', { status: 400 }],
    [
      'messages?acount=bob',
      { status: 400, detail: expect.stringMatching(/^Unknown parameter acount; known: account, /) },
    ],
    ['messages/nosuch', { status: 404, type: 'urn:restante:not-found' }],
    ['messages/latest', { status: 404, type: 'urn:restante:not-found' }],
    ['nowhere', { status: 404, type: 'urn:restante:not-found' }],
  ])('%s', async (path, expected) => {
    expect(await problem(path)).toMatchObject(expected);
  });

  it('deletes nothing without a query or all=true', async () => {
    await send(['kept']);
    for (const query of ['', '?query=', '?query=%20', '?query=to:', '?account=bob@x.test', '?all=false']) {
      expect((await problem(`messages${query}`, { method: 'DELETE' })).status).toBe(400);
    }
    expect((await list()).total).toBe(1);
  });

  it('describes the errors in a body', async () => {
    const [id] = await send(['x']);
    expect(await problem(`messages/${id!}`, json('PATCH', { seen: 'yes' }))).toMatchObject({
      status: 400,
      errors: [{ path: 'seen' }],
    });
    expect((await problem(`messages/${id!}`, json('PATCH', { sean: true }))).status).toBe(400);
    const broken = { method: 'PATCH', body: '{', headers: { 'content-type': 'application/json' } };
    expect((await problem(`messages/${id!}`, broken)).status).toBe(400);
  });
});

describe('a message', () => {
  it('is not marked as read by requesting it in any form', async () => {
    const [id] = await send(['unread']);
    for (const form of ['', '/raw', '/text', '/transcript', '/parts/1']) {
      expect((await sandbox.api(`messages/${id!}${form}`)).status).toBe(200);
    }
    expect((await list('query=is:unread')).total).toBe(1);
  });

  it('is marked in the requested account only', async () => {
    const [id] = await send(['marked']);
    const marked = await sandbox.json<Detail>(
      `messages/${id!}?account=bob@x.test`,
      json('PATCH', { seen: true, flagged: true, tags: ['one', 'two'] }),
    );
    expect(marked).toMatchObject({ seen: true, flagged: true, tags: ['one', 'two'] });
    expect((await list('account=bob@x.test&query=is:flagged')).total).toBe(1);
    expect((await list('query=is:seen')).total).toBe(0);
    await sandbox.json(`messages/${id!}`, json('PATCH', { tags: ['two'] }));
    expect(await sandbox.json<TagList>('tags')).toEqual({ tags: [{ tag: 'two', messages: 1 }] });
  });

  it('can be requested as the latest that matches', async () => {
    await send(['first', 'second', 'third']);
    expect((await sandbox.json<Detail>('messages/latest?query=subject:second')).subject).toBe('second');
    expect(await (await sandbox.api('messages/latest/raw')).text()).toContain('Subject: third');
  });

  it('is deleted from one account, and from all permanently', async () => {
    const [id] = await send(['going'], ['bob@x.test', 'carol@x.test']);
    expect((await sandbox.api(`messages/${id!}?account=bob@x.test`, { method: 'DELETE' })).status).toBe(204);
    expect((await list('account=bob@x.test')).total).toBe(0);
    expect((await list('account=carol@x.test')).total).toBe(1);
    await sandbox.api(`messages/${id!}`, { method: 'DELETE' });
    expect((await list('account=carol@x.test')).total).toBe(0);
    expect((await sandbox.api(`messages/${id!}/raw`)).status).toBe(404);
  });

  it('has a transcript without the password', async () => {
    await send(['dialogue']);
    const { lines } = await sandbox.json<{ lines: { from: string; text: string }[] }>(
      'messages/latest/transcript',
    );
    const texts = lines.map(({ from, text }) => `${from}: ${text}`);
    expect(texts).toContain('client: MAIL FROM:<ann@x.test>');
    expect(texts).toContain('client: RCPT TO:<bob@x.test>');
  });
});

describe('bulk calls', () => {
  it('delete and mark the matching messages', async () => {
    await send(['keep 1', 'drop 1', 'drop 2']);
    const marked = await sandbox.json('messages?query=subject:drop', json('PATCH', { seen: true }));
    expect(marked).toEqual({ count: 2 });
    expect((await list()).unread).toBe(1);
    expect(await sandbox.json('messages?query=is:seen', { method: 'DELETE' })).toEqual({ count: 2 });
    expect(subjects(await list())).toEqual(['keep 1']);
  });

  it('change the marks of many messages like those of one', async () => {
    const ids = await send(['one', 'many', 'untouched']);
    const [one, many] = [ids[0] ?? '', ids[1] ?? ''];
    await sandbox.json(`messages/${ids[2] ?? ''}`, json('PATCH', { tags: ['other'] }));
    const marksOf = async (id: string): Promise<unknown[]> => {
      const { seen, flagged, tags } = await sandbox.json<Detail>(`messages/${id}`);
      return [seen, flagged, [...tags].sort()];
    };
    const cases: [object, unknown[]][] = [
      [{ tags: ['a', 'b'] }, [false, false, ['a', 'b']]],
      [{ tags: ['b', 'c'], seen: true }, [true, false, ['b', 'c']]],
      [{ flagged: true }, [true, true, ['b', 'c']]],
      [{ addTags: ['d'], removeTags: ['b'], seen: false }, [false, true, ['c', 'd']]],
      [{ tags: ['e'], addTags: ['f'], removeTags: ['e'] }, [false, true, ['f']]],
      [{ tags: [] }, [false, true, []]],
    ];
    for (const [marks, expected] of cases) {
      await sandbox.json(`messages/${one}`, json('PATCH', marks));
      await sandbox.json(`messages?query=id:${many}`, json('PATCH', marks));
      expect([await marksOf(one), await marksOf(many)]).toEqual([expected, expected]);
    }
    expect(await marksOf(ids[2] ?? '')).toEqual([false, false, ['other']]);
  });
});

describe('submitting', () => {
  it('copies the trail of generated mail from the request into a composed message', async () => {
    const mailOf = async (trail: string): Promise<string> => {
      const request = json('POST', { from: 'a@x.test', to: 'b@x.test', subject: 'x', text: 'x' });
      const headers = { 'content-type': 'application/json', 'restante-trail': trail };
      const { id } = await sandbox.json<Captured>('messages', { ...request, headers });
      return (await sandbox.api(`messages/${id}/raw`)).text();
    };
    expect(await mailOf('hops=3; origin=m1')).toMatch(/^Restante-Trail: hops=3; origin=m1\r$/m);
    expect(await mailOf('anything else')).not.toContain('Restante-Trail');
  });

  it('captures raw bytes exactly, for the recipients in the header or in the call', async () => {
    const raw = mail('raw');
    const init = { method: 'POST', body: new Uint8Array(raw), headers: { 'content-type': 'message/rfc822' } };
    const { id } = await sandbox.json<Captured>('messages', init);
    const back = Buffer.from(await (await sandbox.api(`messages/${id!}/raw`)).arrayBuffer());
    expect(back.equals(raw)).toBe(true);
    expect((await list('account=bob@x.test')).total).toBe(1);
    await sandbox.json('messages?from=c@x.test&to=d@x.test,e@x.test', init);
    expect((await list('account=e@x.test')).messages[0]!.envelope).toEqual({
      from: 'c@x.test',
      to: ['d@x.test', 'e@x.test'],
    });
  });

  it('composes from JSON', async () => {
    const composed = {
      from: { name: 'Ann', address: 'ann@x.test' },
      to: ['Bob <bob@x.test>', 'carol@x.test'],
      bcc: 'dan@x.test',
      subject: 'Grüße',
      text: 'hallo',
      html: '<b>hallo</b>',
      headers: { 'X-Run': '42' },
      attachments: [
        { filename: 'a.txt', content: Buffer.from('abc').toString('base64'), type: 'text/plain' },
      ],
    };
    const { id, reply } = await sandbox.json<Captured>('messages', json('POST', composed));
    expect(reply).toBe(`250 2.0.0 Ok: queued as ${id!}`);
    const detail = await sandbox.json<Detail>(`messages/${id!}`);
    expect(detail).toMatchObject({
      subject: 'Grüße',
      envelope: { from: 'ann@x.test', to: ['bob@x.test', 'carol@x.test', 'dan@x.test'] },
      bcc: [{ address: 'dan@x.test' }],
      attachments: [{ filename: 'a.txt', size: 3 }],
      origin: { kind: 'api' },
    });
    expect(detail.headers.find(({ name }) => name.toLowerCase() === 'x-run')?.value).toBe('42');
  });

  it('reads no files that a caller names', async () => {
    const composed = {
      from: 'a@x.test',
      to: 'b@x.test',
      attachments: [{ filename: 'x', path: '/etc/passwd', content: '' }],
    };
    await sandbox.api('messages', json('POST', composed));
    expect(await (await sandbox.api('messages/latest/raw').catch(() => new Response())).text()).not.toContain(
      'root:',
    );
  });

  it('requires a recipient', async () => {
    expect((await problem('messages', json('POST', { from: 'a@x.test' }))).detail).toMatch(/^No recipient/);
  });
});

describe('a deletion with undo', () => {
  const removed = (path: string) =>
    sandbox.json<{ count: number; undo: string | null }>(path, { method: 'DELETE' });

  it('is undone by its token, once', async () => {
    const [id] = await send(['one']);
    await send(['two']);
    const { count, undo } = await removed(`messages/${id!}?undo=60`);
    expect([count, subjects(await list())]).toEqual([1, ['two']]);
    const outcome = await sandbox.json<{ restored: { was: string }[] }>(`undo/${undo!}`, { method: 'POST' });
    expect(outcome.restored.map(({ was }) => was)).toEqual([id]);
    expect(subjects(await list())).toEqual(['one', 'two']);
    expect(await problem(`undo/${undo!}`, { method: 'POST' })).toMatchObject({ status: 404 });
    const all = await removed('messages?all=true&undo=60');
    expect([all.count, (await list()).total]).toEqual([2, 0]);
    await sandbox.json(`undo/${all.undo!}`, { method: 'POST' });
    expect((await list()).total).toBe(2);
  });

  it('keeps nothing without the parameter, and accepts only a time of up to ten minutes', async () => {
    const [id] = await send(['one']);
    expect(await problem(`messages/${id!}?undo=601`, { method: 'DELETE' })).toMatchObject({ status: 400 });
    expect((await list()).total).toBe(1);
    const response = await sandbox.api(`messages/${id!}`, { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    await send(['two']);
    expect(await sandbox.json('messages?all=true', { method: 'DELETE' })).toEqual({ count: 1 });
  });
});
