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

/** Profiles and services of docker/compose.yaml are read by a test of its own; here, that the profile is one. */
function compose(args) {
  const text = readFileSync(path.join(root, 'docker/compose.yaml'), 'utf8');
  const strange = valuesOf(args, '--profile').filter((name) => !text.includes(`profiles: [${name}]`));
  return strange.length === 0 ? 0 : fail(`docker compose: there is no profile ${strange.join(', ')}`);
}

const valuesOf = (args, flag) => args.flatMap((argument, i) => (args[i - 1] === flag ? [argument] : []));

/**
 * Without an engine: the files are there, the ports are those that the image exposes, and what the image is told is told
 * to the program.
 */
function docker([command, ...args]) {
  const missing = valuesOf(args, '-f').filter((file) => !existsSync(path.join(root, file)));
  if (missing.length > 0) return fail(`docker: there is no ${missing.join(', ')}`);
  if (command === 'build' || command === 'rm') return 0;
  if (command === 'compose') return compose(args);
  const image = readFileSync(path.join(root, 'docker/Dockerfile'), 'utf8');
  if (command === 'exec') {
    const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(image)[1]);
    const called = args.slice(1, 1 + entry.length).join(' ');
    return called === entry.join(' ')
      ? restante(args.slice(1 + entry.length))
      : fail(`docker: ${called} is not in the image`);
  }
  if (command !== 'run') return fail(`docker ${command} is not known here`);
  const exposed = /^EXPOSE (.*)$/m.exec(image)[1].split(' ');
  const strange = valuesOf(args, '-p').filter((mapping) => !exposed.includes(mapping.split(':').at(-1)));
  if (strange.length > 0) return fail(`docker: -p ${strange.join(', ')} is not exposed`);
  return serve(args.slice(args.indexOf(manifest.name) + 1));
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
