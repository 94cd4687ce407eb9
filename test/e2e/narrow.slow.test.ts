/** Tests an open message on narrow screens: its header, and the row of its tabs. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const SUBJECT = 'Your booking in the canal house from the fourth of December '.repeat(4).trim();
const raw = Buffer.from(
  `From: app@shop.test\r\nTo: ann@x.test\r\nSubject: ${SUBJECT}\r\nContent-Type: text/html\r\n\r\n<p>Hello {{ name }}</p><table><tr><td>1</td></tr></table>\r\n`,
);

async function openAt(width: number, view = '') {
  const sandbox = await startTestSandbox();
  const [id = ''] = await sendRaw(sandbox.smtp, [raw], { from: 'app@shop.test', to: ['ann@x.test'] });
  const report = await sandbox.json<CheckReport>(`messages/${id}/checks`);
  const { page } = await open(sandbox, `inbox/all/${id}/${view}`, { viewport: { width, height: 700 } });
  await page.getByRole('tab', { name: 'Preview' }).waitFor();
  return { page, report };
}

const box = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;
/** Resolves with the number of CSS pixels by which the selected tab is outside of its row. */
const outside = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const tab = document.querySelector('[role=tab][aria-selected=true]').getBoundingClientRect();
    const row = document.querySelector('[data-more]:has([role=tab])').getBoundingClientRect();
    return Math.max(0, row.left - tab.left, tab.right - row.right);
  })()`);
const more = (page: Page): Promise<string | null> =>
  page.locator('[data-more]:has([role=tab])').getAttribute('data-more');

describe('the header', () => {
  it.each([820, 375])('shows the date below the subject, %i px', async (width) => {
    const { page } = await openAt(width);
    const subject = await box(page, 'article h2');
    const date = await box(page, 'article time');
    expect(date.y).toBeGreaterThanOrEqual(subject.y + subject.height);
    expect(date.width).toBeGreaterThan(0);
  });

  it('truncates a long subject on a phone until the user taps it', async () => {
    const { page } = await openAt(375);
    const cut = await box(page, 'article h2');
    expect(Math.round(cut.height / 24)).toBe(3);
    expect(await page.locator('article h2').getAttribute('title')).toBe(SUBJECT);
    await page.locator('article h2').click();
    await soon(async () => (await box(page, 'article h2')).height).toBeGreaterThan(cut.height);
  });
});

it('renders the mail in the full width of a phone', async () => {
  const { page } = await openAt(375);
  await soon(async () => Math.round((await box(page, 'iframe')).width)).toBe(375);
});

describe('the row of tabs', () => {
  it.each([375, 320])(
    'fades where it has hidden tabs, and scrolls to the tab selected by key, %i px',
    async (width) => {
      const { page } = await openAt(width);
      await soon(() => more(page)).toBe('after');
      const first = page.locator('[data-more]:has([role=tab])');
      expect(
        await first.evaluate('getComputedStyle(document.querySelector("[data-more]")).maskImage'),
      ).toContain('linear-gradient');
      await page.getByRole('tab', { name: 'Preview' }).press('ArrowLeft');
      await page.getByRole('tab', { name: 'Activity', selected: true }).waitFor();
      await soon(() => more(page)).toBe('before');
      expect(await outside(page)).toBe(0);
    },
  );

  it('keeps the selected tab visible when it becomes narrower', async () => {
    const { page } = await openAt(1400, 'activity');
    await soon(() => more(page)).toBe('');
    await page.setViewportSize({ width: 375, height: 700 });
    await soon(() => more(page)).toContain('before');
    await soon(() => outside(page)).toBe(0);
  });
});

/** Records every text that the badge of the Checks tab shows. */
const RECORD_BADGE = `window.badges = [];
  window.noteBadge = () => {
    const text = document.querySelector('#tab-checks [title]')?.textContent;
    if (text !== undefined && text !== window.badges.at(-1)) window.badges.push(text);
  };
  window.noteBadge();
  new MutationObserver(window.noteBadge).observe(document, { subtree: true, childList: true, characterData: true });`;

describe('the percentage on the Checks tab', () => {
  it('appears without a click, explains what it means, and moves no other tab', async () => {
    const { page, report } = await openAt(1400);
    await page.evaluate(RECORD_BADGE);
    const place = () => box(page, '#tab-activity');
    const before = await place();
    const counted = report.findings.filter(({ severity }) => severity !== 'info').length;
    // The test needs a message for which the number of all findings and the number of counted findings differ.
    expect(counted).toBeLessThan(report.findings.length);
    const score = report.checks.find(({ check }) => check === 'client-support')!.score!;
    const words = `${Math.round(score)} % client support, ${counted} errors and warnings; notes are not counted`;
    await page.getByRole('tab', { name: words }).waitFor();
    expect(await page.locator('#tab-checks [title]').getAttribute('title')).toBe(words);
    const badge = `${Math.round(score)} %`;
    expect(await page.locator('#tab-checks [title]').textContent()).toBe(badge);
    expect(await place()).toEqual(before);
    // The badge shows the value of the complete result at once, and no other value before.
    const badges = await page.evaluate<string[]>('window.badges');
    expect(badges.filter((text) => text !== '…')).toEqual([badge]);
  });

  it('agrees with the summary above the checks, which are sorted by severity', async () => {
    const { page, report } = await openAt(1400, 'checks');
    const n = (level: string) => report.findings.filter(({ severity }) => severity === level).length;
    await page
      .getByText(new RegExp(`^${n('error')} errors?, ${n('warning')} warnings?, ${n('info')} notes?$`))
      .waitFor();
    const worst = (await page.locator('section[aria-labelledby^=check-] > header').allTextContents()).map(
      (text) => ['error', 'warning', 'note'].findIndex((word) => text.includes(` ${word}`)),
    );
    const ranks = worst.map((at) => (at < 0 ? 3 : at));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBeGreaterThan(1);
  });
});

it('keeps the buttons of the rule editor visible on a phone, with a margin', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'rules', { viewport: { width: 375, height: 667 } });
  await page.getByRole('button', { name: 'New rule' }).first().click();
  const save = (await page.getByRole('button', { name: 'Save', exact: true }).boundingBox())!;
  const dialog = await box(page, '[role=dialog]');
  expect(dialog.y + dialog.height - save.y - save.height).toBeGreaterThan(12);
});
