/** Tests a message in every engine: all its views, and the actions of its reader. */
import { describe, expect, inject, it } from 'vitest';
import type { MessagePage } from '../../../contract/index.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { engineForFile, soon, type Page } from '../driver/index.ts';
import { seeded } from '../plain-mail.ts';
import { send } from '../seed.ts';
import { dot } from '../seed-pictures.ts';

const open = engineForFile();

/** Returns a query for a button of a group in which one button is pressed. */
const choice = (name: string) => ({ css: '[aria-pressed], [role=radio]', name });

/** The background colour of a test message, which the UI itself does not use: red, green, blue. */
const GROUND = [230, 20, 140] as const;

/**
 * Resolves with the number of pixels of a colour in a screenshot of the page; engines may round a colour when they
 * paint it.
 */
async function pixelsOf(page: Page, colour: readonly number[]): Promise<number> {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate<number>(`(async () => {
    const octets = Uint8Array.from(atob('${picture}'), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([octets], { type: 'image/png' }));
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (${JSON.stringify(colour)}.every((value, part) => Math.abs(data[at + part] - value) < 4)) count++;
    }
    return count;
  })()`);
}

/** Opens the seeded message whose subject contains some words, in one of its views. */
async function openSeeded(words: string, view = '') {
  const { sandbox, id } = await seeded(words);
  return { sandbox, id, page: await open(sandbox, `inbox/all/${id}/${view}`) };
}

describe('an open message', () => {
  it('shows its HTML, its text, the code and the link, and is marked as read', async () => {
    const { page, sandbox, id } = await openSeeded('Welcome aboard');
    await page.waitFor({ role: 'button', name: 'Copy the code 739204' });
    await page.frame('iframe').waitFor({ role: 'heading', name: 'Welcome aboard, Noor' });
    expect(await page.attribute({ role: 'link', name: /Confirm my address/ }, 'href')).toBe(
      'https://fernweh.example.test/verify?token=9f2c61d0a7e84b',
    );
    await soon(async () => (await sandbox.json<{ seen: boolean }>(`messages/${id}`)).seen).toBe(true);
    await page.click(choice('Text'));
    await soon(() => page.text('[data-text]')).toContain('Or type the code 739204.');
  });

  it('leaves the keyboard to the page after a click into its HTML', async () => {
    const sandbox = await startTestSandbox();
    const html = (n: number) =>
      `<p style="padding: ${n * 30}px">This is body ${n}.</p><input aria-label="Field of the mail">`;
    const mail = [1, 2, 3].map((n) => ({
      ...{ from: 'a@x.test', to: 'b@x.test', subject: `Letter ${n}`, text: 'Text', html: html(n) },
    }));
    await send(sandbox.smtp, mail);
    // The driver of Chromium reports that its own listeners are blocked in the frame.
    const page = await open(sandbox, '', { errors: /Blocked script execution/ });
    await page.click('[data-message]');
    await page.frame('iframe').click({ css: 'p', text: 'This is body 3.' });
    // WebKit does not pass on the keys that are pressed in a frame. In WebKit, the page moves the focus to the element
    // around the frame after a moment. Before that, an earlier element has the focus.
    const hasKeys = `!navigator.vendor.includes('Apple') || (({ activeElement }, frame) =>
      activeElement !== document.body && activeElement !== frame && activeElement.contains(frame)
    )(document, document.querySelector('iframe'))`;
    await soon(() => page.evaluate(hasKeys)).toBe(true);
    await page.press('j');
    await page.waitFor({ role: 'heading', name: 'Letter 2' });
    if (inject('engine') === 'webkit') return;
    await page.frame('iframe').click({ css: 'p', text: 'This is body 2.' });
    await page.press('3');
    await soon(async () => (await page.url()).pathname).toMatch(/headers$/);
    await page.press('1');
    await page.frame('iframe').click({ css: 'p', text: 'This is body 2.' });
    await page.press('Delete');
    await page.waitFor({ role: 'heading', name: 'Letter 1' });
    await soon(() => page.count('[data-message]')).toBe(2);
    // A field of the mail takes the keys itself.
    await page.frame('iframe').click({ css: 'input' });
    await page.press('k');
    await soon(() => page.frame('iframe').value({ css: 'input' })).toBe('k');
    await page.waitFor({ role: 'heading', name: 'Letter 1' });
  });

  it('shows its own pictures in elements and in styles', async () => {
    const sandbox = await startTestSandbox();
    const picture = (cid: string, colour: Parameters<typeof dot>[0]) => ({
      filename: `${cid}.png`,
      content: dot(colour),
      cid,
      contentDisposition: 'inline' as const,
    });
    const html = '<p>pic</p><img src="cid:logo@x"><h1 style="background:url(cid:ground@x)">styled</h1>';
    const attachments = [picture('logo@x', [0, 0, 0]), picture('ground@x', GROUND)];
    await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', subject: 'Logo', html, attachments }]);
    const page = await open(sandbox);
    await page.click('[data-message]');
    await page.waitFor('iframe');
    await soon(() => page.frame('iframe').evaluate('document.images[0]?.naturalWidth')).toBe(1);
    await soon(() => pixelsOf(page, GROUND)).toBeGreaterThan(1000);
  });

  it('lists and shows its attachments', async () => {
    const { page } = await openSeeded('Design review');
    await page.click({ role: 'button', name: /^View invite\.ics/ });
    await page.waitFor({ text: 'Design review, winter release', within: { role: 'dialog' } });
    await page.press('Escape');
    await page.waitForNone({ role: 'dialog' });
    await page.click({ role: 'button', name: /^View canal-room\.png/ });
    const picture = `document.querySelector('[role=dialog] img')?.naturalWidth`;
    await soon(() => page.evaluate(picture)).toBe(520);
  });

  it('reports a damaged picture', async () => {
    const sandbox = await startTestSandbox();
    const attachments = [{ filename: 'logo.png', contentType: 'image/png', content: 'no picture at all' }];
    await send(sandbox.smtp, [{ from: 'a@x.test', to: 'b@x.test', text: 'Look', attachments }]);
    const page = await open(sandbox);
    await page.click('[data-message]');
    const chip = { role: 'button', name: /^View logo\.png/ } as const;
    await page.waitFor(chip);
    await soon(() => page.count({ css: 'img', within: chip })).toBe(0);
    await page.click(chip);
    await page.waitFor({ role: 'alert', text: 'cannot show this picture' });
  });

  it('can be answered', async () => {
    const { page, sandbox } = await openSeeded('Booking 20817');
    await page.click({ role: 'button', name: 'Reply' });
    const dialog = { role: 'dialog' } as const;
    const field = (name: string) => page.value({ role: 'textbox', name, within: dialog });
    await soon(() => field('To')).toBe('Jonas Weber <jonas@example.test>');
    await page.type('An answer. ');
    await soon(() => field('Text')).toMatch(/^An answer\. \s*On .* wrote:/);
    await page.click({ role: 'button', name: 'Send', within: dialog });
    await page.waitForNone(dialog);
    const { messages: found } = await sandbox.json<MessagePage>('messages?query=to:jonas@example.test');
    expect(found[0]).toMatchObject({
      subject: 'Re: Booking 20817 has the wrong dates',
      envelope: { from: 'support@fernweh.example.test' },
    });
  });

  it('can be tagged', async () => {
    const { page, sandbox } = await openSeeded('Booking 20817');
    await page.click({ role: 'button', name: 'Add a tag' });
    await page.type('urgent');
    await page.press('Enter');
    await page.waitFor({ role: 'button', name: 'Remove the tag urgent' });
    await soon(async () => (await sandbox.json<MessagePage>('messages?query=tag:urgent')).total).toBe(1);
  });
});

describe('the views of a message', () => {
  const panel = { role: 'tabpanel' } as const;

  it('show its headers, decoded and as sent', async () => {
    const { page } = await openSeeded('gęślą', 'headers');
    await page.waitFor({ text: 'Zażółć gęślą jaźń — pytanie o rezerwację', within: panel });
    await page.click(choice('As sent'));
    await page.waitFor({ text: '=?UTF-8?', within: panel });
    await page.fill({ role: 'searchbox', within: panel }, 'message-id');
    await soon(() => page.count({ css: 'dl > div', within: panel })).toBe(1);
  });

  it('show its source: HTML, text, raw, structure; the address names the view', async () => {
    const { page } = await openSeeded('Welcome aboard', 'source');
    await soon(() => page.text(panel)).toContain('<!doctype html>');
    await page.click(choice('Text'));
    await soon(() => page.text('[data-text]')).toContain('Or type the code 739204.');
    await page.click(choice('Raw'));
    await soon(() => page.text(panel)).toContain('Content-Type: multipart/alternative');
    expect((await page.url()).searchParams.get('view')).toBe('raw');
    await page.reload();
    await soon(() => page.text(panel)).toContain('Content-Type: multipart/alternative');
  });

  it('show its structure, and each part, also at the address of earlier versions', async () => {
    const { page } = await openSeeded('What the kiln', 'structure');
    await page.waitFor({ role: 'tab', name: 'Source' });
    await page.waitFor({ text: 'multipart/related', within: panel });
    await page.click({ role: 'button', name: /text\/plain/, within: panel });
    await soon(() => page.text(panel)).toContain('Seven bowls, two happy accidents');
  });

  it('show its envelope, the differences from the headers, and the transcript beside the headers', async () => {
    const { page } = await openSeeded('Design review', 'headers');
    await page.waitFor({
      text: 'archive@fernweh.example.test is a recipient of the envelope, but no header names it',
    });
    await soon(() => page.text('[data-transcript]')).toContain('RCPT TO:<anna@fernweh.example.test>');
  });

  it('list its links by a key, and show a test to copy', async () => {
    const { page } = await openSeeded('Reset your password');
    const links = { role: 'region', name: 'Links' } as const;
    await page.waitFor({ role: 'button', name: /^\d+ links/ });
    await page.press('l');
    await page.waitFor({ text: 'https://fernweh.example.test/reset?token=51d0c2f7', within: links });
    await page.press('l');
    await page.waitForNone(links);
    await page.click({ role: 'button', name: 'Test' });
    await page.waitFor({ role: 'dialog', name: 'Test' });
    await page.waitFor({ text: "inbox.waitFor({ subject: 'Reset your password' })" });
    await page.waitFor({ text: "message.link({ kind: 'reset' }).href" });
  });

  it('show findings of the checks, with links to their lines in the HTML, where they are marked', async () => {
    const { page } = await openSeeded('Welcome aboard', 'checks');
    const region = { role: 'region', name: 'Client support' } as const;
    const place = { role: 'button', name: /^HTML, line [\d,]+, column \d+$/, within: region } as const;
    await page.waitFor(place);
    const line = /line ([\d,]+)/.exec(await page.text(place))?.[1]?.replace(',', '');
    await page.click(place);
    await soon(() => page.attribute('[aria-current=true][data-line]', 'data-line')).toBe(line);
    expect((await page.url()).searchParams.get('view')).toBe('html');
    await page.waitFor('[aria-current=true][data-line] mark');
  });
});

describe('the room for a message', () => {
  const pane = 'Math.round(document.querySelector("article").getBoundingClientRect().width)';

  it('is the whole width of the window after z, until z is pressed again', async () => {
    const { page } = await openSeeded('Welcome aboard');
    await page.waitFor('[data-message]');
    await page.waitFor('iframe');
    await page.press('z');
    await soon(() => page.evaluate(pane)).toBe(1280);
    await page.waitForNone('[data-message]');
    await page.press('j');
    await page.waitFor({ role: 'heading', name: /^Zażółć/ });
    await page.press('z');
    await page.waitFor('[data-message]');
  });

  it('begins at most 185 pixels below the top of the window', async () => {
    const { page } = await openSeeded('Welcome aboard');
    await page.waitFor('iframe');
    await soon(() =>
      page.evaluate('document.querySelector("iframe").getBoundingClientRect().top'),
    ).toBeLessThan(186);
  });
});
