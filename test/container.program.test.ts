/**
 * Runs the steps of the Dockerfile without a container engine: the copied files suffice for the build, and the
 * result runs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { options, optionKeys } from '../server/config/index.ts';
import { dockerfile, imageEnvironment, saidBy } from './helpers/dockerfile.ts';
import { root } from './helpers/documentation.ts';
import { mustRun } from './helpers/tool.ts';

const [build = [], image = []] = dockerfile();
let folder: string;
/** Returns a path in the root of the build stage or of the image. */
const inside = (stage: 'build' | 'image', name: string): string => path.join(folder, stage, name);

interface Copy {
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

function readCopy(text: string): Copy {
  const words = text.split(' ');
  const [, from = null] = /^--from=(\w+)$/.exec(words[0] ?? '') ?? [];
  const names = from === null ? words : words.slice(1);
  return { from, sources: names.slice(0, -1), target: names.at(-1) ?? '' };
}

/** Copies as Docker does: a file into a folder, or the contents of a folder. */
function copy(sources: readonly string[], target: string, base: string): void {
  for (const source of sources) {
    const full = path.join(base, source);
    const into = target.endsWith('/') ? path.join(target, path.basename(source)) : target;
    cpSync(full, into, { recursive: true });
  }
}

const BUILD_UI = 'npx vite build --config ui/vite.config.ts';
const IMPORT = /(?:\bfrom|\bimport|@import|\bsrc=|\bhref=)\s*\(?['"](\.{1,2}\/[^'"?]+)['"]/g;

/**
 * Returns the relative imports of a folder's files, and of the files that they import, whose target is missing or
 * outside of the base.
 */
function strayImports(base: string, start: string): string[] {
  const seen = new Set<string>();
  const stray: string[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!/\.(?:ts|vue|css|html)$/.test(file)) return;
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const full = path.join(path.dirname(file), target);
      if (full.startsWith(base + path.sep) && existsSync(full)) visit(full);
      else stray.push(`${path.relative(base, file)} → ${target}`);
    }
  };
  for (const entry of readdirSync(path.join(base, start), { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) visit(path.join(entry.parentPath, entry.name));
  }
  expect(seen.size).toBeGreaterThan(100);
  return stray;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'restante-image-'));
  const workdir = saidBy(build, 'WORKDIR')[0] ?? '';
  const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n');
  for (const text of saidBy(build, 'COPY')) {
    const { sources, target } = readCopy(text);
    expect(sources.filter((source) => ignored.includes(source))).toEqual([]);
    copy(sources, path.join(inside('build', workdir), target) + (target.endsWith('/') ? '/' : ''), root);
  }
  // The test links the packages that `npm ci` would install.
  const [install, ...steps] = saidBy(build, 'RUN');
  expect(install).toBe('npm ci --include=dev');
  symlinkSync(path.join(root, 'node_modules'), path.join(inside('build', workdir), 'node_modules'));
  const commands = steps.flatMap((step) => step.split('&&').map((command) => command.trim()));
  expect(commands).toContain(BUILD_UI);
  const work = inside('build', workdir);
  for (const command of commands) {
    if (command !== BUILD_UI) {
      await mustRun('sh', ['-c', command], { cwd: work });
      continue;
    }
    // The build of the UI takes longest, so the test copies the finished UI, if the stage has everything that the UI
    // imports.
    expect(strayImports(work, 'ui')).toEqual([]);
    for (const name of ['dist/ui', 'dist/.ui-modules.json']) {
      cpSync(path.join(root, name), path.join(work, name), { recursive: true });
    }
  }
  for (const text of saidBy(image, 'COPY')) {
    const { sources, target } = readCopy(text);
    const into = path.join(inside('image', saidBy(image, 'WORKDIR')[0] ?? ''), target);
    mkdirSync(path.dirname(into), { recursive: true });
    copy(sources, into + (target.endsWith('/') ? '/' : ''), path.join(folder, 'build'));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<string> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return String(port);
}

/** Returns the environment of the image, with its volume in the temporary folder and with free ports. */
const environment = async (): Promise<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '',
  ...imageEnvironment(),
  XDG_DATA_HOME: path.join(folder, imageEnvironment()['XDG_DATA_HOME'] ?? ''),
  ...Object.fromEntries(['SMTP', 'IMAP', 'POP3'].map((name) => [`RESTANTE_${name}_PORT`, '0'])),
  RESTANTE_HTTP_PORT: await freePort(),
});

async function start(args: readonly string[], env: Record<string, string>) {
  const [program = '', ...before] = JSON.parse(saidBy(image, 'ENTRYPOINT')[0] ?? '[]') as string[];
  const child = spawn(program, [...before, ...args], {
    cwd: inside('image', saidBy(image, 'WORKDIR')[0] ?? ''),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  while (!said.includes('Stop it with')) {
    const over = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)]);
    if (over !== undefined) throw new Error(`ended with ${over}: ${said}`);
  }
  return { child, ended, said: () => said };
}

describe('the image', () => {
  it('contains the bundle and its licences, and neither packages nor sources', () => {
    const files = readdirSync(inside('image', ''), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('app/dist/server/LICENSES.txt');
    expect(files).toContain('app/dist/ui/index.html');
    expect(files).toContain('app/dist/sbom.cdx.json');
    expect(files.filter((name) => /node_modules|\.ts$|\.vue$|\.map$/.test(name))).toEqual([]);
  });

  it('starts by its entry point, is healthy by its own check, and ends after a signal', async () => {
    const env = await environment();
    const { child, ended, said } = await start([], env);
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(saidBy(image, 'HEALTHCHECK')[0] ?? '') ?? [];
    const [program = '', ...args] = JSON.parse(command) as string[];
    const cwd = inside('image', 'app');
    await mustRun(program, args, { cwd, env });
    expect(said()).toMatch(/Reachable +on all interfaces/);
    const page = await fetch(`http://127.0.0.1:${env['RESTANTE_HTTP_PORT']}/`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(existsSync(path.join(inside('image', '..'), 'data', 'restante', 'lock'))).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expect(mustRun(program, args, { cwd, env })).rejects.toThrow('does not respond');
  });

  it('accepts options after its name, and in its environment', async () => {
    const env: Record<string, string> = {
      ...(await environment()),
      RESTANTE_MEMORY: 'true',
      RESTANTE_BASE_PATH: '/mail',
    };
    const { said } = await start(
      ['--tls', 'auto', '--smtps-port', '0', '--imaps-port', '0', '--pop3s-port', '0', '--https-port', '0'],
      env,
    );
    expect(said()).toMatch(/SMTP with TLS +\S+:\d+/);
    expect((await fetch(`http://127.0.0.1:${env['RESTANTE_HTTP_PORT']}/mail/readyz`)).status).toBe(200);
  });

  it('runs as an ordinary user, stores mail in its volume, and exposes every port', () => {
    const names = image.map(({ name }) => name);
    expect(saidBy(image, 'USER')).toEqual(['node']);
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('ENTRYPOINT'));
    expect(saidBy(image, 'VOLUME')).toEqual([imageEnvironment()['XDG_DATA_HOME']]);
    const ports = optionKeys
      .filter((key) => key.endsWith('Port') && key !== 'relayPort')
      .map((key) => JSON.stringify(options[key].default));
    expect(saidBy(image, 'EXPOSE')[0]?.split(' ').sort()).toEqual(ports.sort());
  });
});
