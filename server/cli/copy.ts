/** `restante copy --from DIR --to postgres://…`: copies a data directory into an empty database. */
import { systemWords } from '../net/system-words.ts';
import { locationOf } from '../store/postgres/location.ts';
import { progress, readArguments } from './arguments.ts';
import { CommandError, USAGE } from './error.ts';
import { openDataDirectory } from './mail-store.ts';

export async function copy(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('copy', argv, {
    from: { type: 'string' },
    to: { type: 'string' },
  });
  if (positionals.length > 0 || values.to === undefined || !/^postgres(?:ql)?:\/\//.test(values.to)) {
    throw new CommandError('copy: give --from DIR and --to postgres://user:password@host/name', USAGE);
  }
  const { copyInto } = await import('../store/postgres/copy.ts');
  const source = await openDataDirectory(values.from, { alternative: 'stop it first', access: 'read' });
  const where = locationOf(values.to);
  try {
    const { messages, accounts } = await copyInto(values.to, source, (done) => {
      if (done % 100 === 0) progress(`${done} messages`);
    });
    progress('');
    process.stdout.write(`${messages} messages and ${accounts} accounts copied to ${where}\n`);
    return 0;
  } catch (error) {
    throw new CommandError(`${where}: ${systemWords(error)}`);
  } finally {
    await source.close();
  }
}
