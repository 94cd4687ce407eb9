/**
 * Runs POP3's dialogue scripts, and tests that the scripts and the documentation contain every command and every
 * response code.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../server/pop3/commands/index.ts';
import { RESPONSE_CODES } from '../../server/pop3/reply.ts';
import { runDialogs } from '../helpers/dialog.ts';
import { followingAnswers, responseCodes } from '../helpers/dialog/coverage.ts';
import { pop3World } from '../helpers/pop3.ts';

const folder = path.join(import.meta.dirname, '../dialogs/pop3');
runDialogs(folder, pop3World);

describe('the scripts', () => {
  it('contain every command, accepted and refused', () => {
    const shown = followingAnswers(folder);
    const lacking = [...commands.keys()].flatMap((name) =>
      ['+OK', '-ERR'].map((answer) => `${name} ${answer}`).filter((one) => !shown.has(one)),
    );
    // CAPA and QUIT are permitted in every state, and their arguments are ignored, so they are never refused.
    expect(lacking).toEqual(['CAPA -ERR', 'QUIT -ERR']);
  });

  it('contain every response code, and no other', () => {
    expect([...responseCodes(folder)].sort()).toEqual([...RESPONSE_CODES].sort());
  });
});

it('the documentation contains every command and response code', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/pop3.md'), 'utf8');
  const words = new Set(text.split(/[\s`,;:()[\]|]+/));
  expect([...commands.keys(), ...RESPONSE_CODES].filter((name) => !words.has(name))).toEqual([]);
});
