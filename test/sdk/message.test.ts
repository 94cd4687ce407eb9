import { describe, expect, it } from 'vitest';
import { sandboxForTest, sendMail } from './application.ts';

const HTML = `<html><head><style>.a { color: red }</style></head><body>
<h1>Welcome &amp; hello</h1>
<p class="lead">Press   <b>the button</b><br>below.</p>
<table><tr><td><a class="button" href="https://x.test/verify?t=1&amp;u=2">Verify</a></td></tr></table>
<script>alert(1)</script></body></html>`;

describe('a message', () => {
  it('has envelope, headers, text, attachments, bytes and dialogue', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, {
      to: `Ann <${inbox.address}>`,
      bcc: 'hidden@x.test',
      subject: 'Grüße',
      text: 'Line one\nLine two',
      headers: [
        { key: 'X-Run', value: 'one' },
        { key: 'X-Run', value: 'zwei ü' },
      ],
      attachments: [
        { filename: 'notes.txt', content: 'ünïcode' },
        { filename: 'data.json', content: '{"a":1}' },
      ],
    });
    const message = await inbox.waitFor();
    expect(message.envelope.to).toEqual([inbox.address, 'hidden@x.test']);
    expect(message.bcc).toEqual([{ name: '', address: 'hidden@x.test' }]);
    expect(message.to).toEqual([{ name: 'Ann', address: inbox.address }]);
    expect(message.subject).toBe('Grüße');
    expect(message.headers.get('SUBJECT')).toBe('Grüße');
    expect(message.headers.getRaw('subject')).toMatch(/^=\?UTF-8\?/);
    expect(message.headers.getAll('x-run')).toEqual(['one', 'zwei ü']);
    expect(message.headers.has('X-None')).toBe(false);
    expect(message.headers.get('X-None')).toBeUndefined();
    expect(message.headers.names().filter((name) => name === 'X-Run')).toHaveLength(1);
    expect([...message.headers]).toContainEqual(['X-Run', 'one']);
    expect(message.words.trim()).toBe(
      'Line one\r\nLine two'.replace('\r', message.words.includes('\r') ? '\r' : ''),
    );
    expect(message.html).toBeNull();
    expect(await message.attachment('notes').text()).toBe('ünïcode');
    expect(await message.attachment(/json$/).json()).toEqual({ a: 1 });
    expect(() => message.attachment('invoice')).toThrow(
      'no attachment with filename "invoice"; it has\n  notes.txt text/plain',
    );
    expect(new TextDecoder().decode(await message.raw())).toContain('X-Run: one\r\n');
    expect((await message.transcript()).map(({ text }) => text)).toContain(`RCPT TO:<${inbox.address}>`);
    expect(Math.abs(message.receivedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect(String(message)).toContain('"Grüße" from shop@example.test to');
  });

  it('has its HTML with a DOM query', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.address, html: HTML, text: undefined });
    const { html: found, words } = await inbox.waitFor();
    const html = found!;
    expect(html.querySelector('h1')!.text).toBe('Welcome & hello');
    expect(html.querySelector('.lead')!.text).toBe('Press the button\nbelow.');
    expect(html.querySelector('td > a.button')!.getAttribute('HREF')).toBe('https://x.test/verify?t=1&u=2');
    expect(html.querySelector('table')!.querySelector('a')!.outerHTML).toContain('<a class="button" href=');
    expect(html.querySelectorAll('b, a').map(({ tagName }) => tagName)).toEqual(['b', 'a']);
    expect(html.querySelector('b')!.attributes).toEqual({});
    expect(html.querySelector('nothing')).toBeNull();
    expect(html.querySelector('p')!.textContent).toBe('Press   the buttonbelow.');
    expect(html.text).toBe('Welcome & hello\nPress the button\nbelow.\nVerify');
    expect(words).toBe(html.text);
    expect(() => html.querySelector(':::')).toThrow();
  });

  it('is delivered to an inbox by all of its sub-addresses', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    await sendMail(sandbox, { to: inbox.addressFor('Bob Smith') });
    expect((await inbox.waitFor()).envelope.to).toEqual([inbox.address.replace('@', '+bob-smith@')]);
  });
});

describe('an inbox', () => {
  it('lists, clears, and is deleted after its scope', async () => {
    const sandbox = await sandboxForTest();
    let address: string;
    {
      await using inbox = await sandbox.createInbox({ address: 'own@x.test', password: 'secret' });
      address = inbox.address;
      expect(inbox.smtp).toMatchObject({ user: 'own@x.test', password: 'secret', port: sandbox.smtp.port });
      expect(inbox.imap.url).toBe(`imap://own%40x.test:secret@127.0.0.1:${sandbox.imap.port}`);
      expect(inbox.pop3.port).toBe(sandbox.pop3.port);
      await sendMail(sandbox, { to: address, subject: 'one' });
      await sendMail(sandbox, { to: address, subject: 'two' });
      expect((await inbox.list()).map(({ subject }) => subject)).toEqual(['two', 'one']);
      expect((await inbox.list('subject:one')).map(({ subject }) => subject)).toEqual(['one']);
      expect(await inbox.clear()).toBe(2);
      await sendMail(sandbox, { to: address });
    }
    expect((await sandbox.client.accounts()).accounts.map(({ name }) => name)).not.toContain(address);
    await using other = sandbox.inbox('kept@x.test');
    await sendMail(sandbox, { to: other.address });
  });

  it('reports the changes since a mark, without a gap', async () => {
    const sandbox = await sandboxForTest();
    const inbox = await sandbox.createInbox();
    const since = await inbox.mark();
    await sendMail(sandbox, { to: inbox.address, subject: 'one' });
    await sendMail(sandbox, { to: 'other@x.test', subject: 'not here' });
    const subjects: string[] = [];
    for await (const event of inbox.events({ since })) {
      if (event.type !== 'message') continue;
      subjects.push(event.message.subject);
      if (subjects.length === 1) await sendMail(sandbox, { to: inbox.address, subject: 'two' });
      if (subjects.length === 2) break;
    }
    expect(subjects).toEqual(['one', 'two']);
  });
});

describe('rules', () => {
  it('of an inbox apply to its mail only, and are deleted with it', async () => {
    const sandbox = await sandboxForTest();
    const [first, second] = [await sandbox.createInbox(), await sandbox.createInbox()];
    const rule = await first.rules.script('451 4.7.1 later', '451 4.7.1 later', 'accept');
    const send = () => sendMail(sandbox, { to: first.address });
    await expect(send()).rejects.toThrow('451');
    await sendMail(sandbox, { to: second.address });
    await expect(send()).rejects.toThrow('451');
    await send();
    await first.waitFor();
    expect((await first.rules.get(rule.id)).hits).toBe(3);
    expect(await second.rules.list()).toEqual([]);
    await first.rules.reject('550 5.1.1 nobody', { times: 1 });
    await expect(send()).rejects.toThrow('550');
    await first.rules.clear();
    await first.rules.delay('5ms');
    await send();
    expect(await sandbox.rules.list()).toHaveLength(1);
    await first.delete();
    expect(await sandbox.rules.list()).toEqual([]);
  });

  it('that are invalid are refused, with the field', async () => {
    const sandbox = await sandboxForTest();
    await expect(sandbox.rules.add({ then: { reject: 'no' } })).rejects.toThrow('then.reject');
    await expect(
      sandbox.rules.add({ when: { rctp: 'x' } as object, then: { reject: '550 no' } }),
    ).rejects.toThrow('rctp');
  });
});
