/** Accessibility of every view in the dark theme, and on a phone, which has another navigation and other rows. */
import { it } from 'vitest';
import { ALL_VIEWS, checkEveryView } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds nothing serious in any view, dark', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'dark' }),
);

it('axe-core finds nothing serious in any view, on a phone', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'light', viewport: { width: 390, height: 844 } }),
);
