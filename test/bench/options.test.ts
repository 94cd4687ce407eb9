/** Tests the parsing of the command line of `npm run bench`. */
import { describe, expect, it } from 'vitest';
import { readOptions, usage } from './options.ts';
import { listAddress } from './target.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

describe('the options of the bench', () => {
  it('run every part three times by default', () => {
    const nothing = {
      parts: [],
      json: false,
      write: false,
      help: false,
      rounds: 3,
      most: 100_000,
      targets: [],
    };
    expect(readOptions([])).toEqual(nothing);
    expect(readOptions(['capture', 'imap', '--rounds', '5', '--json'])).toEqual({
      ...nothing,
      parts: ['capture', 'imap'],
      rounds: 5,
      json: true,
    });
    expect(usage(['capture', 'imap'])).toContain('Parts: capture imap\n');
  });

  it('accept other servers, and join the SMTP and the HTTP address of one server', () => {
    const both = ['--target', 'smtp://localhost:1025', 'http://localhost:8025', '--target', 'smtp://[::1]'];
    const { parts, targets } = readOptions(['capture', ...both]);
    expect(parts).toEqual(['capture']);
    expect(targets).toEqual([
      {
        name: 'localhost:1025',
        smtp: { host: 'localhost', port: 1025 },
        http: new URL('http://localhost:8025'),
      },
      { name: '[::1]', smtp: { host: '::1', port: 25 }, http: null },
    ]);
  });

  it.each([
    [['--nope'], "Unknown option '--nope'. See npm run bench -- --help."],
    [['--rounds', '0'], '--rounds takes a whole number from 1 to 100, not "0".'],
    [['--rounds', 'many'], '--rounds takes a whole number from 1 to 100, not "many".'],
    [['--most', 'all'], '--most takes a number of messages from 1000 on, not "all".'],
    [['--rounds=1.5'], '--rounds takes a whole number from 1 to 100, not "1.5".'],
    [
      ['--target', 'localhost:1025'],
      '--target takes smtp://HOST:PORT or http://HOST:PORT[/LIST], not "localhost:1025".',
    ],
    [['ftp://x'], '--target takes smtp://HOST:PORT or http://HOST:PORT[/LIST], not "ftp://x".'],
  ])('describes the error in %j in one line', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  it('find the list of a server, and report a server without a known list', async () => {
    const { url } = await startTestSandbox();
    const { origin } = new URL(url);
    expect((await listAddress(new URL(origin))).href).toBe(`${origin}/api/messages?limit=50`);
    expect((await listAddress(new URL(`${origin}/elsewhere`))).href).toBe(`${origin}/elsewhere`);
    const { url: moved } = await startTestSandbox({ basePath: '/mail/' });
    await expect(listAddress(new URL(new URL(moved).origin))).rejects.toThrow('No list of mail is known at');
  });
});
