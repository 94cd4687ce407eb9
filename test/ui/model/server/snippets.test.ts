/** Settings of frameworks, ready to paste. */
import { expect, it } from 'vitest';
import { snippets } from '../../../../ui/model/server/snippets.ts';

it.each(snippets)('points $name at host and port', (snippet) => {
  const text = snippet.code('mail.test', 2525);
  expect(text).toContain('mail.test');
  expect(text).toContain('2525');
});
