/** Parses, summarizes, searches and reads the messages of an external corpus, with CRLF and with LF line endings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContent } from '../../server/message/content.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodePart } from '../../server/message/part.ts';
import { searchText } from '../../server/message/search-text.ts';
import type { MimePart } from '../../server/message/structure.ts';
import { summarize } from '../../server/message/summary.ts';

const corpus = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');
const files = existsSync(corpus)
  ? readdirSync(corpus, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(eml|raw)$|_multipart$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
  : [];

const ENVELOPE = { from: { address: '', parameters: {} }, to: [] };

function outline(part: MimePart): unknown {
  const { type, subtype, path: number } = part;
  return [number, `${type}/${subtype}`, part.children.map(outline), part.message && outline(part.message)];
}

describe.skipIf(files.length === 0)('the corpus', () => {
  it('is complete', () => {
    expect(files).toHaveLength(196);
  });

  it.each(files.map((file) => [path.relative(corpus, file), file]))('%s', (_name, file) => {
    const lf = Buffer.from(readFileSync(file).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    const crlf = Buffer.from(lf.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    const trees: unknown[] = [];
    const digests: unknown[] = [];
    for (const raw of [lf, crlf]) {
      const structure = parseStructure(raw);
      trees.push(outline(structure.root));
      digests.push(summarize(raw, structure, ENVELOPE));
      expect(typeof searchText(raw, structure)).toBe('string');
      const content = readContent(raw, structure);
      expect(content.attachments.filter(({ inline }) => !inline)).toHaveLength(
        summarize(raw, structure, ENVELOPE).attachments,
      );
      const visit = (part: MimePart): void => {
        expect(decodePart(raw, part).length).toBeLessThanOrEqual(raw.length);
        part.children.forEach(visit);
      };
      visit(structure.root);
    }
    expect(trees[1]).toEqual(trees[0]);
    expect(digests[1]).toEqual(digests[0]);
  });
});
