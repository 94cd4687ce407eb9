/** Imports into a database and exports from it by the command line. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { databaseWithoutTables, postgresServer } from '../helpers/postgres.ts';
import { runProgram, temporaryDirectory } from '../helpers/program.ts';

async function run(args: readonly string[]) {
  const program = runProgram(args);
  const code = await program.exit;
  return { code, text: program.stdout() + program.stderr() };
}

it.skipIf((await postgresServer()) === null)(
  'imports into a database and exports from it, byte for byte',
  async () => {
    const store = await databaseWithoutTables();
    const out = path.join(temporaryDirectory(), 'out');
    expect(await run(['export', out, '--store', store])).toMatchObject({
      code: 1,
      text: expect.stringContaining('contains no mail of Restante: check --store') as string,
    });
    const folder = temporaryDirectory();
    const mails = ['one', 'two'].map(
      (subject) => `To: a@x.test\r\nSubject: ${subject}\r\n\r\ntext ${subject}\r\n`,
    );
    for (const [i, mail] of mails.entries()) writeFileSync(path.join(folder, `${i}.eml`), mail);
    expect(await run(['import', folder, '--store', store])).toMatchObject({ code: 0 });
    expect(await run(['export', out, '--store', store, '--query', 'subject:two'])).toMatchObject({ code: 0 });
    const written = readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8'));
    expect(written).toEqual([mails[1]]);
    expect(await run(['export', out, '--store', store, '--data', folder])).toMatchObject({
      code: 2,
      text: expect.stringContaining('either --data or --store') as string,
    });
  },
);
