/**
 * `restante export PATH`: writes captured mail as .eml files, an mbox file or a Maildir, from a data directory, a
 * database or a running server.
 */
import { existsSync } from 'node:fs';
import { systemWords } from '../net/system-words.ts';
import { ALL, accountName } from '../store/ids.ts';
import { QueryError } from '../store/find/language/ast.ts';
import { parseQuery } from '../store/find/language/parse.ts';
import type { MailItem, MailProblem } from '../store/transfer/mail-item.ts';
import { MAIL_FORMATS, type MailFormat } from '../store/transfer/source.ts';
import { exportItems, writeMail } from '../store/transfer/transfer.ts';
import { progress, readArguments } from './arguments.ts';
import { CommandError, FAILED, USAGE } from './error.ts';
import { openMail, type MailPlace } from './mail-store.ts';
import { printable } from './printable.ts';
import { RemoteServer } from './remote.ts';

export async function exportMail(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('export', argv, {
    data: { type: 'string' },
    store: { type: 'string' },
    from: { type: 'string' },
    format: { type: 'string', default: 'eml' },
    account: { type: 'string', default: ALL },
    query: { type: 'string' },
  });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new CommandError('export: name one file or folder to write', USAGE);
  const format = MAIL_FORMATS.find((known) => known === values.format);
  if (format === undefined)
    throw new CommandError(`export: --format must be one of ${MAIL_FORMATS.join(', ')}`, USAGE);
  if (format === 'mbox' && existsSync(target)) throw new CommandError(`${target} already exists`);
  const problems: MailProblem[] = [];
  const { account, query } = values;
  const written =
    values.from === undefined
      ? await fromStore(target, format, { data: values.data, store: values.store, account, query }, problems)
      : await write(target, format, new RemoteServer(values.from).messages({ account, query }));
  progress('');
  for (const { source, problem } of problems) process.stderr.write(`${printable(`${source}: ${problem}`)}\n`);
  process.stdout.write(`${written} messages written to ${target}, ${problems.length} failed\n`);
  return problems.length === 0 ? 0 : FAILED;
}

async function fromStore(
  target: string,
  format: MailFormat,
  scope: MailPlace & { account: string; query: string | undefined },
  problems: MailProblem[],
): Promise<number> {
  const query = scope.query === undefined ? undefined : readQuery(scope.query);
  const store = await openMail(scope, {
    alternative: 'give its address with --from',
    access: 'read',
  });
  try {
    const items = exportItems(store, accountName(scope.account), query, (problem) => problems.push(problem));
    return await write(target, format, items);
  } finally {
    await store.close();
  }
}

async function write(target: string, format: MailFormat, items: AsyncIterable<MailItem>): Promise<number> {
  try {
    return await writeMail(target, format, counted(items));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new CommandError(`${target} cannot be written: ${systemWords(error)}`);
  }
}

function readQuery(text: string) {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError)
      throw new CommandError(`--query, at position ${error.position}: ${error.message}`, USAGE);
    throw error;
  }
}

async function* counted(items: AsyncIterable<MailItem>): AsyncGenerator<MailItem> {
  let count = 0;
  for await (const item of items) {
    yield item;
    progress(`${++count} messages`);
  }
}
