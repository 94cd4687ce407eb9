/** Runs the recipes of docs/tls.md with the clients that are installed. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageText } from '../helpers/documentation.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { installed, NO_RUNNER, runTool } from '../helpers/tool.ts';

/** Returns the commands of a row of the table of recipes. */
function recipe(client: string): string[] {
  const row = pageText('docs/tls.md')
    .split('\n')
    .find((line) => line.startsWith(`| ${client} `));
  return [...(row ?? '').matchAll(/`([^`]+)`/g)].map(([, command = '']) => command);
}

const NODE = 'const { status } = await fetch(process.env.ADDRESS); process.exit(status === 200 ? 0 : 1);';
const PYTHON = "import os, urllib.request\nurllib.request.urlopen(os.environ['ADDRESS'])\n";
const JAVA = `class App { public static void main(String[] args) throws Exception {
  var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(System.getenv("ADDRESS"))).build();
  var answer = java.net.http.HttpClient.newHttpClient().send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
  System.exit(answer.statusCode() == 200 ? 0 : 1);
} }`;

/** Runs a shell script in a folder with the certificate and the programs; resolves with its exit code and output. */
async function run(script: string, trust: boolean) {
  const sandbox = await startTestSandbox({ tls: 'auto' });
  const folder = temporaryDirectory();
  const { port } = sandbox.sandbox.endpoints.find(({ protocol }) => protocol === 'https')!;
  const ca = await (await sandbox.api('ca.crt')).text();
  if (trust) writeFileSync(path.join(folder, 'ca.crt'), ca);
  for (const [name, text] of [
    ['app.mjs', NODE],
    ['app.py', PYTHON],
    ['App.java', JAVA],
  ] as const) {
    writeFileSync(path.join(folder, name), text);
  }
  const local = script
    .replaceAll(':8443', `:${port}`)
    .replace('app.js', 'app.mjs')
    .replace(/\bApp$/, 'App.java');
  const env = { ...NO_RUNNER, ADDRESS: `https://localhost:${port}/livez`, http_proxy: '', https_proxy: '' };
  return runTool('sh', ['-c', local], { cwd: folder, env });
}

const firstCommand = ([command = '']: readonly string[]): string => command;
const allCommands = (commands: readonly string[]): string => commands.join(' && ');

describe.each([
  ['curl', ['curl'], firstCommand],
  ['Node', ['node'], firstCommand],
  ['Python', ['python3'], firstCommand],
  ['Java', ['keytool', 'java'], allCommands],
])('%s', (client, programs, script) => {
  const missing = programs.filter((program) => !installed(program));
  const reason = missing.length === 0 ? '' : ` (${missing.join(' and ')} not installed)`;
  it.skipIf(missing.length > 0)(`trusts the certificate after its recipe${reason}`, async () => {
    const commands = script(recipe(client));
    expect(commands).toContain('ca.crt');
    const { code, output } = await run(commands, true);
    expect(output).not.toMatch(/certificate verify failed|PKIX/);
    expect(code).toBe(0);
    expect((await run(commands, false)).code).not.toBe(0);
  });
});
