/** setup.js in a project of its own, with the real TypeScript and Vite: what an interrupted build leaves is never served. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root } from './helpers/documentation.ts';
import { temporaryDirectory } from './helpers/program.ts';
import { mustRun, runTool } from './helpers/tool.ts';

const LOCK = '{"packages":{"":{}}}\n';

/** The last step of the small project's build: it waits for as long as the file `wait` exists. */
const LAST_STEP = `import { existsSync, writeFileSync } from 'node:fs';
if (existsSync('wait')) {
  writeFileSync('waiting', '');
  setInterval(() => undefined, 1000);
}
`;

/** A project with one server file and one page, whose dependencies count as installed. */
function smallProject(): string {
  const folder = temporaryDirectory();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['server', 'sdk', 'ui', 'node_modules']) mkdirSync(path.join(folder, name));
  const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  cpSync(path.join(root, 'setup.js'), path.join(folder, 'setup.js'));
  put('package.json', '{"type":"module"}');
  put('package-lock.json', LOCK);
  put('node_modules/.package-lock.json', LOCK);
  symlinkSync(path.join(root, 'node_modules/.bin'), path.join(folder, 'node_modules/.bin'));
  put('tsconfig.json', '{"compilerOptions":{"module":"nodenext","target":"es2022","types":[]}}');
  put(
    'tsconfig.build.json',
    '{"extends":"./tsconfig.json","compilerOptions":{"rootDir":".","outDir":"dist"},"include":["server"]}',
  );
  put('esbuild.config.js', LAST_STEP);
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
    mustRun(process.execPath, ['setup.js', 'start', ...args], { cwd: folder, deadline: 60_000 });
  edit('first');
  expect(await start()).toMatch(/^Building server and ui …\nBuilding sbom …\nfirst\n$/);
  expect(await start('--help')).toBe('--help\n');

  edit('second');
  writeFileSync(path.join(folder, 'wait'), '');
  const interrupted = spawn(process.execPath, ['setup.js', 'start'], { cwd: folder, stdio: 'ignore' });
  const ended = once(interrupted, 'close');
  await expect.poll(() => existsSync(path.join(folder, 'waiting')), { timeout: 60_000 }).toBe(true);
  interrupted.kill('SIGINT');
  const exit = await ended;

  rmSync(path.join(folder, 'wait'));
  edit('first');
  expect(await start()).toBe('Building server …\nfirst\n');
  expect(exit).toEqual([130, null]);
});

it('says what is wrong with a command that it does not know', async () => {
  const { code, output } = await runTool(process.execPath, ['setup.js', 'lunch'], { cwd: smallProject() });
  expect([code, output]).toEqual([
    1,
    'Unknown command lunch. Known: build, dev, start, test, fuzz, bench, soak, screenshots.\n',
  ]);
});
