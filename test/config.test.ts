import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ConfigError,
  flagName,
  optionKeys,
  refuseTaken,
  resolveConfig,
  variableName,
} from '../server/config/index.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(os.tmpdir(), 'restante-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

const resolve = (argv: string[], env: Record<string, string> = {}) => resolveConfig({ argv, env, cwd });
const file = (content: unknown, name = 'restante.config.json'): void => {
  writeFileSync(path.join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const refusal = (argv: string[], env: Record<string, string> = {}): string => {
  try {
    resolve(argv, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('was accepted');
};

describe('the source of a value', () => {
  it('is the default if no other source has a value', () => {
    const { config } = resolve([]);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      smtpPort: 1025,
      httpPort: 8025,
      imapPort: 1143,
      pop3Port: 1110,
      maxMessages: 10_000,
      maxMessageSize: 52_428_800,
      memory: false,
      allowOrigin: [],
    });
  });

  it('is the flag before the environment before the file', () => {
    file({ smtpPort: 1, httpPort: 2, imapPort: 3 });
    const env = { RESTANTE_SMTP_PORT: '11', RESTANTE_HTTP_PORT: '12' };
    const { config } = resolve(['--smtp-port', '21'], env);
    expect([config.smtpPort, config.httpPort, config.imapPort, config.pop3Port]).toEqual([21, 12, 3, 1110]);
  });

  it('can be a file with another name', () => {
    file({ maxMessages: 7 }, 'other.json');
    expect(resolve(['--config', 'other.json']).config.maxMessages).toBe(7);
    expect(resolve([], { RESTANTE_CONFIG: 'other.json' }).config.maxMessages).toBe(7);
  });

  it('has a flag and a variable for every key', () => {
    expect(flagName('pop3sPort')).toBe('--pop3s-port');
    expect(variableName('pop3sPort')).toBe('RESTANTE_POP3S_PORT');
    expect(new Set(optionKeys.map(flagName)).size).toBe(optionKeys.length);
  });
});

describe('values', () => {
  it('parses ports, sizes, times, switches, lists and pairs', () => {
    const { config } = resolve([
      ...['--smtp-port=0', '--imap-port', 'off', '--max-message-size', '1.5MB', '--max-age', '7d', '--fsync'],
      ...[
        '--auth',
        'app:se:cret',
        '--auth',
        'b:c',
        '--base-path',
        'mail',
        '--allow-origin',
        'https://x.test',
      ],
    ]);
    expect(config).toMatchObject({
      smtpPort: 0,
      imapPort: null,
      maxMessageSize: 1_572_864,
      maxAge: 604_800_000,
      fsync: true,
      auth: [
        { user: 'app', password: 'se:cret' },
        { user: 'b', password: 'c' },
      ],
      basePath: '/mail/',
      allowOrigin: ['https://x.test'],
    });
  });

  it('disables a switch with --no-', () => {
    expect(resolve(['--no-memory'], { RESTANTE_MEMORY: 'true' }).config.memory).toBe(false);
  });

  it('splits lists of the environment at commas and reads lists of the file', () => {
    file({ auth: ['a:1', 'b:2'] });
    const { config } = resolve([], { RESTANTE_ALLOW_ORIGIN: 'http://x.test, http://y.test' });
    expect(config.allowOrigin).toEqual(['http://x.test', 'http://y.test']);
    expect(config.auth.map(({ user }) => user)).toEqual(['a', 'b']);
  });
});

describe('invalid configuration', () => {
  it.each([
    [['--smtp-prot', '1'], 'Unknown option --smtp-prot; did you mean --smtp-port?'],
    [['--completely-different'], 'Unknown option --completely-different; see --help'],
    [['extra'], 'Unexpected argument extra; see --help'],
    [['--smtp-port'], '--smtp-port requires a value'],
    [
      ['--smtp-port', '70000'],
      '--smtp-port must be a port from 0 (any free port) to 65535, or off, not "70000"',
    ],
    [['--max-age', 'soon'], '--max-age must be a duration such as 30s, 12h or 7d, not "soon"'],
    [['--max-bytes', '1XB'], '--max-bytes must be a size such as 500KB, 50MB or 2GB, not "1XB"'],
    [['--auth', 'nobody'], '--auth must have the form user:password'],
    [['--tls', 'yes'], '--tls must be one of off, auto, not "yes"'],
    [['--host', 'a', '--host', 'b'], '--host is given more than once: give it once'],
    [['--tls-cert', 'x'], '--tls-cert and --tls-key require each other: give both or neither'],
    [['--memory', '--data', 'x'], '--memory keeps nothing on disk: leave out --data'],
    [['--require-tls'], '--require-tls needs TLS: add --tls auto, or --tls-cert and --tls-key'],
    [['--relay', 'on'], '--relay must be one of off, manual, auto, not "on"'],
    [['--relay-allow', 'a b'], '--relay-allow cannot be used: a b is not an address or a domain'],
    [['--relay-port', '0'], '--relay-port must be a port from 1 to 65535, not "0"'],
    [
      ['--relay-dns', 'dns.test'],
      '--relay-dns must be an IP address, with or without a port, not "dns.test"',
    ],
    [
      ['--relay-route', 'x.test'],
      '--relay-route cannot be used: x.test is not a route: write it as DOMAIN=HOST[:PORT]',
    ],
    [
      ['--relay-smarthost', 'http://user:secret@x.test'],
      '--relay-smarthost cannot be used: The smart host is not a URL of the form smtp(s)://[user:password@]host[:port]',
    ],
    [
      ['--relay-dkim-domain', 'x.test'],
      '--relay-dkim-domain, --relay-dkim-selector and --relay-dkim-key require each other: give all or none',
    ],
  ])('refuses %j', (argv, message) => {
    expect(refusal(argv)).toBe(message);
  });

  it('is reported with the name of the variable', () => {
    expect(refusal([], { RESTANTE_MEMORY: 'maybe' })).toBe(
      'RESTANTE_MEMORY must be true or false, not "maybe"',
    );
  });

  it('is reported with the file and the key', () => {
    file('{ "smtpPort": 1025, }');
    expect(refusal([])).toMatch(/restante\.config\.json is not JSON: /);
    file([1]);
    expect(refusal([])).toMatch(/restante\.config\.json must contain a JSON object$/);
    file({ smtpprot: 1 });
    expect(refusal([])).toMatch(/restante\.config\.json: unknown key smtpprot; did you mean smtpPort\?$/);
    file({ smtpPort: { a: 1 } });
    expect(refusal([])).toMatch(/smtpPort must be text, a number, true or false, or a list of them$/);
    expect(refusal(['--config', 'gone.json'])).toMatch(
      /^Cannot read .*gone\.json: there is no such file or directory$/,
    );
  });

  it('warns about a relay that others can reach', () => {
    const warnings = (...argv: string[]) => resolve(argv).warnings.join();
    expect(warnings('--relay', 'auto', '--host', '0.0.0.0')).toMatch(
      /without --web-auth, --auth and --require-auth anybody there can send/,
    );
    expect(warnings('--relay', 'manual', '--host', '::')).toMatch(/without --web-auth anybody/);
    expect(warnings('--relay', 'manual', '--host', '::', '--web-auth', 'a:b')).toBe('');
    expect(warnings('--relay', 'auto')).toBe('');
    expect(warnings('--host', '0.0.0.0')).toBe('');
    expect(warnings('--allow-origin', '*')).toMatch(/every web page .* name the origins instead$/);
    expect(warnings('--allow-origin', '*', '--web-auth', 'a:b')).toMatch(/every web page/);
    expect(warnings('--allow-origin', 'https://*.example.test')).toBe('');
  });

  it('detects options that npm interpreted as its own, without the two dashes', () => {
    const env = { npm_lifecycle_event: 'start', npm_config_smtp_port: 'true', npm_config_memory: 'true' };
    expect(() => refuseTaken(env)).toThrow(
      'npm interpreted --smtp-port and --memory as its own option; write npm start -- --smtp-port …',
    );
    expect(() => refuseTaken({ ...env, npm_lifecycle_event: 'test' })).not.toThrow();
  });

  it('warns about variables that are not an option, but not about those that Kubernetes sets', () => {
    const env = { RESTANTE_SMTP_PROT: '1', RESTANTE_PORT_1025_TCP: 'tcp://…', RESTANTE_SERVICE_HOST: 'x' };
    expect(resolve([], env).warnings).toEqual([
      'RESTANTE_SMTP_PROT is not an option of Restante; did you mean RESTANTE_SMTP_PORT?',
    ]);
  });
});
