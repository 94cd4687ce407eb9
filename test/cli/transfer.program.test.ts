/** Tests the import and export of mail with data directories and running servers by the command line. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AccountList, MessagePage } from '../../contract/index.ts';
import { freePorts, runProgram, startProgram, temporaryDirectory } from '../helpers/program.ts';

const eml = (n: number): string =>
  `From: a@x.test\r\nTo: b@x.test\r\nSubject: number ${n}\r\n\r\nbody ${n}\r\n`;

function folderOfMail(): string {
  const folder = path.join(temporaryDirectory(), 'mail');
  mkdirSync(folder);
  for (const n of [1, 2, 3]) writeFileSync(path.join(folder, `${n}.eml`), eml(n));
  return folder;
}

async function run(args: string[]) {
  const program = runProgram(args);
  return { code: await program.exit, out: program.stdout(), err: program.stderr() };
}

it('imports into a directory and exports from it, byte for byte', async () => {
  const data = temporaryDirectory();
  expect(await run(['import', folderOfMail(), '--data', data])).toMatchObject({
    code: 0,
    out: '3 messages imported, 0 failed\n',
  });
  const out = path.join(temporaryDirectory(), 'out');
  expect(await run(['export', out, '--data', data, '--query', 'subject:number -body:2'])).toMatchObject({
    code: 0,
  });
  const written = readdirSync(out).map((name) => readFileSync(path.join(out, name), 'latin1'));
  expect(written.sort()).toEqual([eml(1), eml(3)]);
  const mbox = path.join(temporaryDirectory(), 'all.mbox');
  expect(await run(['export', mbox, '--format', 'mbox', '--data', data])).toMatchObject({ code: 0 });
  const other = temporaryDirectory();
  expect(await run(['import', mbox, '--data', other])).toMatchObject({
    out: '3 messages imported, 0 failed\n',
  });
});

it('imports into a running server and exports from it', async () => {
  const server = await startProgram(['--memory']);
  const url = `http://127.0.0.1:${server.port('Web UI and API')}`;
  expect(await run(['import', folderOfMail(), '--to', url, '--account', 'b@x.test'])).toMatchObject({
    code: 0,
  });
  const page = (await (await fetch(`${url}/api/messages?account=b@x.test`)).json()) as MessagePage;
  expect(page.total).toBe(3);
  const out = path.join(temporaryDirectory(), 'out');
  expect(await run(['export', out, '--from', url])).toMatchObject({ code: 0 });
  expect(readdirSync(out)).toHaveLength(3);
});

it('reports an error in one line', async () => {
  const server = await startProgram(['--data', temporaryDirectory()]);
  const data = /Mail is kept +in (.*)/.exec(server.stdout())![1]!;
  const locked = await run(['import', folderOfMail(), '--data', data]);
  expect(locked.code).toBe(1);
  expect(locked.err).toMatch(/give its address with --to\n$/);
  expect(await run(['import'])).toMatchObject({ code: 2 });
  expect(await run(['export', 'x', '--format', 'zip'])).toMatchObject({ code: 2 });
  expect(await run(['export', 'x', '--query', 'to:', '--data', temporaryDirectory()])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^restante: --query, at position 3: /),
  });
  expect(
    await run(['export', path.join(temporaryDirectory(), 'y'), '--from', 'http://127.0.0.1:1']),
  ).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^restante: http:\/\/127\.0\.0\.1:1 does not respond/),
  });
});

it('describes in one line the problem of a path', async () => {
  const folder = temporaryDirectory();
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const nothing = path.join(folder, 'nothing');
  const cases: [args: string[], code: number, words: string][] = [
    [
      ['export', path.join(folder, 'out'), '--data', nothing],
      1,
      `The data directory ${nothing} does not exist`,
    ],
    [
      ['export', path.join(file, 'out'), '--data', folder],
      1,
      'a part of its path is a file, not a directory',
    ],
    [
      ['import', nothing, '--data', folder],
      1,
      `${nothing} cannot be read: there is no such file or directory`,
    ],
    [
      ['import', folderOfMail(), '--data', file],
      1,
      `${file} cannot be used: a file with that name already exists`,
    ],
    [['check', folder], 2, `${folder} cannot be read: it is a directory, not a file`],
    [
      ['start', ...freePorts(), '--rules', nothing, '--memory'],
      2,
      `--rules ${nothing}: there is no such file or directory`,
    ],
    [
      ['start', ...freePorts(), '--data', file],
      1,
      `Cannot store mail in ${file}: a file with that name already exists`,
    ],
  ];
  for (const [args, code, words] of cases) {
    const said = await run(args);
    expect([said.code, said.err.trim().split('\n')]).toEqual([code, [expect.stringContaining(words)]]);
  }
  expect(existsSync(nothing)).toBe(false);
});

it('checks a directory, and repairs an incomplete log', async () => {
  const data = temporaryDirectory();
  await run(['import', folderOfMail(), '--data', data]);
  expect(await run(['doctor', '--data', data])).toMatchObject({
    code: 0,
    out: expect.stringContaining('3 messages'),
  });
  appendFileSync(path.join(data, 'messages.jsonl'), '{"torn');
  const found = await run(['doctor', '--data', data]);
  expect(found).toMatchObject({ code: 1, out: expect.stringContaining('--repair repairs it') });
  expect(await run(['doctor', '--repair', '--data', data])).toMatchObject({ code: 0 });
  expect(await run(['doctor', '--data', path.join(data, 'nowhere')])).toMatchObject({ code: 1 });
});

it('imports into and exports from the account that a spelling of its address names', async () => {
  const [unicode, encoded, upper] = [
    'kunde@bücher.test',
    'Kunde@xn--bcher-kva.test',
    'KUNDE@BU\u0308CHER.test',
  ];
  const data = temporaryDirectory();
  for (const account of [unicode, encoded])
    expect(await run(['import', folderOfMail(), '--data', data, '--account', account])).toMatchObject({
      out: '3 messages imported, 0 failed\n',
    });
  const exported = async (...source: string[]): Promise<number> => {
    const out = path.join(temporaryDirectory(), 'out');
    expect(await run(['export', out, ...source])).toMatchObject({ code: 0 });
    return readdirSync(out).length;
  };
  expect(await exported('--data', data, '--account', upper)).toBe(6);

  const server = await startProgram(['--data', data, '--account-max-messages', '8']);
  const url = `http://127.0.0.1:${server.port('Web UI and API')}`;
  expect(await run(['import', folderOfMail(), '--to', url, '--account', upper])).toMatchObject({ code: 0 });
  const { accounts } = (await (await fetch(`${url}/api/accounts`)).json()) as AccountList;
  expect(accounts.map(({ name }) => name)).toEqual(['all', unicode]);
  // The nine messages exceed the limit of the account.
  expect(await exported('--from', url, '--account', encoded)).toBe(8);
});
