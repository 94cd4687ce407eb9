/** Tests a standard output that nobody reads, or that cannot be written, and the signals that end the server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startProgram, temporaryDirectory } from '../helpers/program.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
const ports = ['smtp', 'http', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);

const answers = (file: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(file, () => socket.destroy());
    socket.on('error', () => resolve(false)).on('close', (failed) => resolve(!failed));
  });

/** Returns the data that an SMTP server on a Unix socket sends to a client that quits. */
async function dialogue(file: string): Promise<string> {
  await expect.poll(() => answers(file)).toBe(true);
  const socket = net.connect(file);
  let text = '';
  socket.setEncoding('utf8').on('data', (some: string) => (text += some));
  await once(socket, 'data');
  socket.write('QUIT\r\n');
  await once(socket, 'close');
  return text;
}

/** Runs the program with the given standard output; `closed` is a pipe whose reader closes it at once. */
function run(args: readonly string[], output: 'closed' | number, log: 'pipe' | number = 'pipe') {
  const cwd = temporaryDirectory();
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd },
    stdio: ['ignore', output === 'closed' ? 'pipe' : output, log],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout?.destroy();
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, errors: () => errors, exit };
}

function messageFile(): string {
  const file = path.join(temporaryDirectory(), 'm.eml');
  writeFileSync(file, 'From: a@example.test\r\nSubject: Hello\r\n\r\nThere\r\n');
  return file;
}

it('serves although nobody reads its standard output', async () => {
  const socket = path.join(temporaryDirectory(), 'smtp');
  const server = run(['--memory', ...ports, '--listen', `smtp://unix:${socket}`], 'closed');
  expect(await dialogue(socket)).toMatch(/^220 [^]*\r\n221 /);
  server.child.kill('SIGTERM');
  expect(await server.exit).toBe(0);
  expect(server.errors()).not.toContain('EPIPE');
});

it.each([
  ['--help', () => ['--help']],
  ['check', () => ['check', messageFile(), '--json', '--fail-on', 'error']],
  ['doctor', () => ['doctor', '--data', path.dirname(messageFile())]],
])('ends %s without an error when nobody reads its output', async (_name, args) => {
  const command = run(args(), 'closed');
  expect(typeof (await command.exit)).toBe('number');
  expect(command.errors()).toBe('');
});

it.skipIf(!existsSync('/dev/full'))('reports an output that is cut short by a full disk', async () => {
  const command = run(['check', messageFile(), '--json'], openSync('/dev/full', 'w'));
  expect(await command.exit).toBe(1);
  expect(command.errors()).toBe('restante: standard output cannot be written: the disk is full\n');
});

it.skipIf(!existsSync('/dev/full'))('serves although its log cannot be written', async () => {
  const full = openSync('/dev/full', 'w');
  const socket = path.join(temporaryDirectory(), 'smtp');
  const server = run(
    ['--memory', '--log-level', 'debug', ...ports, '--listen', `smtp://unix:${socket}`],
    full,
    full,
  );
  expect(await dialogue(socket)).toMatch(/^220 [^]*\r\n221 /);
  server.child.kill('SIGTERM');
  expect(await server.exit).toBe(0);
});

it('stops gracefully when its terminal is closed', async () => {
  const server = await startProgram(['--memory']);
  server.child.kill('SIGHUP');
  expect(await server.exit).toBe(0);
  expect(server.stderr()).toContain('SIGHUP: finishing');
});
