/** Accessibility of every view on a desktop in the light theme; the other screens are in axe.slow.test.ts. */
import { it } from 'vitest';
import { ALL_VIEWS, checkEveryView } from './axe-views.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

it('axe-core finds nothing serious in any view, light', ALL_VIEWS, () =>
  checkEveryView(open, { colorScheme: 'light' }),
);
