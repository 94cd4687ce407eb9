/** Tests the configuration snippets of frameworks. */
import { expect, it } from 'vitest';
import { snippets, trustCode } from '../../contract/text/snippets.ts';

it.each(snippets)('the snippet for $name contains host and port', (snippet) => {
  const text = snippet.code('mail.test', 2525);
  expect(text).toContain('mail.test');
  expect(text).toContain('2525');
});

it.each(snippets)('the CA is downloaded and trusted for $name', (snippet) => {
  const lines = trustCode(snippet, 'http://mail.test/api/ca.crt', 'mail.test').split('\n');
  expect(lines[0]).toBe('curl -o restante-ca.crt http://mail.test/api/ca.crt');
  expect(lines[1]).toMatch(/restante-ca\.crt|trust=mail\.test/);
});
