/** Reads the pages of the documentation (README.md and docs/*.md) and their fenced code blocks. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..', '..');

export interface Block {
  /** The path of the page, such as `docs/api.md`. */
  readonly page: string;
  /** Line number of the opening fence, from 1. */
  readonly line: number;
  /** The first word after the fence, such as `sh` or `json`; empty if there is none. */
  readonly language: string;
  /** The rest of the line after the language: a file name, or another word that describes the block. */
  readonly name: string;
  readonly text: string;
}

/** The path of every page below the root folder of the project. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

export const pageText = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** Returns the fenced blocks of a page, including those in lists. Throws an error if a fence is not closed. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; indent: string; info: string; text: string[] } | null = null;
  for (const [index, line] of pageText(page).split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open === null) {
      if (fence !== null) {
        open = { line: index + 1, indent: fence[1] ?? '', info: (fence[2] ?? '').trim(), text: [] };
      }
    } else if (fence === null) {
      open.text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else {
      const [, language = '', name = ''] = /^(\S*) *(.*)$/.exec(open.info) ?? [];
      blocks.push({
        page,
        line: open.line,
        language,
        name,
        text: open.text.map((each) => `${each}\n`).join(''),
      });
      open = null;
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: a fence that is not closed`);
  return blocks;
}

/** Returns the fenced blocks of all pages. */
export const allBlocks = (): Block[] => pages.flatMap(blocksOf);
