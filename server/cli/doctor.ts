/**
 * `restante doctor [--repair] [--data DIR]`: examines a data directory and repairs it if possible. `restante doctor
 * --store URL` examines a database.
 */
import path from 'node:path';
import { examineAuthority, localAuthority } from '../net/tls/local-authority.ts';
import { systemWords } from '../net/system-words.ts';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { certifiedHosts, tlsDirectory } from '../sandbox/tls.ts';
import { examine, type DoctorReport } from '../store/json/doctor.ts';
import { StoreError } from '../store/store.ts';
import { locationOf } from '../store/postgres/location.ts';
import { progress, readArguments } from './arguments.ts';
import { CommandError, FAILED, USAGE } from './error.ts';
import { printable } from './printable.ts';

export async function doctor(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('doctor', argv, {
    data: { type: 'string' },
    store: { type: 'string' },
    repair: { type: 'boolean', default: false },
  });
  if (positionals.length > 0)
    throw new CommandError(`doctor: unexpected argument ${positionals[0] ?? ''}`, USAGE);
  if (values.store !== undefined) {
    if (values.repair || values.data !== undefined)
      throw new CommandError(
        'doctor --store only examines the database: leave out --data and --repair',
        USAGE,
      );
    return examineStore(values.store);
  }
  const directory = path.resolve(values.data ?? process.env['RESTANTE_DATA'] ?? defaultDataDirectory());
  try {
    const report = await examine(directory, {
      repair: values.repair,
      onProgress: (done, of) => progress(`${done} of ${of}`),
    });
    const certificates = await lookAtCertificates(directory, values.repair);
    progress('');
    process.stdout.write(describe(report, certificates));
    return report.problems.length + certificates.problems.length === 0 ? 0 : FAILED;
  } catch (error) {
    if (error instanceof StoreError) throw new CommandError(`${directory}: ${error.message}`);
    throw error;
  }
}

/** Examines the database of `--store`, and returns the exit code. */
async function examineStore(url: string): Promise<number> {
  const { examineDatabase } = await import('../store/postgres/doctor.ts');
  const where = locationOf(url);
  try {
    const { facts, unindexed, problems } = await examineDatabase(url);
    const lines = [
      `${where}: ${facts.messages} messages, ${facts.accounts} accounts, ${facts.bytes} octets`,
      ...(unindexed > 0 ? [`${unindexed} messages wait to be indexed for searches`] : []),
      ...problems.map(({ what, count }) => `${count} ${what}`),
      ...(problems.length === 0 ? ['No problems found.'] : []),
    ];
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
    return problems.length === 0 ? 0 : FAILED;
  } catch (error) {
    throw new CommandError(`${where} cannot be examined: ${systemWords(error)}`);
  }
}

interface Certificates {
  readonly problems: readonly string[];
  readonly repaired: readonly string[];
}

/** Examines the certificate files of `--tls auto`. With `repair`, replaces damaged or invalid files. */
async function lookAtCertificates(data: string, repair: boolean): Promise<Certificates> {
  const repaired: string[] = [];
  const report = (text: string): void => void repaired.push(text);
  const options = {
    directory: tlsDirectory(data),
    hosts: certifiedHosts('localhost'),
    clock: Date.now,
    report,
  };
  const problems = await examineAuthority(options);
  if (!repair || problems.length === 0) return { problems, repaired };
  await localAuthority({ ...options, replaceDamaged: true });
  return { problems: await examineAuthority(options), repaired };
}

function describe(report: DoctorReport, certificates: Certificates): string {
  const { directory, inUse, messages, accounts, bytes, problems, accepted, repaired } = report;
  const lines = [`${directory}: ${messages} messages, ${accounts} accounts, ${bytes} octets`];
  if (inUse !== null)
    lines.push(`In use by process ${inUse.pid}: files that are being written may seem damaged`);
  for (const text of [...repaired, ...certificates.repaired]) lines.push(`Repaired: ${text}`);
  if (accepted > 0) {
    lines.push(`The bytes of ${accepted} messages are lost or damaged; an earlier repair has accepted that`);
  }
  for (const { message, examples, repairable } of problems) {
    lines.push(
      `${message}${repairable ? ' (--repair repairs it)' : ' (lost; --repair accepts that)'}`,
      ...examples.map((each) => `  ${each}`),
    );
  }
  for (const problem of certificates.problems) lines.push(`tls/${problem} (--repair replaces it)`);
  if (problems.length + certificates.problems.length === 0) lines.push('No problems found.');
  return `${lines.map(printable).join('\n')}\n`;
}
