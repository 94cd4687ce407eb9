/**
 * Runs the commands of the documentation unchanged in a shell, in a temporary folder and against the sandbox of the
 * test.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestSandbox } from './sandbox.ts';
import { installed, mustRun, runTool, type ToolResult } from './tool.ts';

export interface DocumentedShell {
  /** Runs a block with `sh -e`. Rejects if any command fails, including commands in the background. */
  run(script: string, env?: Readonly<Record<string, string>>): Promise<ToolResult>;
}

/**
 * The commands that blocks may call in addition to Restante, Node's tools and docker; other commands are not found.
 */
const SYSTEM = ['cat', 'sh', 'node'];
const COMMANDS = path.join(import.meta.dirname, 'documented-commands.mjs');

/**
 * Returns a script that runs the real curl with the ports of the test instead of those in the documentation. An HTTP
 * error status fails the command. A stream is closed after a second, and succeeds if it sent any data. The sandbox of
 * the documentation has no browser, so a request for a picture returns the problem document about the missing browser.
 */
const curl = (program: string, { url, smtp }: TestSandbox): string => {
  const http = new URL(url).host;
  return `#!/bin/sh
call() { '${program}' -sS --fail-with-body --connect-to 127.0.0.1:8025:${http} --connect-to 127.0.0.1:1025:127.0.0.1:${smtp.port} "$@" </dev/null; }
case "$*" in
  */api/events*) said=$(call --max-time 1 "$@" 2>/dev/null); [ -n "$said" ] ;;
  */picture*) call "$@" 2>/dev/null || { read -r said <picture.png; case "$said" in *no-browser*) ;; *) false ;; esac; } ;;
  *) call "$@" ;;
esac || { echo "curl $* ended with $?" >>"$DOCUMENTED_FAILURES"; exit 1; }
`;
};

/** Whether curl is installed, so that blocks with curl can be run. */
export const hasCurl = installed('curl');

/**
 * Creates the commands for a sandbox.
 * @param folder the working folder of the commands; its subfolder `.bin` becomes their whole PATH
 */
export async function openDocumentedShell(sandbox: TestSandbox, folder: string): Promise<DocumentedShell> {
  const bin = path.join(folder, '.bin');
  const failures = path.join(folder, '.failures');
  mkdirSync(bin);
  const program = async (name: string): Promise<string> =>
    (await mustRun('sh', ['-c', `command -v ${name}`])).trim();
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(bin, name), text);
    chmodSync(path.join(bin, name), 0o755);
  };
  for (const name of SYSTEM) {
    symlinkSync(name === 'node' ? process.execPath : await program(name), path.join(bin, name));
  }
  for (const name of ['restante', 'npx', 'npm', 'docker']) {
    write(name, `#!/bin/sh\nexec node '${COMMANDS}' ${name} "$@"\n`);
  }
  if (hasCurl) write('curl', curl(await program('curl'), sandbox));
  return {
    async run(script, env = {}) {
      const result = await runTool('sh', ['-e', '-c', `${script}\nwait`], {
        cwd: folder,
        env: {
          PATH: bin,
          HOME: folder,
          XDG_DATA_HOME: path.join(folder, '.data'),
          RESTANTE_HOST: sandbox.smtp.host,
          RESTANTE_SMTP_PORT: String(sandbox.smtp.port),
          RESTANTE_HTTP_PORT: new URL(sandbox.url).port,
          DOCUMENTED_HTTP: new URL(sandbox.url).host,
          DOCUMENTED_FAILURES: failures,
          ...env,
        },
      });
      const failed = existsSync(failures) ? readFileSync(failures, 'utf8') : '';
      writeFileSync(failures, '');
      return failed === ''
        ? result
        : { code: result.code === 0 ? 1 : result.code, output: result.output + failed };
    },
  };
}
