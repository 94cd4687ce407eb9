/**
 * Replaces the commands `restante`, `npx`, `npm` and `docker` while a block of the documentation is run. They run the
 * built program with the ports of the test instead of those in the documentation. A server is started on free ports,
 * and stopped as soon as it reports that it is ready. Any other command of a block is not found, so that the block
 * fails.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = path.join(root, 'dist', 'server', 'main.js');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const FINISHING = new Set(['doctor', 'import', 'export', 'check', 'sendmail', 'healthcheck']);
const PORTS = ['SMTP', 'SMTPS', 'HTTP', 'HTTPS', 'IMAP', 'IMAPS', 'POP3', 'POP3S'].map(
  (name) => `RESTANTE_${name}_PORT`,
);

/** Runs the program in this process, which is faster than a new process; resolves with its exit code. */
async function run(args) {
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
  return process.exitCode ?? 0;
}

/**
 * Returns the arguments with the port of options such as `--smtp-port 2525` replaced by 0, which selects a free port.
 */
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

/**
 * Imitates `npm` for a documented command: runs `npm start -- …`, and checks that the script of any other command
 * exists, without running it.
 */
function npm([command, ...rest]) {
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  if (command === 'start') return restante(args);
  if (command === 'ci' || command === 'test') return 0;
  if (command === 'install')
    return rest.every((word) => word.startsWith('-') || word === manifest.name) ? 0 : fail(rest);
  if (command === 'run' && manifest.scripts[rest[0]] !== undefined) return 0;
  return fail(`npm ${command} ${rest.join(' ')}: there is no such script`);
}

/**
 * For `docker compose`, checks that the named profiles exist, and nothing more: another test reads the profiles and
 * services of docker/compose.yaml.
 */
function compose(args) {
  const text = readFileSync(path.join(root, 'docker/compose.yaml'), 'utf8');
  const strange = valuesOf(args, '--profile').filter((name) => !text.includes(`profiles: [${name}]`));
  return strange.length === 0 ? 0 : fail(`docker compose: there is no profile ${strange.join(', ')}`);
}

const valuesOf = (args, flag) => args.flatMap((argument, i) => (args[i - 1] === flag ? [argument] : []));

/**
 * Checks a docker command without Docker: the files exist, the image exposes the ports, and the program accepts the
 * arguments of the container.
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
// The failure is written to a file, because a shell ignores the exit codes of commands in the background and of
// commands on the left of a pipe.
if (code !== 0)
  appendFileSync(process.env.DOCUMENTED_FAILURES, `${name} ${args.join(' ')} ended with ${code}\n`);
process.exit(code);
