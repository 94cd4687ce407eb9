/**
 * What stands for `restante`, `npx`, `npm` and `docker` when a block of the documentation is run: the built program, with
 * the ports of the documentation replaced by those of the test. A server is started on free ports and stopped once it says
 * that it is ready. Whatever else a block calls is not found, and fails it.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = path.join(root, 'dist', 'server', 'main.js');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const FINISHING = new Set(['doctor', 'import', 'export', 'check', 'sendmail', 'healthcheck']);
const PORTS = ['SMTP', 'SMTPS', 'HTTP', 'IMAP', 'IMAPS', 'POP3', 'POP3S'].map(
  (name) => `RESTANTE_${name}_PORT`,
);

/** Runs the program in this process, which is quicker than in another; resolves with its exit code. */
async function run(args) {
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
  return process.exitCode ?? 0;
}

/** `--smtp-port 2525` and its like with a free port in place of the one that is shown. */
const onFreePorts = (args) =>
  args.map((argument, i) => (/^--\w+-port$/.test(args[i - 1] ?? '') && argument !== 'off' ? '0' : argument));

async function serve(args) {
  delete process.env.RESTANTE_HOST;
  for (const name of PORTS) process.env[name] = '0';
  let ready = false;
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk, ...rest) => {
    if (String(chunk).includes('Stop it with')) {
      ready = true;
      setImmediate(() => process.kill(process.pid, 'SIGTERM'));
    }
    return write(chunk, ...rest);
  };
  const code = await run(onFreePorts(args));
  return ready ? code : code || fail('it never said that it was ready');
}

function restante(args) {
  if (!FINISHING.has(args[0]) && !args.includes('--help') && !args.includes('--version')) return serve(args);
  return run(args.map((argument) => argument.replace('127.0.0.1:8025', process.env.DOCUMENTED_HTTP)));
}

function npx([name, ...args]) {
  return name === manifest.name ? restante(args) : fail(`npx ${name} is not ours`);
}

/** `npm start -- …` is run; of the scripts that are long it is known that they are there. */
function npm([command, ...rest]) {
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  if (command === 'start') return restante(args);
  if (command === 'ci' || command === 'test') return 0;
  if (command === 'install')
    return rest.every((word) => word.startsWith('-') || word === manifest.name) ? 0 : fail(rest);
  if (command === 'run' && manifest.scripts[rest[0]] !== undefined) return 0;
  return fail(`npm ${command} ${rest.join(' ')}: there is no such script`);
}

/** Without an engine: the files are there, and the ports are those that the image exposes. */
function docker([command, ...args]) {
  const after = (flag) => args.flatMap((argument, i) => (args[i - 1] === flag ? [argument] : []));
  const missing = after('-f').filter((file) => !existsSync(path.join(root, file)));
  if (missing.length > 0) return fail(`docker: there is no ${missing.join(', ')}`);
  if (command === 'build' || command === 'compose') return 0;
  if (command !== 'run') return fail(`docker ${command} is not known here`);
  const exposed = /^EXPOSE (.*)$/m
    .exec(readFileSync(path.join(root, 'docker/Dockerfile'), 'utf8'))[1]
    .split(' ');
  const strange = after('-p').filter((mapping) => !exposed.includes(mapping.split(':').at(-1)));
  return strange.length === 0 ? 0 : fail(`docker: -p ${strange.join(', ')} is not exposed`);
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  return 1;
}

const [name, ...args] = process.argv.slice(2);
const code = await { restante, npx, npm, docker }[name](args);
// A shell does not look at what it runs in the background, or on the left of a pipe.
if (code !== 0)
  appendFileSync(process.env.DOCUMENTED_FAILURES, `${name} ${args.join(' ')} ended with ${code}\n`);
process.exit(code);
