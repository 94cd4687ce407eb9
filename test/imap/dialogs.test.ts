/**
 * Runs IMAP's dialogue scripts, and tests that the scripts and the documentation contain every command and every
 * response code.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../server/imap/commands/index.ts';
import { RESPONSE_CODES } from '../../server/imap/wire/response.ts';
import { runDialogs } from '../helpers/dialog.ts';
import { responseCodes, taggedAnswers } from '../helpers/dialog/coverage.ts';
import { imapWorld } from '../helpers/imap-dialog.ts';

const folder = path.join(import.meta.dirname, '../dialogs/imap');
runDialogs(folder, imapWorld);

describe('the scripts', () => {
  const shown = taggedAnswers(folder);
  const names = COMMANDS.flatMap(({ name, uid }) => (uid ? [name, `UID ${name}`] : [name]));

  it('contain every command, accepted and refused', () => {
    const lacking = names.filter((name) => !shown.has(`${name} BAD`) && !shown.has(`${name} NO`));
    // The commands of this list are permitted in every state and have no arguments, so they are never refused.
    expect(lacking).toEqual(['CAPABILITY', 'NOOP', 'LOGOUT']);
    // SETQUOTA never succeeds: the limits are options of the server.
    expect(names.filter((name) => !shown.has(`${name} OK`))).toEqual(['SETQUOTA']);
  });

  it('contain every response code, and no other', () => {
    expect([...responseCodes(folder)].sort()).toEqual([...RESPONSE_CODES].sort());
  });
});

describe('the documentation', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/imap.md'), 'utf8');
  const announced = COMMANDS.flatMap(({ capabilities = [] }) => capabilities);

  it.each([
    ['command', COMMANDS.map(({ name }) => name)],
    ['capability', ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'APPENDLIMIT', ...announced]],
    ['response code', RESPONSE_CODES],
  ])('contains every %s', (_, wanted) => {
    const words = new Set(text.split(/[\s`,;:()|]+/));
    expect(wanted.filter((name) => !words.has(name))).toEqual([]);
  });
});
