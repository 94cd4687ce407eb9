/**
 * Checks the accessibility of every view in the dark theme, and on a phone, whose navigation and rows are different.
 */
import { it } from 'vitest';
import { ALL_VIEWS, checkEveryView } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds no serious problem in any view in the dark theme', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'dark' }),
);

it('axe-core finds no serious problem in any view on a phone', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'light', viewport: { width: 390, height: 844 } }),
);
