/** Tests the findings in the source of a message in a real browser: each is marked at its place, in both themes. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { CheckReport, Finding } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { seriousFindings } from './axe.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const raw = Buffer.from(
  [
    'From: app@shop.test',
    'To: ann@x.test',
    'Subject: Order',
    'Date: yesterday',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '<p>Grüße, {{ name }}</p>',
    '<p>Grüße <script src="https://cdn.test/x.js"></script></p>',
    '<img src="https://shop.test/a.png">',
    '',
  ].join('\r\n'),
);

type Placed = Finding & { where: { line: number; column: number } };

/** Opens the source of a captured message; resolves with the page and the findings that have a place. */
async function openSource(view: string, options: Parameters<typeof open>[2] = {}) {
  const sandbox = await startTestSandbox();
  const [id = ''] = await sendRaw(sandbox.smtp, [raw], { from: 'app@shop.test', to: ['ann@x.test'] });
  const { findings } = await sandbox.json<CheckReport>(`messages/${id}/checks`);
  const placed = findings.filter((one): one is Placed => one.where?.line !== undefined);
  return { placed, ...(await open(sandbox, `inbox/all/${id}/${view}`, options)) };
}

const showRaw = (page: Page): Promise<void> =>
  page.getByRole('tabpanel').getByText('Raw', { exact: true }).click();
/** Resolves with the line number and the title of each marked line. */
const markedLines = (page: Page): Promise<(readonly [number, string])[]> =>
  page.evaluate(`[...document.querySelectorAll('[data-line][data-severity]')].map((line) => [
    Number(line.dataset.line), line.title])`);
/**
 * An expression with the visible properties of each mark: whether its background differs from that of the page, and
 * its underline.
 */
const LOOKS = `[...document.querySelectorAll('mark')].map((mark) => {
  const { backgroundColor, textDecorationLine, textDecorationStyle } = getComputedStyle(mark);
  return [backgroundColor !== getComputedStyle(document.body).backgroundColor, textDecorationLine, textDecorationStyle].join(' ');
})`;

describe('the source of a message', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`marks every finding that has a place, ${colorScheme}`, async () => {
      const { page, placed } = await openSource('source', { colorScheme, reducedMotion: 'reduce' });
      await showRaw(page);
      const lines = [...new Set(placed.map(({ where }) => where.line))].sort((a, b) => a - b);
      // The marks include header fields, text and elements: a test with two marked lines would prove little.
      expect(lines.length).toBeGreaterThan(4);
      await soon(async () => (await markedLines(page)).map(([line]) => line)).toEqual(lines);
      const said = new Map(await markedLines(page));
      for (const { where, message } of placed) expect(said.get(where.line)?.split('\n')).toContain(message);
      const looks = await page.evaluate<string[]>(LOOKS);
      expect(looks.length).toBeGreaterThanOrEqual(lines.length);
      // Notes have dotted lines; errors and warnings have wavy lines.
      const lineOf = ({ severity }: Finding) => (severity === 'info' ? 'dotted' : 'wavy');
      expect(new Set(looks)).toEqual(new Set(placed.map((one) => `true underline ${lineOf(one)}`)));
      await page.getByText(`${placed.length} findings marked`).click();
      expect(await seriousFindings(page)).toEqual([]);
    });
  }

  it('marks the exact characters, also after characters of several octets, with the text of the finding', async () => {
    const { page } = await openSource('source');
    await showRaw(page);
    const place = page.locator('[data-line="9"] mark').filter({ hasText: '{{ name }}' });
    await place.waitFor();
    expect(await place.textContent()).toBe('{{ name }}');
    expect(await place.getAttribute('title')).toContain('{{ name }}');
    const script = page.locator('[data-line="10"] mark').first();
    expect(await script.textContent()).toMatch(/^<script/);
  });

  it('lists the marks, and moves to each of them by key', async () => {
    const { page, placed } = await openSource('source');
    await showRaw(page);
    await page.getByText(`${placed.length} findings marked`).click();
    await page.locator('[data-line="9"] mark').first().waitFor();
    const items = page.getByRole('tabpanel').getByRole('listitem').getByRole('button');
    expect(await items.count()).toBe(placed.length);
    const item = items.filter({ hasText: 'line 10,' }).first();
    await item.focus();
    await page.keyboard.press('Enter');
    const current = page.locator('[aria-current=true][data-line]');
    await soon(() => current.getAttribute('data-line')).toBe('10');
    await soon(() => current.evaluate((line) => line.getBoundingClientRect().top > 0)).toBe(true);
  });
});

it('opens the mark of a finding among the other marks, in the HTML where it is about the HTML', async () => {
  const { page, placed } = await openSource('checks');
  // Line 9 of the raw message is line 1 of the HTML.
  const open = async (finding: Placed, name: RegExp) =>
    page
      .getByRole('listitem')
      .filter({ hasText: finding.message })
      .getByRole('button', { name })
      .first()
      .click();
  const inHtml = placed.find(({ where }) => where.line === 9 && where.part !== undefined)!;
  await open(inHtml, /^HTML, line 1, column \d+$/);
  const mark = page.locator('[data-line="1"][aria-current=true] mark').filter({ hasText: '{{ name }}' });
  await mark.first().waitFor();
  await page.getByRole('tab', { name: 'Checks' }).click();
  const inHeader = placed.find(({ where }) => where.line === 4)!;
  await open(inHeader, /line 4, column \d+$/);
  await page.locator('[data-line="4"][aria-current=true] mark').first().waitFor();
  await soon(async () => (await markedLines(page)).length).toBe(
    new Set(placed.map(({ where }) => where.line)).size,
  );
});

it('indents HTML by its structure on request, and stores the choice', async () => {
  const sandbox = await startTestSandbox();
  const html = '<html><body><ul><li>one</li><li>two</li></ul></body></html>';
  const [id = ''] = await sendRaw(
    sandbox.smtp,
    [Buffer.from(['Subject: On one line', 'Content-Type: text/html', '', html, ''].join('\r\n'))],
    { from: 'app@shop.test', to: ['ann@x.test'] },
  );
  const { page } = await open(sandbox, `inbox/all/${id}/source`);
  const lines = page.locator('[data-line]');
  const toggle = page.getByRole('button', { name: 'Indent by structure' });
  await soon(() => lines.allTextContents()).toContain(html);
  await toggle.click();
  await soon(() => lines.allTextContents()).toEqual(
    expect.arrayContaining(['      <li>one</li>', '      <li>two</li>']),
  );
  await page.reload();
  await soon(() => toggle.getAttribute('aria-pressed')).toBe('true');
  await toggle.click();
  await soon(() => lines.allTextContents()).toContain(html);
});
