/** Tests the layout of the stage, which shows a message in several frames. */
import { expect, it } from 'vitest';
import { stageRows, stageScale } from '../../../../ui/model/message/stage-layout.ts';

it('has the frames of each choice, in rows', () => {
  const shape = (rows: ReturnType<typeof stageRows>) =>
    rows.map((row) => row.map(({ device, dark, width }) => `${device} ${width}${dark ? ' dark' : ''}`));
  expect(shape(stageRows('devices', true, 800))).toEqual([['phone 375 dark', 'desktop 1024 dark']]);
  expect(shape(stageRows('all', false, 800))).toEqual([
    ['phone 375', 'desktop 1024'],
    ['phone 375 dark', 'desktop 1024 dark'],
  ]);
  expect(shape(stageRows('themes', false, 1236))).toEqual([['pane 600', 'pane 600 dark']]);
});

it('scales frames so that they fit, and never enlarges them', () => {
  const [row = []] = stageRows('devices', false, 0);
  expect(stageScale(row, 735.5)).toBe(0.5);
  expect(stageScale(row, 5000)).toBe(1);
});
