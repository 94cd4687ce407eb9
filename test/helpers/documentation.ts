/** README.md and docs/*.md as tests read them: pages, and the fenced blocks in them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..', '..');

export interface Block {
  /** `docs/api.md`. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** First word behind the fence: `sh`, `json`; empty where there is none. */
  readonly language: string;
  /** What follows it: a file name or another word that says what the block is. */
  readonly name: string;
  readonly text: string;
}

/** Every page, as a path below the root. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

export const pageText = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** The fenced blocks of a page, those inside lists too. A fence that is never closed is an error. */
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

/** Every fenced block there is. */
export const allBlocks = (): Block[] => pages.flatMap(blocksOf);
