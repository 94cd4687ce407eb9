/**
 * Tests that every feature in the table of Can I email is found in a document that uses it, with the support that
 * the table states.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allClients, clientMistake, isClientWanted } from '../../../server/checks/client-support/clients.ts';
import { wordsOf } from '../../../server/checks/client-support/feature-words.ts';
import { FEATURES } from '../../../server/checks/client-support/caniemail-data.ts';
import { observeHtml } from '../../../server/checks/client-support/observe-html.ts';
import { featureOf, slugs } from '../../../server/checks/client-support/support.ts';
import { parseHtml } from '../../../server/checks/html.ts';

const samples = JSON.parse(readFileSync(path.join(import.meta.dirname, 'samples.json'), 'utf8')) as Record<
  string,
  string
>;
/** Features that no document shows: BIMI is a DNS record, and HDR is in the pixels of an image. */
const UNDETECTABLE = ['bimi', 'image-hdr'];

function found(html: string): string[] {
  const seen = observeHtml(parseHtml(html).document, html, new Map());
  return slugs.filter((slug) => seen.find(wordsOf(slug)) !== undefined);
}

/** Returns the sample for a feature; one is derived from its name if none is listed. */
function sampleOf(slug: string): string | undefined {
  const listed = samples[slug];
  if (listed !== undefined) return listed;
  const name = slug.replace(/^[a-z]+-/, '');
  const rest = (prefix: string): string => slug.slice(prefix.length);
  if (slug.startsWith('css-pseudo-class-')) return `<style>a:${rest('css-pseudo-class-')}{margin:0}</style>`;
  if (slug.startsWith('css-pseudo-element-'))
    return `<style>a::${rest('css-pseudo-element-')}{margin:0}</style>`;
  if (slug.startsWith('css-unit-')) return `<p style="width:1${rest('css-unit-')}">`;
  if (slug.startsWith('css-function-')) return `<p style="width:${rest('css-function-')}(1px, 2px)">`;
  if (slug.startsWith('css-at-media-'))
    return `<style>@media (${rest('css-at-media-')}: dark){p{margin:0}}</style>`;
  if (slug.startsWith('css-')) return `<p style="${name}: inherit">`;
  if (slug.startsWith('image-')) return `<img src="https://x.test/a.${name}?b=c">`;
  if (slug.startsWith('html-aria-')) return `<p ${name}="x">`;
  if (slug.startsWith('html-input-')) return `<input type="${rest('html-input-')}">`;
  if (slug.startsWith('html-')) return `<${name}>`;
  return undefined;
}

describe('features', () => {
  it.each(slugs.filter((slug) => !UNDETECTABLE.includes(slug)))('%s', (slug) => {
    expect(found(sampleOf(slug) ?? '')).toContain(slug);
  });

  it('has no pattern for exactly the features that no document shows', () => {
    expect(slugs.filter((slug) => wordsOf(slug).every((word) => word === 'element:' || word === ''))).toEqual(
      UNDETECTABLE,
    );
  });

  it('finds no feature in plain text', () => {
    expect(found('Hello, display:flex and <b>bold</b> words.')).toEqual([]);
  });
});

describe('support', () => {
  it('returns the support of the table for every feature, client and version', () => {
    const letters = { yes: 'y', partial: 'a', no: 'n', unknown: 'u' };
    let compared = 0;
    for (const line of FEATURES.trim().split('\n')) {
      const row = JSON.parse(line);
      const feature = featureOf(row.slug)!;
      const said = feature.clients.flatMap(({ client, versions }) =>
        versions.map(({ version, support, notes }) =>
          [client, version, letters[support], ...notes].join(' '),
        ),
      );
      const written = Object.entries<Record<string, Record<string, string>>>(row.stats).flatMap(
        ([family, platforms]) =>
          Object.entries(platforms).flatMap(([platform, versions]) =>
            Object.entries(versions).map(([version, cell]) => {
              const notes = (cell.match(/#\d+/g) ?? []).map((note) => note.slice(1));
              const known = notes.filter((note) => row.notes[note] !== undefined);
              return [`${family}.${platform}`, version, cell[0], ...known].join(' ');
            }),
          ),
      );
      expect([row.slug, ...said.sort()]).toEqual([row.slug, ...written.sort()]);
      compared += said.length;
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it('orders versions by number', () => {
    const flex = featureOf('css-display-flex')!;
    expect(
      flex.clients.find(({ client }) => client === 'outlook.windows')!.versions.map(({ version }) => version),
    ).toEqual(['2007', '2010', '2013', '2016', '2019']);
    const longhand = featureOf('css-border-inline-block-longhand')!;
    expect(longhand.clients[0]!.versions.map(({ version }) => version)).toEqual([
      '10.12',
      '10.13',
      '10.15',
      '11',
      '12',
    ]);
  });

  it('filters by the wanted clients', () => {
    expect(isClientWanted('gmail.ios', [])).toBe(true);
    expect(isClientWanted('gmail.ios', ['*.ios'])).toBe(true);
    expect(isClientWanted('gmail.ios', ['gmail'])).toBe(true);
    expect(isClientWanted('gmail.ios', ['outlook.*', 'yahoo.ios'])).toBe(false);
  });

  it('knows every client of the table, and lists them for an unknown one', () => {
    const tested = slugs.flatMap((slug) => featureOf(slug)!.clients.map(({ client }) => client));
    expect(allClients).toEqual([...new Set(tested)].sort());
    expect(clientMistake('*.ios')).toBeNull();
    expect(clientMistake('outlook')).toBeNull();
    expect(clientMistake('hey.ios')).toBe(
      'unknown client hey.ios; the known clients are hey.desktop-webmail',
    );
    expect(clientMistake('eudora.*')).toMatch(
      /^unknown client eudora.*; the known clients are aol\.\*, .*gmail\.\*/,
    );
  });
});
