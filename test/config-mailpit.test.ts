/** Tests the environment variables and flags of Mailpit. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig, type ResolvedConfig } from '../server/config/index.ts';
import { mailpitFlags } from '../server/config/mailpit.ts';

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
