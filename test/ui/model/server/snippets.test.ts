/** Tests the configuration snippets of frameworks. */
import { expect, it } from 'vitest';
import { snippets } from '../../../../ui/model/server/snippets.ts';

it.each(snippets)('the snippet for $name contains host and port', (snippet) => {
  const text = snippet.code('mail.test', 2525);
  expect(text).toContain('mail.test');
  expect(text).toContain('2525');
});
