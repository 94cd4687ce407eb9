import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { helpText } from '../../server/cli/help.ts';
import { flagName, optionKeys, variableName } from '../../server/config/index.ts';
import { freePorts, runProgram, startProgram, temporaryDirectory } from '../helpers/program.ts';

const listeners = new Map<number, net.Server>();

/** Binds a free port until the test ends, or until `freePort`; resolves with the port. */
async function takePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  listeners.set(port, server);
  onTestFinished(() => freePort(port));
  return port;
}

async function freePort(port: number): Promise<void> {
  const server = listeners.get(port);
  listeners.delete(port);
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
}

/** Runs the program to its end; returns the exit code and the one line on standard error. */
async function refusal(args: string[], env: Record<string, string> = {}) {
  const program = runProgram(args, env);
  return { code: await program.exit, line: program.stderr().trimEnd(), out: program.stdout() };
}

/** Options that select a free port for each listener with implicit TLS. */
const FREE_TLS_PORTS = ['https', 'smtps', 'imaps', 'pop3s'].flatMap((name) => [`--${name}-port`, '0']);

describe('restante', () => {
  it('lists every option with --help', async () => {
    const program = runProgram(['--help']);
    expect(await program.exit).toBe(0);
    for (const key of optionKeys) {
      expect(program.stdout()).toContain(flagName(key));
      expect(program.stdout()).toContain(variableName(key));
    }
  });

  it.each([
    ['doctor', ['--repair', '--data']],
    ['import', ['--to', '--data', '--account']],
    ['export', ['--format', '--from', '--data', '--account', '--query']],
    ['check', ['--fail-on', '--budget', '--client', '--json']],
    ['sendmail', ['-t', '-i, -oi', '-S', '-au', '-N', '-bs']],
    ['healthcheck', ['--wait']],
    ['mcp', ['--url']],
  ])('shows the options of %s with its --help', async (command, flags) => {
    const program = runProgram([command, '--help']);
    expect(await program.exit).toBe(0);
    const [, usage = '', options = ''] = /Usage\n([^]*)\n\nOptions\n([^]*)$/.exec(program.stdout()) ?? [];
    expect(usage).toContain(`restante ${command} `);
    expect(options.match(/^ {2}\S.*?(?= [A-Z]| {2}|$)/gm)?.map((each) => each.trim())).toEqual(
      expect.arrayContaining(flags.map((flag): unknown => expect.stringContaining(flag))),
    );
    expect(helpText('', 80)).toContain(`restante ${command} `);
  });

  it('prints its version', async () => {
    const program = runProgram(['--version']);
    expect(await program.exit).toBe(0);
    expect(program.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ends with code 2 and one line for an invalid command line', async () => {
    expect(await refusal(['--smtp-prot', '1'])).toEqual({
      code: 2,
      line: 'restante: Unknown option --smtp-prot; did you mean --smtp-port?',
      out: '',
    });
    expect(await refusal(['frobnicate'])).toMatchObject({
      code: 2,
      line: expect.stringMatching(/^restante: Unknown command frobnicate; known: start, /),
    });
  });

  it('ends with code 2 and one line for an invalid configuration file', async () => {
    const file = path.join(temporaryDirectory(), 'c.json');
    writeFileSync(file, '{ "smtpPort": ');
    const { code, line } = await refusal(['--config', file]);
    expect(code).toBe(2);
    expect(line).toMatch(/^restante: .*c\.json is not JSON: .+$/);
    expect(line.split('\n')).toHaveLength(1);
  });

  it.each([
    ['--rules', []],
    ['--checks', []],
    ['--check-zone', []],
    ['--tls-cert', ['--tls-key', 'none.pem', ...FREE_TLS_PORTS]],
    ['--relay-dkim-key', ['--relay-dkim-domain', 'x.test', '--relay-dkim-selector', 's']],
  ])('ends with code 2 and one line for a missing file of %s', async (option, more) => {
    const file = path.join(temporaryDirectory(), 'none');
    const { code, line } = await refusal(['--memory', ...freePorts(), option, file, ...more]);
    expect(code).toBe(2);
    expect(line).toMatch(new RegExp(`^restante: ${option} ${file}.*: there is no such file or directory$`));
    expect(line.split('\n')).toHaveLength(1);
  });
});

describe('restante start', () => {
  it('prints its listeners, serves, and ends with code 0 after a signal', async () => {
    const data = temporaryDirectory();
    const program = await startProgram(['--data', data]);
    expect(program.stdout()).toContain(`Mail is kept     in ${data}`);

    const transport = createTransport({ host: '127.0.0.1', port: program.port('SMTP') });
    await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', subject: 'Hello', text: 'there' });
    const url = `http://127.0.0.1:${program.port('Web UI and API')}/api/messages`;
    const page = (await (await fetch(url)).json()) as { messages: { subject: string }[] };
    expect(page.messages.map(({ subject }) => subject)).toEqual(['Hello']);

    program.child.kill('SIGTERM');
    expect(await program.exit).toBe(0);
  });

  it('serves the stored mail after a restart', async () => {
    const data = temporaryDirectory();
    const first = await startProgram(['--data', data]);
    const transport = createTransport({ host: '127.0.0.1', port: first.port('SMTP') });
    await transport.sendMail({ from: 'a@x.test', to: 'b@x.test', subject: 'Kept', text: 'here' });
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);

    const second = await startProgram(['--data', data]);
    const url = `http://127.0.0.1:${second.port('Web UI and API')}/api/messages?account=b@x.test`;
    expect(await (await fetch(url)).json()).toMatchObject({ total: 1, messages: [{ subject: 'Kept' }] });
  });

  it('names every port that is in use, with the program and the options, and creates no file', async () => {
    const [first, second] = [await takePort(), await takePort()];
    const data = path.join(temporaryDirectory(), 'new', 'data');
    const options = ['--data', data, '--imap-port', '0', '--pop3-port', '0', '--smtp-port', `${first}`];
    const holder = process.platform === 'linux' ? `process ${process.pid} \\(.*\\)` : 'another program';
    expect(await refusal([...options, '--http-port', '0'])).toMatchObject({
      code: 1,
      line: expect.stringMatching(
        `^restante: Port ${first} on 127.0.0.1 is in use by ${holder}: choose another with --smtp-port$`,
      ),
    });
    expect(await refusal([...options, '--http-port', `${second}`])).toMatchObject({
      code: 1,
      line: expect.stringMatching(
        `^restante: Ports ${second} and ${first} on 127.0.0.1 are in use by ${holder}: ` +
          'choose others with --http-port and --smtp-port$',
      ),
    });
    expect(existsSync(path.dirname(data))).toBe(false);
  });

  it('names both options of a port that is set twice', async () => {
    const port = await takePort();
    await freePort(port);
    const options = ['--memory', '--http-port', '0', '--imap-port', `${port}`, '--pop3-port', `${port}`];
    expect(await refusal([...options, '--smtp-port', '0'])).toMatchObject({
      code: 1,
      line:
        `restante: Port ${port} on 127.0.0.1 is set for two listeners: ` +
        'choose another with --pop3-port or --imap-port',
    });
  });

  it('removes a new data directory when the start fails later, but none that existed', async () => {
    const folder = temporaryDirectory();
    const ports = ['smtp', 'http', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);
    const rules = ['--rules', path.join(folder, 'none.json'), ...ports];
    expect(await refusal(['--data', path.join(folder, 'new', 'data'), ...rules])).toMatchObject({ code: 2 });
    expect(readdirSync(folder)).toEqual([]);
    mkdirSync(path.join(folder, 'old'));
    expect(await refusal(['--data', path.join(folder, 'old'), ...rules])).toMatchObject({ code: 2 });
    expect(readdirSync(folder)).toEqual(['old']);
  });

  it('names the process that uses the data directory, and the ways out', async () => {
    const data = temporaryDirectory();
    const first = await startProgram(['--data', data]);
    const { code, line } = await refusal([...freePorts(), '--data', data]);
    expect(code).toBe(1);
    expect(line).toMatch(
      new RegExp(
        `^restante: The data directory ${data} is in use by another Restante ` +
          `\\(process ${first.child.pid}, started at \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\): ` +
          'stop it, choose another directory with --data DIR, or keep the mail in memory with --memory$',
      ),
    );
  });

  it.runIf(process.platform === 'linux')('reports a data directory that cannot be created', async () => {
    const { code, line } = await refusal([...freePorts(), '--data', '/proc/restante']);
    expect(code).toBe(1);
    expect(line).toMatch(/^restante: Cannot store mail in \/proc\/restante: .*; choose another with --data$/);
  });

  it('reports a data directory that cannot be written', async () => {
    const file = path.join(temporaryDirectory(), 'a-file');
    writeFileSync(file, '');
    const { code, line } = await refusal([...freePorts(), '--data', path.join(file, 'data')]);
    expect(code).toBe(1);
    expect(line).toMatch(/^restante: Cannot store mail in .*a-file\/data: /);
    expect(line.split('\n')).toHaveLength(1);
  });
});

describe('restante healthcheck', () => {
  it('returns 0 for a server that is ready, and 1 without a server', async () => {
    const program = await startProgram(['--memory', '--base-path', '/mail']);
    const port = `${program.port('Web UI and API')}`;
    const options = ['healthcheck', '--http-port', port];
    expect(await runProgram([...options, '--base-path', '/mail']).exit).toBe(0);
    program.child.kill('SIGTERM');
    await program.exit;
    expect(await refusal([...options, '--base-path', '/mail'])).toMatchObject({
      code: 1,
      line: expect.stringContaining('does not respond: no server listens there'),
    });
  });

  it('waits for a server that is starting', async () => {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as net.AddressInfo;
    probe.close();
    await once(probe, 'close');
    const waiting = runProgram(['healthcheck', '--wait', '15s', '--http-port', `${port}`]);
    await startProgram(['--memory', '--http-port', `${port}`]);
    expect(await waiting.exit).toBe(0);
    expect(await refusal(['healthcheck', '--wait', 'long'])).toMatchObject({
      code: 2,
      line: 'restante: --wait must be a duration such as 30s, 12h or 7d, not "long"',
    });
  });
});
