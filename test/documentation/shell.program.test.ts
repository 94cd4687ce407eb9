/** Runs every command of the documentation unchanged. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, pages, type Block } from '../helpers/documentation.ts';
import { hasCurl, openDocumentedShell } from '../helpers/documented-shell.ts';
import { openDocumentedWorld } from './world.ts';

const shellBlocks = (page: string): Block[] => blocksOf(page).filter(({ language }) => language === 'sh');
const runnable = ({ text }: Block): boolean => hasCurl || !/\bcurl\b/.test(text);
const pagesWithCommands = pages.filter((page) => shellBlocks(page).length > 0);

/** Runs the blocks of a page in their order; resolves with the failures. */
async function failuresOf(page: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-docs-'));
  const world = await openDocumentedWorld(folder);
  try {
    const shell = await openDocumentedShell(world.sandbox, folder);
    const failures: string[] = [];
    for (const block of shellBlocks(page).filter(runnable)) {
      const { code, output } = await shell.run(block.text, world.ids);
      if (code !== 0) failures.push(`${page}:${block.line} ended with ${code}:\n${output}`);
    }
    return failures;
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('commands', () => {
  const failures = new Map<string, string[]>();
  beforeAll(async () => {
    await Promise.all(pagesWithCommands.map(async (page) => failures.set(page, await failuresOf(page))));
  });

  it.each(pagesWithCommands)('of %s run without a failure', (page) => {
    expect(failures.get(page)).toEqual([]);
  });

  it.skipIf(hasCurl)('with curl are not run, because curl is not installed', () => undefined);
});
