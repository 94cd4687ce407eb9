/**
 * Checks the accessibility of the main views on a desktop in the light theme; axe.slow.test.ts checks every view on
 * every screen.
 */
import { it } from 'vitest';
import { checkViews, MAIN_VIEWS } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds no serious problem in a main view in the light theme', () =>
  checkViews(open, { colorScheme: 'light' }, MAIN_VIEWS));
