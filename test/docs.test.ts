/** Compares the documentation with the code that it describes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { flagName, optionKeys, options, variableName, type OptionKey } from '../server/config/index.ts';

const root = path.join(import.meta.dirname, '..');

function row(key: OptionKey): string {
  const { placeholder, help, repeatable, default: fallback } = options[key];
  const flag =
    placeholder === null ? flagName(key) : `${flagName(key)} ${placeholder.replaceAll('|', '\\|')}`;
  const shown = fallback === null || repeatable ? '' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``;
  return `| \`${flag}\` | \`${variableName(key)}\` | \`${key}\` | ${shown} | ${help} |`;
}

const configurationPage = `# Configuration

A flag overrides an environment variable; a variable overrides a key of \`restante.config.json\` in the working directory (or of the
file that \`--config\` names); a key overrides the default. After an unknown option or an invalid value the program prints one line and
exits with code 2. \`--no-…\` turns a switch off. A list is a repeated flag, comma-separated text in the environment, or an array in the
file. Sizes are written \`500KB\`, \`50MB\`, \`2GB\`; times \`30s\`, \`12h\`, \`7d\`; a port is 0 (any free port) to 65535, or \`off\`.

<!-- This table is generated from server/config/options.ts by \`npm run test:unit -- test/docs.test.ts -u\`. -->
<!-- prettier-ignore -->
| Flag | Variable | Key | Default | Meaning |
| --- | --- | --- | --- | --- |
| \`--config FILE\` | \`RESTANTE_CONFIG\` |  | \`restante.config.json\` | Read options from this file |
${optionKeys.map(row).join('\n')}
`;

it('has a page of the configuration with every option', async () => {
  await expect(configurationPage).toMatchFileSnapshot('../docs/configuration.md');
});

/** A path of the repository in code style: its first folder, and the rest; a `*` matches any name. */
const NAMED_FILE = /`((?:server|sdk|ui|test|docker|docs|\.ci)\/[\w./*-]*)`/g;

/** Returns the anchors of a page's headings, as GitHub generates them. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(path.join(root, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it('has no link to a missing file or heading', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    ...readdirSync(path.join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)#]*)#?([^)]*)\)/g)]
      .map(([, file = '', anchor = '']) => ({
        target: file === '' ? page : path.join(path.dirname(page), file),
        anchor,
      }))
      .filter(
        ({ target, anchor }) =>
          !existsSync(path.join(root, target)) || (anchor !== '' && !anchorsOf(target).includes(anchor)),
      )
      .map(({ target, anchor }) => `${page} → ${target}#${anchor}`),
  );
  expect(broken).toEqual([]);
});

it('names no missing file of the repository', () => {
  const pages = [
    'README.md',
    ...readdirSync(path.join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const named = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), 'utf8').matchAll(NAMED_FILE)].map(([, file = '']) => ({
      page,
      file,
    })),
  );
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(({ file }) => !existsSync(path.join(root, file.replace(/\/?[^/]*\*.*$/, ''))));
  expect(missing.map(({ page, file }) => `${page}: ${file}`)).toEqual([]);
});

it('has every page of docs in its index', () => {
  const index = readFileSync(path.join(root, 'docs/README.md'), 'utf8');
  const pages = readdirSync(path.join(root, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  expect(pages.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});
