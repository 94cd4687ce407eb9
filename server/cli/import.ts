/**
 * `restante import PATH…`: imports .eml files, folders of .eml files, mbox files, Maildirs or the messages of another
 * tool into a data directory or a running server.
 */
import { ALL, accountName } from '../store/ids.ts';
import { isProblem, type MailProblem, type MailSource } from '../store/transfer/mail-item.ts';
import { openSource } from '../store/transfer/source.ts';
import { importMail as importIntoStore } from '../store/transfer/transfer.ts';
import { progress, readArguments } from './arguments.ts';
import { CommandError, FAILED, USAGE } from './error.ts';
import { openMail, type MailPlace } from './mail-store.ts';
import { printable } from './printable.ts';
import { RemoteServer } from './remote.ts';
import { maildevMessages } from './tool-messages/maildev.ts';
import { mailhogMessages } from './tool-messages/mailhog.ts';
import { mailpitMessages } from './tool-messages/mailpit.ts';
import { systemWords } from '../net/system-words.ts';

interface Outcome {
  imported: number;
  readonly problems: MailProblem[];
}

/** The tools from whose API messages are imported. */
const TOOLS: ReadonlyMap<string, (address: string) => MailSource | Promise<MailSource>> = new Map([
  ['mailpit', mailpitMessages],
  ['mailhog', mailhogMessages],
  ['maildev', maildevMessages],
]);

export async function importMail(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('import', argv, {
    data: { type: 'string' },
    store: { type: 'string' },
    to: { type: 'string' },
    account: { type: 'string', default: ALL },
    from: { type: 'string' },
  });
  if (positionals.length === 0) throw new CommandError('import: name the files or folders to import', USAGE);
  const read = values.from === undefined ? open : TOOLS.get(values.from);
  if (read === undefined)
    throw new CommandError(
      `import: --from must be ${[...TOOLS.keys()].join(', ')}, not ${values.from}`,
      USAGE,
    );
  const outcome: Outcome = { imported: 0, problems: [] };
  const sources = await Promise.all(positionals.map(async (name) => read(name)));
  if (values.to === undefined)
    await intoStore(sources, { data: values.data, store: values.store }, values.account, outcome);
  else await intoServer(sources, new RemoteServer(values.to), values.account, outcome);
  progress('');
  for (const { source, problem } of outcome.problems)
    process.stderr.write(`${printable(`${source}: ${problem}`)}\n`);
  process.stdout.write(`${outcome.imported} messages imported, ${outcome.problems.length} failed\n`);
  return outcome.problems.length === 0 ? 0 : FAILED;
}

async function open(path: string): Promise<MailSource> {
  try {
    return await openSource(path);
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${systemWords(error)}`);
  }
}

async function intoStore(
  sources: readonly MailSource[],
  place: MailPlace,
  account: string,
  outcome: Outcome,
): Promise<void> {
  const store = await openMail(place, {
    alternative: 'give its address with --to',
    access: 'write',
  });
  try {
    for (const source of sources) {
      const before = outcome.imported;
      const told = (count: number): void => progress(`${before + count} messages`);
      const { imported, problems } = await importIntoStore(store, source, accountName(account), told);
      outcome.imported += imported;
      outcome.problems.push(...problems);
    }
  } finally {
    await store.close();
  }
}

async function intoServer(
  sources: readonly MailSource[],
  server: RemoteServer,
  account: string,
  outcome: Outcome,
): Promise<void> {
  for (const source of sources) {
    for await (const item of source) {
      if (isProblem(item)) {
        outcome.problems.push(item);
        continue;
      }
      try {
        await server.submit(item, account);
        progress(`${++outcome.imported} messages`);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        outcome.problems.push({ source: item.source, problem: error.message });
      }
    }
  }
}
