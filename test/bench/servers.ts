/** Starts the measured servers, each in a process of its own and on free ports. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..', '..');

export interface MeasuredServer {
  readonly name: string;
  readonly smtp: { host: string; port: number };
  readonly http: string | null;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Clock ticks per second in `/proc/PID/stat`. Linux reports this value to every program. */
const TICKS = 100;

/**
 * Returns the processor time of a process and all its threads, in milliseconds; NaN on systems without /proc.
 */
export function processorTime(pid: number): number {
  try {
    // The name of the program ends with the last parenthesis; `utime` and `stime` are the fields 14 and 15 (proc(5)).
    const [, after = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = after.split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  } catch {
    return NaN;
  }
}

/** Returns the resident memory of a process in megabytes; NaN on systems without /proc. */
export function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? NaN) / 1000;
  } catch {
    return NaN;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function launch(
  name: string,
  args: string[],
  smtpPort: number,
  http: string | null,
  program = process.execPath,
): Promise<MeasuredServer> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  await untilOpen(smtpPort, child);
  if (http !== null) await untilOpen(Number(new URL(http).port), child);
  return {
    name,
    smtp: { host: '127.0.0.1', port: smtpPort },
    http,
    pid: child.pid!,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Starts the built program; `options` are added to its command line. */
export async function startRestante(options: readonly string[]): Promise<MeasuredServer> {
  const [smtp, http] = [await freePort(), await freePort()];
  const ports = [
    '--smtp-port',
    `${smtp}`,
    '--http-port',
    `${http}`,
    '--imap-port',
    'off',
    '--pop3-port',
    'off',
  ];
  const args = ['dist/server/main.js', ...ports, '--log-level', 'silent', ...options];
  return launch('restante', args, smtp, `http://127.0.0.1:${http}`);
}

/**
 * Starts an smtp-server that reads messages and discards them: the baseline for every server that uses this library.
 */
export async function startBareServer(): Promise<MeasuredServer> {
  const smtp = await freePort();
  const code = `
    import { SMTPServer } from 'smtp-server';
    new SMTPServer({ authOptional: true, disableReverseLookup: true, disabledCommands: ['STARTTLS'],
      onData(stream, session, done) { stream.on('end', done); stream.resume(); } }).listen(${smtp}, '127.0.0.1');`;
  return launch('bare smtp-server', ['--input-type=module', '-e', code], smtp, null);
}

/** Starts Mailpit with a database in the folder `scratch`. */
export async function startMailpit(scratch: string): Promise<MeasuredServer> {
  const [smtp, http] = [await freePort(), await freePort()];
  const listeners = ['--smtp', `127.0.0.1:${smtp}`, '--listen', `127.0.0.1:${http}`];
  const storage = ['--database', path.join(scratch, 'mailpit.db'), '--max', '0'];
  const options = [...listeners, ...storage, '--quiet', '--disable-version-check'];
  return launch('Mailpit', options, smtp, `http://127.0.0.1:${http}`, 'mailpit');
}

/** Starts `smtp-sink` of Postfix, which discards every message: the limit of what smtp-source can send. */
export async function startSink(): Promise<MeasuredServer> {
  const smtp = await freePort();
  // smtp-sink refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return launch('smtp-sink', [...user, `127.0.0.1:${smtp}`, '100'], smtp, null, 'smtp-sink');
}

/** Starts MailDev 3 from npm. It is installed once beside the build, and is not a dependency of the project. */
export async function startMailDev(scratch: string): Promise<MeasuredServer> {
  const home = path.join(root, 'dist', 'rivals');
  const program = path.join(home, 'node_modules', 'maildev', 'package.json');
  if (!existsSync(program)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }');
    await promisify(execFile)('npm', ['install', 'maildev@3', '--no-audit', '--no-fund'], { cwd: home });
  }
  const { default: manifest } = (await import(program, { with: { type: 'json' } })) as {
    default: { bin: string | Record<string, string> };
  };
  const bin = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin)[0]!;
  const [smtp, http] = [await freePort(), await freePort()];
  const args = [
    path.join(path.dirname(program), bin),
    '--smtp',
    `${smtp}`,
    '--web',
    `${http}`,
    '--ip',
    '127.0.0.1',
  ];
  return launch(
    'MailDev 3',
    [...args, '--silent', '--mail-directory', scratch],
    smtp,
    `http://127.0.0.1:${http}`,
  );
}
