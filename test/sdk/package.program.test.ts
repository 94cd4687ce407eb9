/**
 * Tests the package as it is published: packed, unpacked into an empty project, and imported there. Its types are
 * tested in package-types.slow.test.ts.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { installPackage, linkPackages, type Packed } from '../helpers/package.ts';
import { mustRun } from '../helpers/tool.ts';

const root = path.join(import.meta.dirname, '..', '..');
/**
 * The folder of a project that contains the package and links to its dependencies; no other package can be
 * resolved there.
 */
let bare: string;
let packed: Packed;

/** The member `exports` of package.json, or a part of it: files by subpath and by condition. */
interface Targets {
  readonly [name: string]: string | Targets;
}

const filesOf = (targets: Targets): string[] =>
  Object.values(targets).flatMap((each) => (typeof each === 'string' ? [each] : filesOf(each)));

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Targets;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const MB = 1024 ** 2;

beforeAll(async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-package-'));
  bare = path.join(folder, 'bare');
  packed = await installPackage(bare);
  linkPackages(bare, Object.keys(manifest.dependencies));
  writeFileSync(path.join(bare, 'package.json'), JSON.stringify({ name: 'empty', type: 'module' }));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** The files that belong in the package; any other file is a mistake. */
const WANTED = [
  /^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md)$/,
  /^dist\/server\/(?:main|sandbox\/index|job-worker)\.js$/,
  /^dist\/server\/(?:iconv-lite|re2js)\.cjs$/,
  /^dist\/server\/LICENSES\.txt$/,
  /^dist\/server\/docs\/\w+\.md$/,
  /^dist\/sbom\.cdx\.json$/,
  /^dist\/server\/chunks\/[\w-]+\.js$/,
  /^dist\/server\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/,
  /^dist\/contract\/index\.d\.ts$/,
  /^dist\/esm\/(?:runners\/)?[\w-]+\.js$/,
  /^dist\/node\/(?:runners\/)?[\w-]+\.js$/,
  /^dist\/cjs\/package\.json$/,
  /^dist\/cjs\/sdk\/(?:runners\/)?[\w-]+\.js$/,
  /^dist\/cjs\/(?:sdk|contract|server)\/(?:[\w-]+\/)*[\w-]+\.d\.ts$/,
  /^dist\/contract\/(?:problems|names|text\/[\w-]+)\.js$/,
  /^dist\/sdk\/(?:runners\/)?[\w-]+\.(?:js|d\.ts)$/,
  /^dist\/ui\/(?:index\.html|LICENSES\.md|routes\.json)$/,
  /^dist\/ui\/assets\/[\w.-]+\.(?:js|css|svg)$/,
];

describe('the tarball', () => {
  it('contains all needed files and no others, and is small', () => {
    const files = packed.files.map((file) => file.path);
    expect(files.filter((file) => !WANTED.some((pattern) => pattern.test(file)))).toEqual([]);
    for (const pattern of WANTED)
      expect(
        files.some((file) => pattern.test(file)),
        String(pattern),
      ).toBe(true);
    expect(packed.size).toBeLessThan(3 * MB);
    expect(packed.unpackedSize).toBeLessThan(10 * MB);
    expect(files.length).toBeLessThan(350);
    // Each module system has a small folder of its own.
    const [others, systems] = [false, true].map((isSystem) =>
      files.filter((file) => /^dist\/(?:node|esm|cjs)\//.test(file) === isSystem),
    );
    expect(others?.length).toBeLessThan(265);
    expect(systems?.length).toBeLessThan(85);
  });

  it('contains every file of its manifest, and every type that another type refers to', () => {
    const base = path.join(bare, 'node_modules', 'restante');
    const named = [
      manifest.main,
      manifest.types,
      ...filesOf(manifest.exports),
      ...Object.values(manifest.bin),
    ];
    const missing = named.filter((file) => !existsSync(path.join(base, file)));
    expect(missing).toEqual([]);
    const types = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.d.ts'),
    );
    const stray = types.flatMap((file) =>
      [
        ...readFileSync(path.join(base, file), 'utf8').matchAll(
          /(?:from|import\() ?['"](\.[^'"]+)\.[jt]s['"]/g,
        ),
      ]
        .map(([, target = '']) => path.join(path.dirname(file), `${target}.d.ts`))
        .filter((target) => !existsSync(path.join(base, target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(stray).toEqual([]);
  });
});

describe('the packed package', () => {
  it('starts a sandbox, and serves its UI', async () => {
    writeFileSync(
      path.join(bare, 'run.mjs'),
      `import { startSandbox, connect } from 'restante';
       await using sandbox = { value: await startSandbox(), [Symbol.asyncDispose]() { return this.value.close(); } };
       const inbox = await (await connect(sandbox.value.url)).createInbox();
       await inbox.send({ to: inbox.address, subject: 'Hello' }, { smtp: inbox.smtp.url });
       console.log((await inbox.waitFor()).subject, (await fetch(sandbox.value.url)).status);`.replace(
        /await using sandbox = .*\n/,
        'const sandbox = { value: await startSandbox() };\n',
      ) + '\nawait sandbox.value.close();\n',
    );
    expect(await mustRun(process.execPath, ['run.mjs'], { cwd: bare })).toBe('Hello 200\n');
  });

  it('reads mail in character sets whose tables are in a separate file', async () => {
    writeFileSync(
      path.join(bare, 'charset.mjs'),
      `import { startSandbox } from 'restante';
       const sandbox = await startSandbox();
       const raw = 'Subject: =?koi8-r?B?8NLJ18XU?=\\r\\n\\r\\n';
       await fetch(sandbox.url + 'api/messages?from=a@x.test&to=b@x.test', {
         method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: raw });
       console.log((await sandbox.all.waitFor()).subject);
       await sandbox.close();`,
    );
    expect(await mustRun(process.execPath, ['charset.mjs'], { cwd: bare })).toBe('Привет\n');
  });

  it('has a program that starts, reports that it is ready, and ends after a signal', async () => {
    const program = path.join(bare, 'node_modules', 'restante', manifest.bin['restante'] ?? '');
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const ports = ['smtp', 'imap', 'pop3', 'http'].flatMap((name) => [`--${name}-port`, '0']);
    const child = spawn(process.execPath, [program, '--memory', ...ports], { cwd: bare });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close').then(([code]) => code as number | null);
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    while (!said.includes('Stop it with')) {
      const over = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)]);
      if (over !== undefined) throw new Error(`ended with ${over}: ${said}`);
    }
    const port = /Web UI and API\D+127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? '';
    await mustRun(process.execPath, [program, 'healthcheck', '--http-port', port], { cwd: bare });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('is one and the same for import and require', async () => {
    writeFileSync(
      path.join(bare, 'both.cjs'),
      `const names = ['restante', 'restante/node-test', 'restante/cypress/plugin'];
       const required = names.map((name) => require(name));
       Promise.all(names.map((name) => import(name))).then(async (imported) => {
         for (const [i, module] of imported.entries()) {
           const different = Object.keys(required[i]).filter((name) => required[i][name] !== module[name]);
           console.log(names[i], Object.keys(required[i]).length > 0, different.join());
         }
         const sandbox = await imported[0].startSandbox();
         const wait = (await sandbox.createInbox()).waitFor('subject:never', { timeout: 0 });
         console.log(await wait.catch((error) => error instanceof required[0].MailTimeoutError));
         await sandbox.close();
       });`,
    );
    expect(await mustRun(process.execPath, ['both.cjs'], { cwd: bare })).toBe(
      'restante true \nrestante/node-test true \nrestante/cypress/plugin true \ntrue\n',
    );
  });

  it('loads no server for a client', async () => {
    const project = path.join(path.dirname(bare), 'client');
    cpSync(bare, project, {
      recursive: true,
      filter: (source) => !source.endsWith(path.join('dist', 'server')),
    });
    writeFileSync(
      path.join(project, 'client.mjs'),
      `import { connect } from 'restante';
       await connect('http://127.0.0.1:1').catch(({ message }) => console.log(message));`,
    );
    const output = await mustRun(process.execPath, ['client.mjs'], { cwd: project });
    expect(output).toMatch(/^No sandbox responds at http:\/\/127\.0\.0\.1:1\//);
  });

  it('has an entry point for browsers that does not import the server', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, 'utf8');
      for (const [, target = ''] of source.matchAll(/(?:from|import\() ?['"](\.[^'"]+)['"]/g)) {
        visit(path.join(path.dirname(file), target));
      }
    };
    visit(path.join(bare, 'node_modules', 'restante', 'dist', 'sdk', 'browser.js'));
    const files = [...seen].map((file) =>
      path.relative(path.join(bare, 'node_modules', 'restante', 'dist'), file),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !/^(?:sdk|contract)\//.test(file))).toEqual([]);
  });
});
