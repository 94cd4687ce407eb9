/**
 * Tests clients that other programs generate from the OpenAPI document: they compile, and send, wait for, read and
 * delete a message of a real server. Each test is skipped if its generator or its compiler is not installed.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../helpers/documentation.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun, runTool } from '../helpers/tool.ts';

const programs = path.join(root, 'test', 'fixtures', 'generated-clients');
const LONG = { timeout: 600_000 };
const DEADLINE = 500_000;
/** The lines that every generated client must print. */
const EXPECTED = ['read true Hello Shop 482913', 'timeout 404 1', 'gone 404 urn:restante:not-found'];

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

/** Returns a new folder that contains the OpenAPI document as `openapi.json`. */
async function projectFolder(): Promise<string> {
  const folder = temporaryDirectory();
  writeFileSync(path.join(folder, 'openapi.json'), await (await sandbox.api('openapi.json')).text());
  return folder;
}

/** Declares a test that is skipped if one of the programs is not installed. */
function client(name: string, needed: readonly string[], run: (folder: string) => Promise<string>): void {
  const missing = needed.filter((program) => !installed(program));
  const reason = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`;
  it.skipIf(missing.length > 0)(`${name}${reason}`, LONG, async () => {
    const output = await run(await projectFolder());
    expect(output.trim().split('\n').slice(-EXPECTED.length)).toEqual(EXPECTED);
  });
}

/** Generates a Java client, compiles it with a program, and runs the program. */
async function runJava(
  cwd: string,
  {
    program,
    options,
    properties = '',
  }: { readonly program: string; readonly options: readonly string[]; readonly properties?: string },
): Promise<string> {
  const packages = 'invokerPackage=test.client,apiPackage=test.api,modelPackage=test.model';
  const args = ['generate', '-i', 'openapi.json', '-o', 'client', ...options];
  await mustRun('openapi-generator-cli', [...args, `--additional-properties=${packages},${properties}`], {
    cwd,
    deadline: DEADLINE,
  });
  const folder = path.join(cwd, 'client');
  const source = path.join(folder, 'src', 'main', 'java');
  copyFileSync(path.join(programs, `${program}.java`), path.join(source, `${program}.java`));
  const build = ['-q', '-B', '-Dmaven.test.skip', 'compile', 'dependency:copy-dependencies'];
  await mustRun('mvn', [...build, '-DoutputDirectory=jars', '-DincludeScope=runtime'], {
    cwd: folder,
    deadline: DEADLINE,
  });
  const classpath = [path.join(folder, 'target', 'classes'), path.join(folder, 'jars', '*')].join(':');
  return mustRun('java', ['-cp', classpath, program, sandbox.url.replace(/\/$/, '')]);
}

const JAVA = ['openapi-generator-cli', 'java', 'mvn'];
client('openapi-generator: Java, native', JAVA, (folder) =>
  runJava(folder, { program: 'NativeRoundTrip', options: ['-g', 'java', '--library', 'native'] }),
);
client('openapi-generator: Spring', JAVA, (folder) =>
  runJava(folder, {
    program: 'SpringRoundTrip',
    // Without these options, the generated classes would send null for members that are not set, and would need a
    // module of Jackson.
    options: ['-g', 'spring', '--library', 'spring-http-interface'],
    properties: 'useSpringBoot3=true,openApiNullable=false,generateJsonIncludeAnnotations=true',
  }),
);

client('openapi-python-client', ['openapi-python-client', 'python3'], async (cwd) => {
  const args = ['generate', '--path', 'openapi.json', '--meta', 'none', '--output-path', 'restante_client'];
  await mustRun('openapi-python-client', args, { cwd });
  const python = installed('generated-clients-python') ? 'generated-clients-python' : 'python3';
  copyFileSync(path.join(programs, 'round_trip.py'), path.join(cwd, 'round_trip.py'));
  return mustRun(python, ['round_trip.py', sandbox.url], { cwd });
});

client('oapi-codegen: Go', ['oapi-codegen', 'go'], async (cwd) => {
  mkdirSync(path.join(cwd, 'api'));
  writeFileSync(path.join(cwd, 'go.mod'), 'module test\n\ngo 1.22\n');
  const args = ['-generate', 'types,client', '-package', 'api', '-o', 'api/api.go', 'openapi.json'];
  await mustRun('oapi-codegen', args, { cwd });
  copyFileSync(path.join(programs, 'round_trip.go'), path.join(cwd, 'main.go'));
  await mustRun('go', ['mod', 'tidy'], { cwd, deadline: DEADLINE });
  return mustRun('go', ['run', '.', sandbox.url], { cwd, deadline: DEADLINE });
});

/** Compiles a TypeScript program and runs it. */
async function runTypeScript(cwd: string, program: string): Promise<string> {
  copyFileSync(path.join(programs, program), path.join(cwd, program));
  writeFileSync(path.join(cwd, 'package.json'), '{ "type": "module" }');
  const flags = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    'node',
    '--noUncheckedIndexedAccess',
  ];
  const types = ['--typeRoots', path.join(root, 'node_modules', '@types'), '--skipLibCheck'];
  await mustRun(path.join(root, 'node_modules', '.bin', 'tsc'), [...flags, ...types, program], { cwd });
  return mustRun(process.execPath, [program.replace('.ts', '.js'), sandbox.url], { cwd });
}

client('openapi-typescript', ['openapi-typescript', 'npm'], async (cwd) => {
  await mustRun('openapi-typescript', ['openapi.json', '-o', 'api.d.ts'], { cwd });
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--silent', 'openapi-fetch@0.17'];
  const { code } = await runTool('npm', install, { cwd });
  expect(code).toBe(0);
  return runTypeScript(cwd, 'openapi-fetch.ts');
});

client('orval', ['orval'], async (cwd) => {
  // The body of the call is JSON or a raw message. For two types, orval writes a function that sends neither of them
  // correctly, so only JSON is included.
  const config = {
    input: 'openapi.json',
    output: {
      target: 'api.ts',
      client: 'fetch',
      baseUrl: sandbox.url.replace(/\/$/, ''),
      override: { contentType: { include: ['application/json', 'application/problem+json'] } },
    },
  };
  writeFileSync(
    path.join(cwd, 'orval.config.mjs'),
    `export default { restante: ${JSON.stringify(config)} };`,
  );
  await mustRun('orval', ['--config', 'orval.config.mjs'], { cwd });
  return runTypeScript(cwd, 'orval.ts');
});
