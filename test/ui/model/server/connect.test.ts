/** Tests the settings for a mail client, the addresses for a phone, and URLs with a login. */
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../../contract/index.ts';
import {
  asLines,
  loginUrl,
  pageAddresses,
  seenFrom,
  settingsOf,
} from '../../../../ui/model/server/connect.ts';

const imap: Endpoint = {
  protocol: 'imap',
  host: '127.0.0.1',
  port: 1143,
  tls: 'none',
  url: 'imap://127.0.0.1:1143',
};
const smtp: Endpoint = { ...imap, protocol: 'smtp', port: 1025, url: 'smtp://127.0.0.1:1025' };
const http: Endpoint = { ...imap, protocol: 'http', port: 8025, url: 'http://127.0.0.1:8025/mail/' };
const open = { listed: false, required: false };

const labels = (endpoint: Endpoint, logins = open): readonly string[] =>
  settingsOf(endpoint, logins).map(({ label }) => label);

describe('settingsOf', () => {
  it('returns host, port, encryption, login and URL of a mail protocol', () => {
    expect(labels(imap)).toEqual(['Host', 'Port', 'Encryption', 'User name', 'Password', 'URL']);
  });

  it('returns no login for the web UI', () => {
    expect(labels(http)).toEqual(['Host', 'Port', 'URL']);
  });

  it('describes the login that the server requires', () => {
    const user = (endpoint: Endpoint, logins: typeof open): string | undefined =>
      settingsOf(endpoint, logins).find(({ label }) => label === 'User name')?.value;
    const hints = [
      user(smtp, open),
      user(smtp, { listed: false, required: true }),
      user(imap, { listed: true, required: true }),
    ];
    expect(new Set(hints).size).toBe(3);
  });

  it('can be converted to lines of text', () => {
    expect(asLines(settingsOf(http, open)).split('\n')).toEqual([
      'Host: 127.0.0.1',
      'Port: 8025',
      'URL: http://127.0.0.1:8025/mail/',
    ]);
  });
});

describe('seenFrom', () => {
  it('replaces the host, and keeps port and path', () => {
    expect(seenFrom(http, '192.0.2.7').url).toBe('http://192.0.2.7:8025/mail/');
    expect(seenFrom(imap, 'fe80::1').url).toBe('imap://[fe80::1]:1143');
  });

  it('does not change a Unix socket', () => {
    const socket: Endpoint = { ...smtp, host: '/run/mail', port: 0, url: 'smtp://unix:/run/mail' };
    expect(seenFrom(socket, '192.0.2.7')).toBe(socket);
  });
});

it('returns the addresses of the machine for a page that was opened by a loopback address', () => {
  expect(pageAddresses('http://mail.test:8025/', ['192.0.2.7'])).toEqual(['http://mail.test:8025/']);
  expect(pageAddresses('http://localhost:8025/mail/', ['192.0.2.7', '2001:db8::7'])).toEqual([
    'http://192.0.2.7:8025/mail/',
    'http://[2001:db8::7]:8025/mail/',
  ]);
  // A phone cannot open an address that only this machine can reach, whichever way the address is written.
  for (const host of ['127.0.0.2', 'restante.localhost', '[::1]', '0.0.0.0', '[::ffff:127.0.0.1]']) {
    expect(pageAddresses(`http://${host}:8025/`, ['127.0.0.1', '::1'])).toEqual([]);
  }
});

it('percent-encodes user and password in a URL', () => {
  expect(loginUrl(imap, 'a@x.test', 'p:w')).toBe('imap://a%40x.test:p%3Aw@127.0.0.1:1143');
  expect(loginUrl(imap, 'all', '')).toBe('imap://all@127.0.0.1:1143');
});
