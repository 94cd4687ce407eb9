/**
 * Checks the accessibility of every view in both themes, and on a phone, whose navigation and rows are different.
 */
import { it } from 'vitest';
import { checkViews } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds no serious problem in any view in the light theme', () =>
  checkViews(open, { colorScheme: 'light' }));

it('axe-core finds no serious problem in any view in the dark theme', () =>
  checkViews(open, { colorScheme: 'dark' }));

it('axe-core finds no serious problem in any view on a phone', () =>
  checkViews(open, { colorScheme: 'light', viewport: { width: 390, height: 844 } }));
