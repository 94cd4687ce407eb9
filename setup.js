#!/usr/bin/env node
/**
 * The entry point of `npm start`, `npm test` and the other scripts: installs and builds everything that is missing or
 * stale, then runs the command. It runs before any dependency is installed, so it is plain JavaScript on Node alone.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';

const root = import.meta.dirname;
const bin = (name) =>
  path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const say = (text) => process.stderr.write(`${text}\n`);

/** The running programs, and the signal that ended this command, if any. */
const children = new Set();
let endedBy = null;

/**
 * Passes SIGINT and SIGTERM on to the running programs, so that none of them outlives this process. A terminal sends
 * Ctrl+C to the programs too; in that case this process only waits until they have ended.
 */
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    endedBy ??= signal;
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of children) child.kill(signal);
  });
}

/**
 * Runs a program and resolves with its exit code. With `quiet`, its output is shown only if it fails, and a signal ends
 * this process; with `behind`, it runs at a lower priority. `read` receives its standard output instead of this
 * process, and `started` receives the process.
 */
function run(command, args, { quiet = false, behind = false, env = {}, read, started } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', read ? 'pipe' : 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (behind && child.pid !== undefined) setPriority(child.pid, 10);
    started?.(child);
    const output = [];
    child.stdout?.on('data', read ?? ((chunk) => output.push(chunk)));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    children.add(child);
    child.on('error', (error) => {
      children.delete(child);
      say(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      children.delete(child);
      if (quiet && endedBy !== null) process.exit(endedBy === 'SIGINT' ? 130 : 143);
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

function fail(message) {
  say(message);
  process.exit(1);
}

/** Returns a hash of the contents of files and folders, so that a build is stale exactly when its sources differ. */
function fingerprint(entries) {
  const hash = createHash('sha256');
  const add = (entry) => {
    const full = path.join(root, entry);
    const children = readdirSync(full, { withFileTypes: true, recursive: true });
    for (const child of children.sort((a, b) => (a.parentPath + a.name < b.parentPath + b.name ? -1 : 1))) {
      if (!child.isFile()) continue;
      const file = path.join(child.parentPath, child.name);
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  };
  for (const entry of entries) {
    if (!existsSync(path.join(root, entry))) continue;
    if (/\.[a-z]+$/.test(entry)) hash.update(readFileSync(path.join(root, entry)));
    else add(entry);
  }
  return hash.digest('hex');
}

const readStamp = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/**
 * Runs work whose result a stamp file certifies. The stamp is removed first: if the work is interrupted, no stamp
 * of the previous result remains, and the next run repeats the work. Returns the exit code of the work.
 */
async function stamped(stamp, wanted, work) {
  rmSync(stamp, { force: true });
  const code = await work();
  if (code === 0) writeFileSync(stamp, wanted);
  return code;
}

/** Returns the packages of a lock file as `path@version`, without optional packages of some systems. */
function packagesIn(lockFile) {
  if (!existsSync(lockFile)) return new Set();
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  const needed = Object.entries(packages).filter(([where, { optional }]) => where !== '' && !optional);
  return new Set(needed.map(([where, { version }]) => `${where}@${version}`));
}

/**
 * Returns whether all packages are installed: npm lists them in `node_modules/.package-lock.json`, also after `npm
 * ci`.
 */
function isInstalled() {
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'));
  return [...packagesIn(path.join(root, 'package-lock.json'))].every((each) => installed.has(each));
}

async function install() {
  if (isInstalled()) return;
  say('Installing dependencies (once, a minute or two) …');
  // `npm ci` is not used, because it would empty node_modules when only a few packages are stale.
  const args = ['install', '--include=dev', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run('npm', args, { quiet: true });
  if (code !== 0)
    fail(
      'npm could not install the dependencies: see above. Check the network or the registry, then try again.',
    );
}

/** The steps of the build. The steps of one row run at the same time, the rows one after another. */
const builds = [
  [
    {
      name: 'server',
      sources: [
        'contract',
        'server',
        'sdk',
        'tsconfig.json',
        'tsconfig.build.json',
        'esbuild.config.js',
        'sdk-package.js',
        'sbom.js',
        'package-lock.json',
        'docs/query.md',
        'docs/rules.md',
        'docs/checks.md',
        'docs/sdk.md',
      ],
      // The build does not check the types, because the tests do.
      commands: [
        [bin('tsc'), ['-p', 'tsconfig.build.json', '--noCheck']],
        [process.execPath, ['esbuild.config.js']],
        [process.execPath, ['sdk-package.js']],
      ],
      output: 'dist/server/main.js',
    },
    {
      name: 'ui',
      sources: ['ui', 'sdk', 'contract', 'package-lock.json'],
      commands: [[bin('vite'), ['build', '--config', 'ui/vite.config.ts', '--logLevel', 'warn']]],
      output: 'dist/ui/index.html',
    },
  ],
  [
    {
      name: 'sbom',
      sources: [
        'dist/.server-modules.json',
        'dist/.ui-modules.json',
        'sbom.js',
        'package.json',
        'package-lock.json',
      ],
      commands: [[process.execPath, ['sbom.js']]],
      output: 'dist/sbom.cdx.json',
    },
  ],
];

/** Runs those steps of a row (steps that may run at once) whose result is missing or whose sources have changed. */
async function buildRow(row) {
  const stale = row
    .map((step) => ({
      ...step,
      stamp: path.join(root, 'dist', `.${step.name}-built`),
      wanted: fingerprint(step.sources),
    }))
    .filter((step) => readStamp(step.stamp) !== step.wanted || !existsSync(path.join(root, step.output)));
  if (stale.length > 0) say(`Building ${stale.map((step) => step.name).join(' and ')} …`);
  const codes = await Promise.all(
    stale.map((step) =>
      stamped(step.stamp, step.wanted, async () => {
        for (const [command, args] of step.commands) {
          const code = await run(command, args, { quiet: true });
          if (code !== 0) return code;
        }
        return 0;
      }),
    ),
  );
  if (codes.some((code) => code !== 0)) fail('The build failed: see above.');
}

async function build() {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  for (const row of builds) await buildRow(row);
}

/**
 * Static checks; each counts as one test. The checks of a row run one after another; all rows take about the same
 * time.
 */
const checks = [
  [['lint', 'eslint', ['--max-warnings', '0', '--cache', '--cache-location', 'dist/.eslintcache', '.']]],
  [
    ['types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
    ['ui types', 'vue-tsc', ['--noEmit', '-p', 'ui/tsconfig.json']],
    ['exports', 'knip', ['--include', 'files,exports,types', '--no-config-hints']],
    [
      'format',
      'prettier',
      ['--check', '--log-level', 'warn', '--cache', '--cache-location', 'dist/.prettiercache', '.'],
    ],
  ],
];

/** Runs the static checks while the tests run, which wait for sockets and timers half of the time. */
async function staticChecks() {
  const failed = [];
  const runRow = async (row) => {
    for (const [name, command, args] of row) {
      const code = await run(bin(command), args, { quiet: true, behind: true });
      say(`${code === 0 ? '✓' : '✗'} ${name}`);
      if (code !== 0) failed.push(name);
    }
  };
  await Promise.all(checks.map(runRow));
  if (failed.length > 0) say(`Failed: ${failed.join(', ')}; see above.`);
  return { passed: checks.flat().length - failed.length, failed: failed.length };
}

/**
 * Runs the static checks, the tests of the source, of the built program and in a browser; with arguments, only the
 * tests that the arguments select (`.ci/run` selects the slow tests with `--project slow`). The last line is
 * `N passed, N failed`.
 */
async function test(args) {
  const checking = args.length === 0 ? staticChecks() : { passed: 0, failed: 0 };
  const selected =
    args.length === 0 ? ['unit', 'program', 'e2e'].flatMap((each) => ['--project', each]) : args;
  const report = path.join(root, 'dist', 'test-report.json');
  writeFileSync(report, '{}');
  const code = await run(bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...selected,
  ]);
  const checked = await checking;
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  const failures = checked.failed + failed + broken;
  console.log(`${checked.passed + passed} passed, ${failures} failed`);
  return failures === 0 ? code : 1;
}

/** Runs the server and the UI from their source (`dev.js`), and ends both when one of them ends. */
async function dev(args) {
  let isEnding = false;
  const { dev } = await import('./dev.js');
  const world = { root, bin, say, run, isEnding: () => isEnding || endedBy !== null };
  const code = await dev(args, world);
  isEnding = true;
  const ended = [...children].map((child) => once(child, 'close'));
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ended);
  return endedBy === null ? code : 0;
}

const commands = {
  build: async () => 0,
  dev,
  start: (args) => run(process.execPath, ['dist/server/main.js', ...args]),
  test,
  fuzz: (args) => run(bin('tsx'), ['test/fuzz/main.ts', ...args]),
  bench: (args) => run(bin('tsx'), ['test/bench/main.ts', ...args]),
  soak: (args) => run(bin('tsx'), ['test/soak/main.ts', ...args]),
  screenshots: (args) => run(bin('tsx'), ['test/e2e/screenshots.ts', ...args]),
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || major === 21 || (major === 22 && minor < 12)) {
  fail(`Restante needs Node 20.19, or 22.12 or newer; this is ${process.version}.`);
}
const [name = 'start', ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`Unknown command ${name}. Known: ${Object.keys(commands).join(', ')}.`);
await install();
if (command !== dev) await build();
process.exit(await command(args));
