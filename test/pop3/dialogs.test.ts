/** POP3's dialogue scripts, and that they leave out no command and no response code; nor does the documentation. */
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
  it('have every command succeed and be refused', () => {
    const shown = followingAnswers(folder);
    const lacking = [...commands.keys()].flatMap((name) =>
      ['+OK', '-ERR'].map((answer) => `${name} ${answer}`).filter((one) => !shown.has(one)),
    );
    // Both are allowed at all times, and what follows them is passed over.
    expect(lacking).toEqual(['CAPA -ERR', 'QUIT -ERR']);
  });

  it('have every response code, and no other', () => {
    expect([...responseCodes(folder)].sort()).toEqual([...RESPONSE_CODES].sort());
  });
});

it('the documentation has every command and response code', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/pop3.md'), 'utf8');
  const words = new Set(text.split(/[\s`,;:()[\]|]+/));
  expect([...commands.keys(), ...RESPONSE_CODES].filter((name) => !words.has(name))).toEqual([]);
});
