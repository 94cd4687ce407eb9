/** Tests of the tables in the documentation that are generated from the contract. */
import { expect, it } from 'vitest';
import { problemCodes, problems } from '../../contract/problems.ts';
import { pageText } from '../helpers/documentation.ts';

/** Matches a generated section, and captures the text before and after its table. */
const SECTION =
  /(<!-- prettier-ignore-start -->\n<!-- Generated from contract\/problems\.ts [^>]*-->\n)[^]*?(<!-- prettier-ignore-end -->)/;

const rows = problemCodes.map(
  (code) => `| \`${code}\` | ${problems[code].status} | ${problems[code].when} |`,
);
const table = ['| Type | Status | When |', '| --- | --- | --- |', ...rows].join('\n');

it('docs/api.md has the catalogue of problems', async () => {
  const page = pageText('docs/api.md');
  expect(page).toMatch(SECTION);
  const generated = page.replace(
    SECTION,
    (_section, before: string, after: string) => `${before}\n${table}\n\n${after}`,
  );
  await expect(generated).toMatchFileSnapshot('../../docs/api.md');
});
