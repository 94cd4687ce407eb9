/** Tests all views of a message in a real browser. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { seeded } from './plain-mail.ts';
import { send } from './seed.ts';
import { photo } from './seed-pictures.ts';

const open = browserForFile();

/** Opens the seeded message whose subject contains some words, in one of its views. */
async function openSeeded(words: string, view = '') {
  const { sandbox, id } = await seeded(words);
  return { sandbox, id, ...(await open(sandbox, `inbox/all/${id}/${view}`)) };
}

describe('an open message', () => {
  it('renders with the chosen width and colours', async () => {
    const { page } = await openSeeded('Welcome aboard');
    const body = page.frameLocator('iframe').locator('body');
    await body.waitFor();
    await page.locator('[aria-label="Phone, 375 px"]').click();
    await soon(() => body.evaluate('innerWidth')).toBe(375);
    await page.getByRole('button', { name: 'Larger' }).click();
    await soon(() => body.evaluate('innerWidth')).toBe(375);
    await page.getByRole('button', { name: 'Smaller' }).click();
    // The width is changed at the edge of the preview (which moves half as far as the width changes, since the
    // preview is centred), and by key.
    const handle = page.getByRole('separator', { name: 'Drag to change the width' });
    const edge = (await handle.boundingBox())!;
    const middle = { x: edge.x + edge.width / 2, y: edge.y + edge.height / 2 };
    // Until the smaller frame is painted, the browser still sends the pointer's events to the larger frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await page.mouse.move(middle.x, middle.y);
    await soon(() => handle.evaluate((element) => element.matches(':hover'))).toBe(true);
    await page.mouse.down();
    await page.mouse.move(middle.x + 50, middle.y, { steps: 3 });
    await page.mouse.up();
    await soon(() => body.evaluate('innerWidth')).toBe(475);
    expect(Math.abs((await handle.boundingBox())!.x - edge.x - 50)).toBeLessThanOrEqual(1);
    await handle.press('ArrowLeft');
    await soon(() => body.evaluate('innerWidth')).toBe(459);
    await page.locator('[aria-label="Free width, 459 px"]').waitFor();
  });

  it('lists, previews and downloads its attachments', async () => {
    const { page } = await openSeeded('Design review');
    await page.getByRole('button', { name: 'View invite.ics' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Design review, winter release').waitFor();
    await page.keyboard.press('Escape');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download invite.ics' }).click();
    const file = await (await downloading).path();
    expect(await readFile(file, 'utf8')).toContain('BEGIN:VCALENDAR');
  });

  it('shows an invitation as nodemailer attaches it', async () => {
    const sandbox = await startTestSandbox();
    const content = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Tasting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    const invitation = { from: 'a@x.test', to: 'b@x.test', subject: 'Join us', text: 'Join us' };
    await send(sandbox.smtp, [{ ...invitation, icalEvent: { method: 'REQUEST', content } }]);
    const { page } = await open(sandbox);
    await page.locator('[data-message]').click();
    await page.getByRole('button', { name: 'View invite.ics' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Tasting' }).waitFor();
  });

  it('shows JSON, HTML, logs, reports and nested messages', async () => {
    const sandbox = await startTestSandbox();
    const nested =
      'From: c@x.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nThe text of the nested message\r\n';
    const report =
      'Reporting-MTA: dns; x.test\r\n\r\nFinal-Recipient: rfc822; a@x.test\r\nAction: failed\r\n';
    const attachments = [
      { filename: 'data.json', content: '{"a":[1]}', contentType: 'application/json' },
      { filename: 'page.html', content: '<p onclick="x()">Hello</p>', contentType: 'text/html' },
      { filename: 'server.log', content: '12:00 started', contentType: 'application/octet-stream' },
      { filename: 'status.txt', content: report, contentType: 'message/delivery-status' },
      { filename: 'nested.eml', content: nested, contentType: 'message/rfc822' },
    ];
    await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', text: 'See below', attachments }]);
    const { page } = await open(sandbox);
    await page.locator('[data-message]').click();
    const dialog = page.getByRole('dialog');
    const view = async (name: string, ...texts: string[]) => {
      await page.getByRole('button', { name: `View ${name}` }).click();
      for (const text of texts) await dialog.getByText(text).first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await view('data.json', '"a": [');
    await view('page.html', 'onclick=');
    await view('server.log', '12:00 started');
    await view('status.txt', 'Final-Recipient', 'rfc822; a@x.test');
    await view('nested.eml', 'Grüße', 'The text of the nested message');
  });

  it('shows an invitation that is only an alternative of the body', async () => {
    const sandbox = await startTestSandbox();
    const calendar = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Stand-up\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    const alternatives = [{ contentType: 'text/calendar; method=REQUEST', content: calendar }];
    await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', text: 'Join us', alternatives }]);
    const { page } = await open(sandbox);
    await page.locator('[data-message]').click();
    await page.getByRole('button', { name: 'View Invitation' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Stand-up' }).waitFor();
  });

  it('reports that remote pictures are not loaded, and loads them on request', async () => {
    const { page } = await openSeeded('Welcome aboard');
    await page.frameLocator('iframe').getByRole('heading').waitFor();
    expect(await page.getByText('Images from the network are not loaded').count()).toBe(0);

    const sandbox = await startTestSandbox();
    const html = `<p>Look: <img src="https://pictures.example.test/ours.png" alt="Ours"></p>`;
    await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', text: 'Look', html }]);
    const { page: other, requests } = await open(sandbox, '', { errors: /Content Security Policy/ });
    const picture = { contentType: 'image/png', body: photo() };
    await other.context().route('https://pictures.example.test/**', (route) => route.fulfill(picture));
    await other.locator('[data-message]').click();
    await other.getByText('Images from the network are not loaded').waitFor();
    await other.getByRole('button', { name: 'Load them' }).click();
    await soon(async () => requests.some((url) => url.endsWith('/ours.png'))).toBe(true);
    expect(await other.getByText('Images from the network are not loaded').count()).toBe(0);
  });

  it('packs its attachments into one archive', async () => {
    const { page } = await openSeeded('Your receipt');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download all' }).click();
    const bytes = await readFile(await (await downloading).path());
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50);
    const names = [...bytes.toString('latin1').matchAll(/(invoice-2026-1107\.pdf|seats\.csv)/g)].map(String);
    expect(new Set(names.map((name) => name.split(',')[0]))).toEqual(
      new Set(['invoice-2026-1107.pdf', 'seats.csv']),
    );
    expect(bytes.readUInt16LE(bytes.length - 22 + 10)).toBe(2);
  });

  it('is answered to all recipients from the address of the reader', async () => {
    const sandbox = await startTestSandbox();
    const mail = {
      from: 'Ann <ann@x.test>',
      to: ['bob@x.test', 'Cleo <cleo@x.test>', 'ann@x.test'],
      cc: 'dan@x.test, CLEO@x.test',
      bcc: 'eve@x.test',
      subject: 'Lunch',
      text: 'Where?',
    };
    await send(sandbox.smtp, [mail]);
    const { page } = await open(sandbox, 'inbox/cleo@x.test');
    await page.locator('[data-message]').click();
    await page.getByRole('button', { name: 'Reply to all' }).waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Reply to all' });
    const field = (name: string) => dialog.getByLabel(name, { exact: true }).inputValue();
    expect(await field('From')).toBe('Cleo <cleo@x.test>');
    expect(await field('To')).toBe('Ann <ann@x.test>');
    expect(await field('Cc')).toBe('bob@x.test, dan@x.test');
    expect(await field('Bcc')).toBe('');
  });
});

describe('the checks of a message', () => {
  it('are limited to the chosen mail clients, and store the choice', async () => {
    const { page } = await openSeeded('Welcome aboard', 'checks');
    const wanted = page.getByLabel('Only the clients that matter, separated by commas');
    await wanted.fill('outlook.windows');
    await wanted.press('Enter');
    await page.getByText('1 mail client', { exact: true }).first().waitFor();
    await soon(() => page.getByRole('columnheader').allTextContents()).toEqual([
      'Feature',
      'Outlook (Windows)',
    ]);
    await page.reload();
    await page.getByText('1 mail client', { exact: true }).first().waitFor();
  });
});
