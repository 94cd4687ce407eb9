#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and the other scripts run first: installs and builds what is missing or stale,
 * quickly when nothing is, then runs the command. It needs nothing but Node, so it is plain JavaScript.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';

const root = import.meta.dirname;
const bin = (name) =>
  path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const say = (text) => process.stderr.write(`${text}\n`);

/** A terminal sends Ctrl+C to the child too, so it is only kept from ending this process first. */
function forwardSignals(child) {
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}

/**
 * Runs a program; resolves with its exit code. `quiet` keeps its output until it fails, `behind` lets others have
 * the processor first.
 */
function run(command, args, { quiet = false, behind = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    if (behind && child.pid !== undefined) setPriority(child.pid, 10);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    if (!quiet) forwardSignals(child);
    child.on('error', (error) => {
      say(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

function fail(message) {
  say(message);
  process.exit(1);
}

/** A hash over the contents of files and folders, so that a build is stale exactly when its sources differ. */
function fingerprint(entries) {
  const hash = createHash('sha256');
  const add = (entry) => {
    const full = path.join(root, entry);
    if (!existsSync(full)) return;
    const children = readdirSync(full, { withFileTypes: true, recursive: true });
    for (const child of children.sort((a, b) => (a.parentPath + a.name < b.parentPath + b.name ? -1 : 1))) {
      if (!child.isFile()) continue;
      const file = path.join(child.parentPath, child.name);
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  };
  for (const entry of entries) {
    if (/\.[a-z]+$/.test(entry)) hash.update(readFileSync(path.join(root, entry)));
    else add(entry);
  }
  return hash.digest('hex');
}

const readStamp = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

async function install() {
  const stamp = path.join(root, 'node_modules', '.restante-installed');
  const wanted = fingerprint(['package-lock.json']) + process.version.split('.')[0];
  if (readStamp(stamp) === wanted) return;
  say('Installing dependencies (once, a minute or two) …');
  // Not `npm ci`: that would empty node_modules when only a few packages are stale.
  const code = await run(
    'npm',
    ['install', '--include=dev', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      quiet: true,
    },
  );
  if (code !== 0)
    fail(
      'npm could not install the dependencies: see above. Check the network or the registry, then try again.',
    );
  writeFileSync(stamp, wanted);
}

const builds = [
  {
    name: 'server',
    sources: [
      'server',
      'sdk',
      'tsconfig.json',
      'tsconfig.build.json',
      'esbuild.config.js',
      'package-lock.json',
    ],
    // Types are checked by the tests.
    commands: [
      [bin('tsc'), ['-p', 'tsconfig.build.json', '--noCheck']],
      [process.execPath, ['esbuild.config.js']],
    ],
    output: 'dist/server/main.js',
  },
  {
    name: 'ui',
    sources: ['ui', 'sdk', 'server/api/contract', 'package-lock.json'],
    commands: [[bin('vite'), ['build', '--config', 'ui/vite.config.ts', '--logLevel', 'warn']]],
    output: 'dist/ui/index.html',
  },
];

async function build() {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const stale = builds
    .map((step) => ({
      ...step,
      stamp: path.join(root, 'dist', `.${step.name}-built`),
      wanted: fingerprint(step.sources),
    }))
    .filter((step) => readStamp(step.stamp) !== step.wanted || !existsSync(path.join(root, step.output)));
  if (stale.length > 0) say(`Building ${stale.map((step) => step.name).join(' and ')} …`);
  const codes = await Promise.all(
    stale.map(async (step) => {
      for (const [command, args] of step.commands) {
        const code = await run(command, args, { quiet: true });
        if (code !== 0) return code;
      }
      writeFileSync(step.stamp, step.wanted);
      return 0;
    }),
  );
  if (codes.some((code) => code !== 0)) fail('The build failed: see above.');
}

/** Static checks: each counts as one test. Those of a row run one after the other; the rows take as long as each other. */
const checks = [
  [['lint', 'eslint', ['--max-warnings', '0', '--cache', '--cache-location', 'dist/.eslintcache', '.']]],
  [
    ['types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
    ['ui types', 'vue-tsc', ['--noEmit', '-p', 'ui/tsconfig.json']],
    [
      'format',
      'prettier',
      ['--check', '--log-level', 'warn', '--cache', '--cache-location', 'dist/.prettiercache', '.'],
    ],
  ],
];

/** Behind the tests: those wait for sockets and timers half of the time. */
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
 * Runs the static checks, the unit tests and the browser tests; with arguments, only the tests that they select. The
 * slow tests and those with other programs are selected by `--project slow --project interop`, as `.ci/run` does. The last
 * line is `N passed, N failed`.
 */
async function test(args) {
  const checking = args.length === 0 ? staticChecks() : { passed: 0, failed: 0 };
  const selected = args.length === 0 ? ['--project', 'unit', '--project', 'e2e'] : args;
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

const commands = {
  build: async () => 0,
  start: (args) => run(process.execPath, ['dist/server/main.js', ...args]),
  test,
  fuzz: (args) => run(bin('tsx'), ['test/fuzz/main.ts', ...args]),
  bench: (args) => run(bin('tsx'), ['test/bench/main.ts', ...args]),
  soak: (args) => run(bin('tsx'), ['test/soak/main.ts', ...args]),
  screenshots: (args) => run(bin('tsx'), ['test/e2e/screenshots.ts', ...args]),
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Restante needs Node 20.19 or newer; this is ${process.version}.`);
}
const [name = 'start', ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`Unknown command ${name}. Known: ${Object.keys(commands).join(', ')}.`);
await install();
await build();
process.exit(await command(args));
