/** Tests the checks of a message in every engine: tiles, matrix of clients, folded notes, chosen clients. */
import { expect, it } from 'vitest';
import type { CheckReport } from '../../../contract/index.ts';
import { engineForFile, soon } from '../driver/index.ts';
import { seeded } from '../plain-mail.ts';

const open = engineForFile();

it('shows the share of client support in a tile and on the tab, and the features in a matrix', async () => {
  const { sandbox, id } = await seeded('Welcome aboard');
  const { checks, findings } = await sandbox.json<CheckReport>(`messages/${id}/checks`);
  const share = `${Math.round(checks.find(({ check }) => check === 'client-support')!.score!)} %`;
  const page = await open(sandbox, `inbox/all/${id}/checks`);
  await soon(() => page.text('[data-tile=client-support]')).toContain(share);
  await soon(() => page.text('#tab-checks')).toContain(share);
  expect(await page.text('[data-tile=links]')).toContain('not run yet');
  // Each feature without full support is a row; a click shows the line of its finding.
  const features = findings.filter(({ check }) => check === 'client-support');
  await soon(() => page.count('[data-feature]')).toBe(features.length);
  const matrix = { role: 'region', name: 'Features and mail clients' } as const;
  const place = { role: 'button', name: /^line \d+$/, within: matrix } as const;
  const line = (await page.text(place)).replace('line ', '');
  await page.click(place);
  await soon(() => page.attribute('[aria-current=true][data-line]', 'data-line')).toBe(line);
});

it('considers only the chosen clients, and keeps the choice', async () => {
  const { sandbox, id } = await seeded('Welcome aboard');
  const page = await open(sandbox, `inbox/all/${id}/checks`);
  const columns = () => page.texts('thead th');
  await soon(columns).toContain('Samsung');
  await page.click({ role: 'button', name: 'Gmail' });
  await soon(columns).toEqual(['Feature', 'Gmail']);
  const { checks } = await sandbox.json<CheckReport>(`messages/${id}/checks?clients=gmail.*`);
  const share = `${Math.round(checks.find(({ check }) => check === 'client-support')!.score!)} %`;
  await soon(() => page.text('[data-tile=client-support]')).toContain(share);
  await page.reload();
  await soon(columns).toEqual(['Feature', 'Gmail']);
});

it('folds notes', async () => {
  const { sandbox, id } = await seeded('Welcome aboard');
  const page = await open(sandbox, `inbox/all/${id}/checks`);
  const within = { role: 'region', name: 'Client support' } as const;
  const notes = { css: 'summary', text: 'note', within } as const;
  const place = { css: 'li button', within } as const;
  await page.waitFor(notes);
  const folded = await page.count(place);
  await page.click(notes);
  await soon(() => page.count(place)).toBeGreaterThan(folded);
});
