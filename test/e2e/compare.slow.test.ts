/** Tests the comparison of two messages in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { seriousFindings } from './axe.ts';
import { send } from './seed.ts';
import { photo, sparkline } from './seed-pictures.ts';

const open = browserForFile();
let sandbox: TestSandbox;
let ids: { first: string; second: string; other: string };

const order = (number: string, name: string, total: string, extra = '') => ({
  from: 'Paperboy <shop@paperboy.test>',
  to: 'ann@x.test',
  subject: `Order ${number} confirmed`,
  headers: { 'x-template': `order/${number}` },
  text: `Hello ${name},\n\nthank you for your order.\n\nTotal: ${total}\n${extra}`,
  html:
    `<body style="background:#fff"><h1>Order ${number}</h1><p>Hello <b>${name}</b>, thank you for your order.</p>` +
    `<div style="height:1500px">Total: <span>${total}</span></div><p id="last">${extra || 'Goodbye'}</p></body>`,
});

beforeAll(async () => {
  sandbox = await openTestSandbox();
  await send(sandbox.smtp, [
    { from: 'news@x.test', to: 'ann@x.test', subject: 'Weekly', text: 'Nothing new.' },
    order('1001', 'Ann', '12 EUR'),
    order('1002', 'Bob', '47 EUR', 'With regards'),
  ]);
  const { messages } = await sandbox.json<MessagePage>('messages');
  const idOf = (words: string): string => messages.find(({ subject }) => subject.includes(words))!.id;
  ids = { first: idOf('1001'), second: idOf('1002'), other: idOf('Weekly') };
});
afterAll(() => sandbox.close());

const marked = (page: Page, element: 'del' | 'ins'): Promise<string[]> =>
  page.getByRole('main').locator(element).allTextContents();

describe('the comparison of two messages', () => {
  it('opens for two selected messages, with the older one on the left, and has its own address', async () => {
    const { page } = await open(sandbox, 'inbox/all');
    for (const id of [ids.second, ids.first]) {
      await page.locator(`[data-message="${id}"]`).click({ modifiers: ['Control'] });
    }
    await page.getByRole('button', { name: 'Compare the two' }).click();
    await page.waitForURL(`**/compare/${ids.first}/${ids.second}*`);
    await page.getByLabel('Headers', { exact: true }).click();
    await page.waitForURL(`**/compare/${ids.first}/${ids.second}/headers`);
    await soon(() => marked(page, 'del')).toContain('1001');
    expect(await marked(page, 'ins')).toContain('1002');
    const subject = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Subject' }) });
    expect(await subject.locator('del').allTextContents()).toEqual(['1001']);
    expect(await subject.locator('ins').allTextContents()).toEqual(['1002']);
    await page.keyboard.press('u');
    await page.waitForURL('**/inbox/all');
  });

  it('marks the different words in the text, moves between them by key, and hides equal lines', async () => {
    const { page } = await open(sandbox, `compare/${ids.first}/${ids.second}/text`);
    await soon(() => marked(page, 'del')).toEqual(['Ann', '12']);
    expect(await marked(page, 'ins')).toEqual(['Bob', '47', 'With regards']);
    const counted = page.locator('[data-differences]');
    expect(await counted.textContent()).toContain('2 differences');
    await page.keyboard.press('n');
    await soon(() => counted.textContent()).toContain('1 of 2');
    expect(await page.locator('[data-difference][aria-current]').textContent()).toContain('Bob');
    await page.keyboard.press('p');
    await soon(() => counted.textContent()).toContain('2 of 2');
    expect(await page.locator('[data-same="true"]').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Swap sides' }).click();
    await page.waitForURL(`**/compare/${ids.second}/${ids.first}/text`);
    await soon(() => marked(page, 'del')).toContain('Bob');
  });

  it('renders both messages, marks the differences, and scrolls both sides together', async () => {
    // Playwright injects listeners into the frames when the mouse moves over them; the policy blocks these scripts.
    const { page } = await open(sandbox, `compare/${ids.first}/${ids.second}`, {
      errors: /^Blocked script execution/,
    });
    const frame = (at: number) => page.locator('iframe').nth(at).contentFrame();
    const [left, right] = [frame(0), frame(1)];
    await soon(() => page.locator('[data-differences]').textContent()).toContain('4 differences');
    await soon(() => left.locator('mark').allTextContents()).toEqual(['1001', 'Ann', '12', 'Goodbye']);
    await soon(() => right.locator('mark').allTextContents()).toEqual(['1002', 'Bob', '47', 'With regards']);
    const last = [left.locator('#last'), right.locator('#last')];
    const tops = async (): Promise<number[]> =>
      Promise.all(last.map(async (one) => Math.round((await one.boundingBox())?.y ?? NaN)));
    const before = await tops();
    expect(before[0]).toBeGreaterThan(1000);
    await page.mouse.move(500, 500);
    await page.mouse.wheel(0, 700);
    await soon(async () => (await tops())[0]! < before[0]! - 300).toBe(true);
    const after = await tops();
    expect(after[0]! - before[0]!).toBe(after[1]! - before[1]!);
    for (let press = 0; press < 4; press++) await page.keyboard.press('n');
    await soon(() => page.locator('[data-differences]').textContent()).toContain('4 of 4');
    await soon(async () => (await tops())[0]! < 800).toBe(true);
  });

  it('marks pictures whose content differs, regardless of their position and of the query in their URL', async () => {
    const own = await startTestSandbox();
    const mail = (subject: string, content: Buffer, banner: string) => ({
      ...{ from: 'a@x.test', to: 'b@x.test', subject },
      html: `<p>Same words</p><img id="photo" src="cid:photo"><img id="logo" src="cid:logo">${banner}<p>The end</p>`,
      attachments: [
        { filename: 'photo.png', content, cid: 'photo' },
        { filename: 'logo.png', content: sparkline(), cid: 'logo' },
      ],
    });
    const opened = (n: number): string =>
      `<img src="https://x.test/open.gif?n=${n}" width="1" height="1"><img src="https://x.test/head.png?n=${n}">`;
    await send(own.smtp, [
      mail('First', photo(), opened(1)),
      mail(
        'Second',
        photo().subarray(0, -40),
        `${opened(2)}<img id="more" src="https://x.test/more.png" alt="More">`,
      ),
    ]);
    const { messages } = await own.json<MessagePage>('messages');
    const { page } = await open(own, `compare/${messages[1]!.id}/${messages[0]!.id}`, {
      errors: /Content Security Policy/,
    });
    await soon(() => page.locator('[data-differences]').textContent()).toContain('2 differences');
    const outlined = (at: number): Promise<string[]> =>
      page
        .locator('iframe')
        .nth(at)
        .contentFrame()
        .locator('img[style*=outline]')
        .evaluateAll((found) => found.map(({ id }) => id));
    expect(await outlined(0)).toEqual(['photo']);
    expect(await outlined(1)).toEqual(['photo', 'more']);
    const heights = await page
      .locator('iframe')
      .evaluateAll((found) => found.map((one) => one.getBoundingClientRect().height));
    expect(heights[0]).toBe(heights[1]);
  });

  it('selects the other message in a menu, with similar messages first, and in the palette', async () => {
    const { page } = await open(sandbox, `inbox/all/${ids.first}`);
    await page.getByRole('button', { name: 'More for this message' }).click();
    await page.getByRole('menuitem', { name: 'Compare with…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option').first().waitFor();
    await soon(() => dialog.getByRole('option').first().textContent()).toContain('Order 1002 confirmed');
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('option', { name: /Weekly/ }).click();
    await page.waitForURL(`**/compare/${ids.other}/${ids.first}*`);
    await soon(() => page.getByRole('main').textContent()).toContain('thank you for your order.');
    await page.goBack();
    await page.getByRole('heading', { name: 'Order 1001 confirmed' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Compare with');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /Order 1002/ }).waitFor();
    await page.keyboard.type('subject:1002');
    await soon(() => page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/compare/${ids.first}/${ids.second}*`);
  });

  it('selects a message by Enter after a search without results, and after the pointer has left the list', async () => {
    const { page } = await open(sandbox, `inbox/all/${ids.first}`);
    await page.getByRole('heading', { name: 'Order 1001 confirmed' }).waitFor();
    await page.keyboard.press('d');
    const options = page.getByRole('option');
    await options.filter({ hasText: 'Weekly' }).waitFor();
    // The pause while `subject:` is typed is long enough that the palette sends the unfinished query.
    const asked = page.waitForRequest(/query=sub(?:&|$)/);
    await page.keyboard.type('sub');
    await asked;
    await page.keyboard.type('ject:', { delay: 200 });
    await page.keyboard.type('nothing');
    await soon(() => options.count()).toBe(0);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('subject:1002');
    await options.filter({ hasText: 'Order 1002' }).hover();
    await page.mouse.move(1, 1);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/compare/${ids.first}/${ids.second}*`);
  });

  it('reports that one of the messages was deleted', async () => {
    const { page } = await open(sandbox, `compare/${ids.first}/nowhere`, { errors: /status of 404/ });
    await page.getByText('One of the messages no longer exists').waitFor();
  });
});
