/** `restante doctor [--repair] [--data DIR]`: examines a data directory, and mends what can be mended. */
import path from 'node:path';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { examine, type DoctorReport } from '../store/doctor.ts';
import { StoreError } from '../store/store.ts';
import { progress, readArguments } from './arguments.ts';
import { CommandError, FAILED, USAGE } from './error.ts';
import { printable } from './printable.ts';

export async function doctor(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('doctor', argv, {
    data: { type: 'string' },
    repair: { type: 'boolean', default: false },
  });
  if (positionals.length > 0)
    throw new CommandError(`doctor: unexpected argument ${positionals[0] ?? ''}`, USAGE);
  const directory = path.resolve(values.data ?? process.env['RESTANTE_DATA'] ?? defaultDataDirectory());
  try {
    const report = await examine(directory, {
      repair: values.repair,
      onProgress: (done, of) => progress(`${done} of ${of}`),
    });
    progress('');
    process.stdout.write(describe(report));
    return report.problems.length === 0 ? 0 : FAILED;
  } catch (error) {
    if (error instanceof StoreError) throw new CommandError(error.message);
    throw error;
  }
}

function describe(report: DoctorReport): string {
  const { directory, inUse, messages, accounts, bytes, problems, accepted, repaired } = report;
  const lines = [`${directory}: ${messages} messages, ${accounts} accounts, ${bytes} octets`];
  if (inUse !== null) lines.push(`In use by process ${inUse.pid}: what is half written may look torn`);
  for (const text of repaired) lines.push(`Repaired: ${text}`);
  if (accepted > 0) {
    lines.push(`The bytes of ${accepted} messages are lost or damaged, as a repair has accepted`);
  }
  for (const { message, examples, repairable } of problems) {
    lines.push(
      `${message}${repairable ? ' (--repair repairs it)' : ' (lost; --repair accepts that)'}`,
      ...examples.map((each) => `  ${each}`),
    );
  }
  if (problems.length === 0) lines.push('Nothing is wrong.');
  return `${lines.map(printable).join('\n')}\n`;
}
