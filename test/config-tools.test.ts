/** Tests the environment variables and flags of Mailpit, MailHog and MailDev. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig, type ResolvedConfig } from '../server/config/index.ts';
import { maildevFlags } from '../server/config/tools/maildev.ts';
import { mailhogFlags } from '../server/config/tools/mailhog.ts';
import { mailpitFlags } from '../server/config/tools/mailpit.ts';

const cwd = mkdtempSync(path.join(os.tmpdir(), 'restante-config-'));
const resolve = (env: Record<string, string>, argv: readonly string[] = []): ResolvedConfig =>
  resolveConfig({ argv, env, cwd });

describe('variables of Mailpit', () => {
  it.each([
    [{ MP_SMTP_BIND_ADDR: '0.0.0.0:2525' }, { smtpPort: 2525, host: '0.0.0.0' }],
    [{ MP_UI_BIND_ADDR: '[::]:8080' }, { httpPort: 8080, host: '::' }],
    [{ MP_POP3_BIND_ADDR: ':1111' }, { pop3Port: 1111 }],
    [{ MP_WEBROOT: 'mail' }, { basePath: '/mail/' }],
    [{ MP_DATABASE: '/data/mailpit.db' }, { data: '/data/restante' }],
    [
      { MP_MAX_MESSAGES: '500', MP_MAX_AGE: '3d' },
      { maxMessages: 500, maxAge: 3 * 86_400_000 },
    ],
    [{ MP_MAX_MESSAGE_SIZE: '10' }, { maxMessageSize: 10 * 1024 ** 2 }],
    [{ MP_UI_AUTH: 'ann:secret' }, { webAuth: { user: 'ann', password: 'secret' } }],
    [
      { MP_SMTP_AUTH: 'ann:one bob:two' },
      {
        auth: [
          { user: 'ann', password: 'one' },
          { user: 'bob', password: 'two' },
        ],
        requireAuth: true,
      },
    ],
    [
      { MP_SMTP_TLS_CERT: '/c.pem', MP_SMTP_TLS_KEY: '/k.pem', MP_SMTP_REQUIRE_STARTTLS: '1' },
      { tlsCert: '/c.pem', tlsKey: '/k.pem', requireTls: true },
    ],
    [
      { MP_UI_TLS_CERT: '/c.pem', MP_UI_TLS_KEY: '/k.pem', MP_UI_BIND_ADDR: ':8025' },
      { httpPort: null, httpsPort: 8025 },
    ],
    [
      { MP_SMTP_RELAY_HOST: 'smtp.x.test', MP_SMTP_RELAY_USERNAME: 'a@b', MP_SMTP_RELAY_PASSWORD: 'c' },
      { relay: 'manual', relaySmarthost: 'smtp://a%40b:c@smtp.x.test:25' },
    ],
    [
      { MP_API_CORS: 'https://a.test,b.test' },
      { allowOrigin: ['https://a.test', 'http://b.test', 'https://b.test'] },
    ],
    [{ MP_ENABLE_SPAMASSASSIN: 'spamd:783' }, { checkSpamd: 'spamd:783' }],
    [{ MP_ENABLE_RSPAMD: 'https://secret@rspamd:11333/' }, { checkRspamd: 'rspamd:11333' }],
    [{ MP_VERBOSE: 'true' }, { logLevel: 'debug' }],
    [{ MP_SMTP_AUTH_ACCEPT_ANY: '1', MP_SMTP_AUTH_ALLOW_INSECURE: '1' }, { requireAuth: false }],
  ])('maps %o', (env, expected) => {
    const { config, warnings } = resolve(env);
    expect(config).toMatchObject({ ...expected, as: 'mailpit' });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['MP_SMTP_RELAY_MATCHING', '.*', '--relay-allow'],
    ['MP_UI_AUTH_FILE', '/f', '--web-auth'],
    ['MP_WEBHOOK_URL', 'http://x.test', 'webhook'],
    ['MP_CHAOS_TRIGGERS', 'Sender:451:5', '/api/v1/chaos'],
    ['MP_SMTP_TLS_CERT', 'sans:x.test', '--tls auto'],
    ['MP_SMTP_BIND_ADDR', 'unix:/run/x.sock', '--listen'],
  ])('warns that %s has no effect', (name, value, advice) => {
    const { warnings } = resolve({ [name]: value });
    expect(warnings).toEqual([
      expect.stringMatching(`^${name} has no effect: .*${advice.replaceAll('.', '\\.')}`),
    ]);
  });

  it('warns of an unknown variable only beside a known one', () => {
    expect(resolve({ MP_ACCESS_TOKEN: 'x' })).toMatchObject({ config: { as: 'restante' }, warnings: [] });
    expect(resolve({ MP_ACCESS_TOKEN: 'x', MP_QUIET: '0' }).warnings).toEqual([
      'MP_ACCESS_TOKEN has no effect: Restante has no such option',
    ]);
  });

  it('prefers the variables and flags of Restante', () => {
    const env = { MP_SMTP_BIND_ADDR: ':1', RESTANTE_SMTP_PORT: '2', MP_UI_BIND_ADDR: ':3' };
    expect(resolve(env, ['--http-port', '4']).config).toMatchObject({ smtpPort: 2, httpPort: 4 });
  });

  it('names the option of an invalid value', () => {
    expect(() => resolve({ MP_MAX_MESSAGES: 'many' })).toThrow('The MP_ variable for --max-messages');
  });
});

describe('mailpitFlags', () => {
  it('converts flags to variables', () => {
    const flags = [
      '--smtp-auth-accept-any',
      '--max',
      '5',
      '--listen=:8080',
      '-s',
      ':25',
      '--webroot',
      '/x',
      '-v',
    ];
    expect(mailpitFlags(flags)).toEqual({
      MP_SMTP_AUTH_ACCEPT_ANY: 'true',
      MP_MAX_MESSAGES: '5',
      MP_UI_BIND_ADDR: ':8080',
      MP_SMTP_BIND_ADDR: ':25',
      MP_WEBROOT: '/x',
      MP_VERBOSE: 'true',
    });
  });

  it.each([[['x']], [['-x']], [['--max']]])('refuses %j', (flags) => {
    expect(() => mailpitFlags(flags)).toThrow();
  });
});

describe('variables of MailHog', () => {
  it.each([
    [{ MH_SMTP_BIND_ADDR: '0.0.0.0:2525' }, { smtpPort: 2525, host: '0.0.0.0' }],
    [{ MH_API_BIND_ADDR: ':8080', MH_UI_BIND_ADDR: ':8080' }, { httpPort: 8080 }],
    [{ MH_UI_BIND_ADDR: ':8081' }, { httpPort: 8081 }],
    [{ MH_UI_WEB_PATH: 'mail' }, { basePath: '/mail/' }],
    [{ MH_STORAGE: 'memory' }, { memory: true }],
    [
      { MH_STORAGE: 'maildir', MH_MAILDIR_PATH: '/maildir' },
      { memory: false, data: '/maildir/restante' },
    ],
    [{ MH_CORS_ORIGIN: 'http://a.test' }, { allowOrigin: ['http://a.test'] }],
  ])('maps %o', (env, expected) => {
    const { config, warnings } = resolve(env);
    expect(config).toMatchObject({ ...expected, as: 'mailhog' });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['MH_HOSTNAME', 'mailhog.test', 'host name of the machine'],
    ['MH_AUTH_FILE', '/f', '--web-auth'],
    ['MH_STORAGE', 'mongodb', '--data'],
    ['MH_INVITE_JIM', 'true', '/api/v2/jim'],
    ['MH_OUTGOING_SMTP', '/f', '--relay-smarthost'],
  ])('warns that %s has no effect', (name, value, advice) => {
    expect(resolve({ [name]: value }).warnings).toEqual([
      expect.stringMatching(`^${name} has no effect: .*${advice}`),
    ]);
  });

  it('converts flags to variables', () => {
    const flags = ['-smtp-bind-addr', ':25', '--storage=maildir', '-jim-accept', '0.5', '-mongo-coll', 'm'];
    expect(mailhogFlags(flags)).toEqual({
      MH_SMTP_BIND_ADDR: ':25',
      MH_STORAGE: 'maildir',
      MH_INVITE_JIM: 'true',
      MH_MONGO_COLLECTION: 'm',
    });
    expect(() => mailhogFlags(['x'])).toThrow('Unexpected argument x');
    expect(() => mailhogFlags(['-storage'])).toThrow('requires a value');
  });
});

describe('variables of MailDev', () => {
  it.each([
    [{ MAILDEV_SMTP_PORT: '25' }, { smtpPort: 25, httpPort: 1080 }],
    [
      { MAILDEV_WEB_PORT: '8080', MAILDEV_IP: '0.0.0.0' },
      { httpPort: 8080, host: '0.0.0.0' },
    ],
    [{ MAILDEV_WEB_IP: '0.0.0.0' }, { host: '0.0.0.0' }],
    [
      { MAILDEV_HTTPS: 'true', MAILDEV_HTTPS_CERT: '/c.pem', MAILDEV_HTTPS_KEY: '/k.pem' },
      { httpPort: null, httpsPort: 1080, tlsCert: '/c.pem', tlsKey: '/k.pem' },
    ],
    [
      { MAILDEV_INCOMING_SECURE: 'true', MAILDEV_SMTP_PORT: '465' },
      { smtpPort: null, smtpsPort: 465, tls: 'auto' },
    ],
    [
      { MAILDEV_INCOMING_USER: 'ann', MAILDEV_INCOMING_PASS: 'one' },
      { auth: [{ user: 'ann', password: 'one' }], requireAuth: true },
    ],
    [{ MAILDEV_WEB_USER: 'ann', MAILDEV_WEB_PASS: 'one' }, { webAuth: { user: 'ann', password: 'one' } }],
    [
      { MAILDEV_OUTGOING_HOST: 'smtp.x.test', MAILDEV_OUTGOING_SECURE: 'true', MAILDEV_OUTGOING_PORT: '465' },
      { relay: 'manual', relaySmarthost: 'smtps://smtp.x.test:465' },
    ],
    [{ MAILDEV_BASE_PATHNAME: '/mail' }, { basePath: '/mail/' }],
    [{ MAILDEV_DISABLE_WEB: 'true' }, { httpPort: null, httpsPort: null }],
    [
      { MAILDEV_MAIL_DIRECTORY: '/mail', MAILDEV_MAX_EMAILS: '5', MAILDEV_MAX_MESSAGE_SIZE: '1000000' },
      { data: '/mail/restante', maxMessages: 5, maxMessageSize: 1_000_000 },
    ],
    [
      { MAILDEV_SILENT: '1', MAILDEV_MCP: '1' },
      { logLevel: 'error', mcp: 'on' },
    ],
  ])('maps %o', (env, expected) => {
    const { config, warnings } = resolve(env);
    expect(config).toMatchObject({ ...expected, as: 'maildev' });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['MAILDEV_AUTO_RELAY', 'true', '--relay-allow'],
    ['MAILDEV_AUTO_RELAY', 'qa@x.test', 'relay to qa@x.test'],
    ['MAILDEV_AUTO_RELAY_RULES', '/f', '--relay-deny'],
    ['MAILDEV_HIDE_EXTENSIONS', 'STARTTLS', 'always offers'],
    ['MAILDEV_LOG_MAIL_CONTENTS', 'true', '/api/email'],
  ])('warns that %s=%s has no effect', (name, value, advice) => {
    expect(resolve({ [name]: value, MAILDEV_VERBOSE: '1' }).warnings).toEqual([
      expect.stringMatching(`^${name} has no effect: .*${advice}`),
    ]);
  });

  it('converts flags to variables', () => {
    expect(maildevFlags(['-s', '25', '--web', '80', '--auto-relay', '--https', '--ip=::', '-v'])).toEqual({
      MAILDEV_SMTP_PORT: '25',
      MAILDEV_WEB_PORT: '80',
      MAILDEV_AUTO_RELAY: 'true',
      MAILDEV_HTTPS: 'true',
      MAILDEV_IP: '::',
      MAILDEV_VERBOSE: 'true',
    });
    expect(() => maildevFlags(['x'])).toThrow('Unexpected argument x');
    expect(() => maildevFlags(['--smtp'])).toThrow('requires a value');
  });
});
