/**
 * Tests of setup.js with the real TypeScript and Vite, mostly in a small test project: interrupted builds, and
 * `dev`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from './helpers/documentation.ts';
import { temporaryDirectory } from './helpers/program.ts';
import { mustRun, NO_RUNNER, runTool } from './helpers/tool.ts';

const LOCK = '{"packages":{"":{}}}\n';

/** The last step of the small project's build, which waits as long as the file `wait` exists. */
const LAST_STEP = `import { existsSync, writeFileSync } from 'node:fs';
if (existsSync('wait')) {
  writeFileSync('waiting', '');
  setInterval(() => undefined, 1000);
}
`;

/** Returns the folder of a project with one server file and one page, whose dependencies count as installed. */
function smallProject(): string {
  const folder = temporaryDirectory();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['server', 'contract', 'sdk', 'ui', 'node_modules']) mkdirSync(path.join(folder, name));
  const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  for (const name of ['setup.js', 'dev.js']) cpSync(path.join(root, name), path.join(folder, name));
  put('package.json', '{"type":"module"}');
  put('package-lock.json', LOCK);
  put('node_modules/.package-lock.json', LOCK);
  for (const name of ['.bin', 'tsx']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  put('tsconfig.json', '{"compilerOptions":{"module":"nodenext","target":"es2022","types":[]}}');
  put(
    'tsconfig.build.json',
    '{"extends":"./tsconfig.json","compilerOptions":{"rootDir":".","outDir":"dist"},"include":["server"]}',
  );
  put('esbuild.config.js', LAST_STEP);
  put('sdk-package.js', '');
  put('sbom.js', "import { writeFileSync } from 'node:fs'; writeFileSync('dist/sbom.cdx.json', '{}');");
  put('ui/index.html', '<p>page</p>');
  put(
    'ui/vite.config.ts',
    "export default { root: import.meta.dirname, build: { outDir: '../dist/ui', emptyOutDir: true } };",
  );
  return folder;
}

it('builds again after a build that was interrupted, even if the edit is undone', async () => {
  const folder = smallProject();
  const edit = (text: string): void =>
    writeFileSync(path.join(folder, 'server/main.ts'), `console.log(process.argv[2] ?? '${text}');\n`);
  const start = (...args: string[]) =>
    mustRun(process.execPath, ['setup.js', 'start', ...args], { cwd: folder });
  edit('first');
  expect(await start()).toMatch(/^Building server and ui …\nBuilding sbom …\nfirst\n$/);
  expect(await start('--help')).toBe('--help\n');

  edit('second');
  writeFileSync(path.join(folder, 'wait'), '');
  const interrupted = spawn(process.execPath, ['setup.js', 'start'], { cwd: folder, stdio: 'ignore' });
  const ended = once(interrupted, 'close');
  await expect.poll(() => existsSync(path.join(folder, 'waiting'))).toBe(true);
  interrupted.kill('SIGINT');
  const exit = await ended;

  rmSync(path.join(folder, 'wait'));
  edit('first');
  expect(await start()).toBe('Building server …\nfirst\n');
  expect(exit).toEqual([130, null]);
});

it('reports an unknown command', async () => {
  const { code, output } = await runTool(process.execPath, ['setup.js', 'lunch'], { cwd: smallProject() });
  expect([code, output]).toEqual([
    1,
    'Unknown command lunch. Known: build, dev, start, test, fuzz, bench, soak, screenshots.\n',
  ]);
});

interface Dev {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exit: Promise<number | string>;
}

/** Runs `setup.js dev` in a process group of its own, as a terminal does. The group is killed when the test ends. */
function runDev(cwd: string, ...args: string[]): Dev {
  const child = spawn(process.execPath, ['setup.js', 'dev', ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...NO_RUNNER },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(() => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
  });
  return { child, output: () => output, exit };
}

describe('dev', () => {
  it('exits with the exit code of a server that exits by itself', async () => {
    const help = runDev(root, '--help');
    expect(await help.exit).toBe(0);
    expect(help.output()).toContain('--smtp-port');
    const wrong = runDev(root, '--smtp-prot', '1');
    expect(await wrong.exit).toBe(2);
    expect(wrong.output()).toBe('restante: Unknown option --smtp-prot; did you mean --smtp-port?\n');
  });

  it('serves the UI from its source, with the API of the server, until Ctrl+C', async () => {
    const ports = ['smtp', 'http', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);
    const dev = runDev(root, '--memory', '--base-path', '/mail', ...ports);
    const local = (): string | undefined =>
      /Local: +(http:\S+)/.exec(stripVTControlCharacters(dev.output()))?.[1];
    await expect.poll(local).toBeDefined();
    const page = await fetch(local()!, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('main.ts');
    const info = await fetch(new URL('api/info', local()));
    expect(await info.json()).toMatchObject({ name: 'restante', store: { location: 'memory' } });
    process.kill(-dev.child.pid!, 'SIGINT');
    // The output is closed only after all processes that write to it have exited.
    expect(await dev.exit).toBe(0);
  });

  it('shows a crash, and restarts the server after the next change', async () => {
    const folder = smallProject();
    const edit = (text: string): void => writeFileSync(path.join(folder, 'server/main.ts'), text);
    const ready = "console.log('Restante 1.0.0 is ready.\\n\\nStop it with Ctrl+C.');";
    edit(`${ready} process.exitCode = 3;`);
    const dev = runDev(folder);
    await expect.poll(dev.output).toContain('The server ended with code 3. It starts again');
    edit('this is not TypeScript');
    await expect.poll(dev.output).toContain('The server ended with code 1. It starts again');
    edit(`console.log('mended'); setInterval(() => undefined, 1000);`);
    await expect.poll(dev.output).toContain('mended');
    edit(`console.log('edited'); setInterval(() => undefined, 1000);`);
    await expect.poll(dev.output).toContain('edited');
    dev.child.kill('SIGTERM');
    expect(await dev.exit).toBe(0);
  });
});
