/**
 * Tests the pictures of messages with an installed Chrome, Chromium or Edge: what the browser may load, at which limits
 * it is ended, and that it leaves no process and no file behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MessageReading } from '../../server/service/reading/index.ts';
import { findChrome } from '../../server/service/picture/find-chrome.ts';
import { Pictures } from '../../server/service/picture/index.ts';
import type { PictureSource } from '../../server/service/picture/page.ts';
import { connectMcp, eras } from '../helpers/mcp.ts';
import { readPng, type Pixels } from '../helpers/png.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { soon } from '../helpers/soon.ts';

const hasBrowser = findChrome(process.platform, process.env) !== null;

/** A picture with one blue pixel. */
const BLUE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==',
  'base64',
);

let folder: string;
beforeEach(() => {
  // The browsers of this test have their files in this folder.
  const before = process.env['TMPDIR'];
  folder = mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  folders.push(folder);
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  };
});

const folders: string[] = [];
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true, maxRetries: 10 });
});

/** Returns the command lines of the processes that use the folder of this test. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(folder));
}

const isLinux = process.platform === 'linux';

/** Fails if a process of a browser is still running, or if a file of its profile still exists. */
async function expectNothingLeft(): Promise<void> {
  if (isLinux) await soon(() => expect(processes()).toEqual([]));
  await soon(() => expect(readdirSync(folder)).toEqual([]));
}

async function capture(sandbox: TestSandbox, mail: Record<string, unknown>): Promise<string> {
  const { id } = await sandbox.json<{ id: string }>('messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'app@example.test', to: 'user@example.test', subject: 'Hello', ...mail }),
  });
  return id;
}

async function picture(sandbox: TestSandbox, call: string): Promise<Pixels> {
  const response = await sandbox.api(call);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  return readPng(Buffer.from(await response.arrayBuffer()));
}

const SHOWN = {
  html: `<style>body{margin:0;background:#fff}p{margin:0;height:20px;background:#c00}
@media (prefers-color-scheme: dark){p{background:#0c0}} @media (max-width: 400px){p{height:60px}}</style>
<p></p><img src="cid:blue" width="100" height="100" style="display:block">`,
  attachments: [
    { filename: 'blue.png', type: 'image/png', content: BLUE.toString('base64'), contentId: 'blue' },
  ],
};

describe.skipIf(!hasBrowser)(`a picture${hasBrowser ? '' : ' (no browser is installed)'}`, () => {
  it('shows the message with its parts, at a width, and in light or dark colours', async () => {
    const sandbox = await startTestSandbox();
    const id = await capture(sandbox, SHOWN);
    const usual = await picture(sandbox, `messages/${id}/picture`);
    expect([usual.width, usual.at(10, 10), usual.at(10, 30)]).toEqual([800, '#cc0000', '#0000ff']);
    const narrow = await picture(sandbox, 'messages/latest/picture?width=375&dark=true');
    expect([narrow.width, narrow.at(10, 50), narrow.at(10, 70)]).toEqual([375, '#00cc00', '#0000ff']);
    await sandbox.close();
    await expectNothingLeft();
  });

  it.each(eras)('is the result of a tool, for a client of the %s era', async (era) => {
    const sandbox = await startTestSandbox();
    const client = await connectMcp(sandbox.url, era);
    const id = await capture(sandbox, SHOWN);
    const answer = await client.call('render_message', { id, width: 320 });
    expect(answer.structuredContent).toMatchObject({ id, width: 320 });
    const [note, image] = answer.content;
    expect(note?.text).toContain('untrusted mail');
    expect(image).toMatchObject({ type: 'image', mimeType: 'image/png' });
    expect(readPng(Buffer.from(image?.data ?? '', 'base64')).at(10, 50)).toBe('#cc0000');
    const text = await capture(sandbox, { text: 'Only text' });
    expect(await client.call('render_message', { id: text })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('has no HTML part') }],
    });
  });

  it.each(eras)(
    'approximates a mail client and explains the changes, for a client of the %s era',
    async (era) => {
      const sandbox = await startTestSandbox();
      const client = await connectMcp(sandbox.url, era);
      const id = await capture(sandbox, {
        html: `<style>body{margin:0}p{margin:0;height:20px}</style><!--[if mso]><p style="background:#00c"></p><![endif]-->
<!--[if !mso]><!--><p style="background:#c00"></p><!--<![endif]--><p style="background:#0c0;opacity:0"></p>`,
      });
      const view = async (name?: string): Promise<{ pixels: Pixels; text: string; changes: unknown }> => {
        const { content, structuredContent } = await client.call('render_message', { id, client: name });
        const [note, image] = content;
        return {
          pixels: readPng(Buffer.from(image?.data ?? '', 'base64')),
          text: note?.text ?? '',
          changes: structuredContent?.['changes'],
        };
      };
      const sent = await view();
      expect([sent.pixels.at(10, 10), sent.pixels.at(10, 30), sent.changes]).toEqual([
        '#cc0000',
        '#ffffff',
        undefined,
      ]);
      const outlook = await view('outlook.windows');
      expect([outlook.pixels.at(10, 10), outlook.pixels.at(10, 30)]).toEqual(['#0000cc', '#00cc00']);
      expect(outlook.text).toContain('approximates outlook.windows');
      expect(outlook.text).toContain('removed css-opacity, line 2: opacity is not supported. opacity:0');
      expect(outlook.changes).toContain('removed css-opacity, line 2: opacity is not supported. opacity:0');
      expect((await view('apple-mail.macos')).text).toContain('nothing was changed');
    },
  );

  it('is refused for a message without HTML, and for a width outside of the limits', async () => {
    const sandbox = await startTestSandbox();
    const id = await capture(sandbox, { text: 'Only text' });
    expect((await sandbox.api(`messages/${id}/picture`)).status).toBe(404);
    for (const width of ['0', '100000', 'x']) {
      expect((await sandbox.api(`messages/${id}/picture?width=${width}`)).status).toBe(400);
    }
  });

  it('ends with the process of the server, even if it is killed', { skip: !isLinux }, async () => {
    const main = path.join(import.meta.dirname, '../../dist/server/main.js');
    const args = [
      '--memory',
      '--smtp-port',
      '0',
      '--imap-port',
      'off',
      '--pop3-port',
      'off',
      '--http-port',
      '0',
    ];
    const server = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void server.kill('SIGKILL'));
    let output = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await soon(() => expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\//));
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output) ?? [];
    const api = (call: string, init?: RequestInit) => fetch(new URL(`api/${call}`, url), init);
    await api('messages?from=a@x.test&to=b@x.test', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: 'Content-Type: text/html\r\n\r\n<p>Hello</p>',
    });
    expect((await api('messages/latest/picture')).status).toBe(200);
    expect(processes()).not.toEqual([]);
    server.kill('SIGKILL');
    await soon(() => expect(processes()).toEqual([]));
  });
});

/** Opens the service without a store: the documents of these tests are not messages. */
function openPictures(deadline?: number): Pictures {
  const reading = Object.create(MessageReading.prototype) as MessageReading;
  const pictures = new Pictures({ reading, chrome: 'auto', ...(deadline === undefined ? {} : { deadline }) });
  onTestFinished(() => pictures.close());
  return pictures;
}

const OPEN = "default-src * data: 'unsafe-inline' 'unsafe-eval'";
const documentOf = (html: string, part: PictureSource['part'] = async () => null): PictureSource => ({
  html: Buffer.from(html),
  policy: OPEN,
  part,
});
const ONE_PART = '<img src="parts/2">';
const blue = { type: 'image/png', bytes: new Uint8Array(BLUE) };

describe.skipIf(!hasBrowser)(`the browser${hasBrowser ? '' : ' (not installed)'}`, () => {
  it('runs no script and connects to nothing, even for a document that nothing has rewritten', async () => {
    let connections = 0;
    const server = http.createServer((_request, response) => response.end('x')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    server.on('connection', () => connections++);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}`;
    const asked: string[] = [];
    const pictures = openPictures();
    const source = documentOf(
      `<link rel="preconnect" href="${at}"><link rel="dns-prefetch" href="//localhost:${port}"><link rel="prefetch" href="${at}/p">
<link rel="stylesheet" href="http://localhost:${port}/s.css"><link rel="icon" href="${at}/i"><base href="${at}/">
<style>body{margin:0;background:#fff}@import url(${at}/i.css);@font-face{font-family:x;src:url(${at}/f)}
div{font-family:x;background:url(http://[::1]:${port}/b) #c00;height:50px}</style>
<div>text</div><img src="${at}/img"><iframe src="${at}/frame"></iframe><object data="${at}/object"></object>
<video src="${at}/video" autoplay></video><a href="${at}" ping="${at}/ping">x</a><form action="${at}"></form>
<img src="http://message.invalid/parts/1"><img src="file:///etc/passwd"><svg><image href="${at}/svg"/></svg>
<script>document.querySelector('div').style.background = '#0c0'; fetch('${at}/script')</script>
<body onload="document.querySelector('div').style.background='#0c0'"><img src="x:" onerror="fetch('${at}/e')">
<meta http-equiv="refresh" content="60;url=${at}/refresh">`,
      async (part) => {
        asked.push(part);
        return null;
      },
    );
    const { png } = await pictures.takeOf(source, 'the document');
    expect(readPng(png).at(400, 40)).toBe('#cc0000');
    expect([asked, connections]).toEqual([['1'], 0]);
    await pictures.close();
    await expectNothingLeft();
    expect(connections).toBe(0);
  });

  it('cuts a long document, and takes a large picture with fewer pixels', async () => {
    const pictures = openPictures();
    const long = documentOf(
      '<body style="margin:0"><div style="height:30000px;background:linear-gradient(45deg,red,blue)">',
    );
    const whole = await pictures.takeOf(long, 'x', { width: 400, maxHeight: 1_000 });
    expect(whole).toMatchObject({ width: 400, height: 1_000, fullHeight: 30_000, scale: 1 });
    const small = await pictures.takeOf(long, 'x', {
      width: 400,
      maxHeight: 1_000,
      maxOctets: whole.png.length - 1,
    });
    expect(small.scale).toBeLessThan(1);
    expect(readPng(small.png).width).toBe(400 * small.scale);
    await expect(pictures.takeOf(long, 'x', { maxOctets: 10 })).rejects.toMatchObject({
      problem: { type: 'urn:restante:unreadable', detail: expect.stringContaining('10 octets') },
    });
  });

  it('ends at the deadline, and starts again for the next picture', async () => {
    const pictures = openPictures(5_000);
    const endless = documentOf(ONE_PART, () => new Promise(() => undefined));
    await expect(pictures.takeOf(endless, 'message 1')).rejects.toMatchObject({
      problem: {
        type: 'urn:restante:unreadable',
        detail: 'The picture of message 1 took more than 5 seconds',
      },
    });
    await expectNothingLeft();
    const patient = openPictures();
    expect(
      (
        await patient.takeOf(
          documentOf(ONE_PART, async () => blue),
          'x',
        )
      ).width,
    ).toBe(800);
  });

  it('takes two pictures at once, lets twenty wait, and refuses more', async () => {
    const pictures = openPictures();
    const controller = new AbortController();
    let asked = 0;
    const endless = documentOf(ONE_PART, () => {
      asked++;
      return new Promise(() => undefined);
    });
    const taken = Array.from({ length: 22 }, () => pictures.takeOf(endless, 'x', {}, controller.signal));
    const ended = Promise.allSettled(taken);
    await expect(pictures.takeOf(endless, 'x')).rejects.toThrow('2 pictures are running and 20 are waiting');
    await soon(() => expect(asked).toBe(2));
    controller.abort(new Error('The client left'));
    expect((await ended).map(({ status }) => status)).toEqual(Array(22).fill('rejected'));
    expect(asked).toBe(2);
    await expectNothingLeft();
  });

  it('repeats a picture whose browser ended because of another picture', async () => {
    const pictures = openPictures();
    const controller = new AbortController();
    let isStuck = false;
    const stuck = documentOf(ONE_PART, () => {
      isStuck = true;
      return new Promise(() => undefined);
    });
    let times = 0;
    let ended = (): void => undefined;
    const firstEnded = new Promise<void>((resolve) => (ended = resolve));
    const other = documentOf(ONE_PART, async () => {
      if (++times === 1) await firstEnded;
      return blue;
    });
    const first = pictures.takeOf(stuck, 'x', {}, controller.signal);
    const second = pictures.takeOf(other, 'x');
    await soon(() => expect([isStuck, times]).toEqual([true, 1]));
    controller.abort(new Error('The client left'));
    await expect(first).rejects.toThrow('The client left');
    ended();
    expect((await second).width).toBe(800);
    expect(times).toBe(2);
  });

  it('reports a program that is not a browser', async () => {
    const reading = Object.create(MessageReading.prototype) as MessageReading;
    const pictures = new Pictures({ reading, chrome: '/bin/false' });
    await expect(pictures.takeOf(documentOf('x'), 'x')).rejects.toMatchObject({
      problem: { type: 'urn:restante:no-browser', detail: expect.stringContaining('The browser /bin/false') },
    });
    await pictures.close();
    await expectNothingLeft();
  });
});
