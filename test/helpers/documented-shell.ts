/** A shell for the documentation's commands: as they stand there, in a folder of their own, against a sandbox of the test. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestSandbox } from './sandbox.ts';
import { installed, mustRun, runTool, type ToolResult } from './tool.ts';

export interface DocumentedShell {
  /** Runs a block with `sh -e`. Fails when anything in it does, in the background too. */
  run(script: string, env?: Readonly<Record<string, string>>): Promise<ToolResult>;
}

/** What blocks may call besides Restante, Node's tools and docker; anything else is not found. */
const SYSTEM = ['cat', 'sh', 'node'];
const COMMANDS = path.join(import.meta.dirname, 'documented-commands.mjs');

/**
 * The real curl, told where the documentation's ports are. An HTTP error fails it, and a stream ends after a second,
 * well if anything came.
 */
const curl = (program: string, { url, smtp }: TestSandbox): string => {
  const http = new URL(url).host;
  return `#!/bin/sh
call() { '${program}' -sS --fail-with-body --connect-to 127.0.0.1:8025:${http} --connect-to 127.0.0.1:1025:127.0.0.1:${smtp.port} "$@" </dev/null; }
case "$*" in
  */api/events*) said=$(call --max-time 1 "$@" 2>/dev/null); [ -n "$said" ] ;;
  *) call "$@" ;;
esac || { echo "curl $* ended with $?" >>"$DOCUMENTED_FAILURES"; exit 1; }
`;
};

/** Whether blocks with curl can be run here. */
export const hasCurl = installed('curl');

/** @param folder where the commands are run; it gets a folder `.bin`, which is all that they find */
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
        deadline: 30_000,
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
