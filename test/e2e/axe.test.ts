/**
 * Checks the accessibility of every view on a desktop in the light theme; axe.slow.test.ts checks the other screens.
 */
import { it } from 'vitest';
import { ALL_VIEWS, checkEveryView } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds no serious problem in any view in the light theme', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'light' }),
);
