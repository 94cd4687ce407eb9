/** Tests certificates with the clients that have to trust them: Node's TLS client, and OpenSSL if it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls, { type TlsOptions } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { secureContext, type TlsMaterial } from '../../server/net/tls/index.ts';
import { faultyTls, type TlsFault } from '../../server/net/tls/faults.ts';
import { examineAuthority, localAuthority } from '../../server/net/tls/local-authority.ts';

const hosts = ['mail.example.test', 'localhost', '127.0.0.1', '::1', 'fe80::1:0:0:2'];
const DAY = 86_400_000;

function temporary(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'restante-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/**
 * Returns the error code of a client that trusts `ca` and expects `servername`, when it connects to a server with the
 * key and certificate in `material`.
 */
async function verdict(material: TlsMaterial, servername: string, ca = material.ca): Promise<string> {
  const options: TlsOptions = { key: material.key, cert: material.cert };
  const server = tls.createServer(options, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, ...(ca ? { ca } : {}) }, () => {
      resolve('trusted');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

it('creates a certificate that a client with the authority trusts', async () => {
  const material = await localAuthority({ directory: null, hosts, clock: Date.now });
  expect(await verdict(material, 'mail.example.test')).toBe('trusted');
  expect(await verdict(material, 'other.example.test')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await verdict(material, 'mail.example.test', null)).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  expect(() => secureContext(material)).not.toThrow();
});

it('contains every host and address', async () => {
  const { cert } = await localAuthority({ directory: null, hosts, clock: Date.now });
  const certificate = new X509Certificate(cert);
  for (const address of ['127.0.0.1', '::1', 'fe80::1:0:0:2'])
    expect(certificate.checkIP(address)).toBe(address);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  expect(certificate.ca).toBe(false);
});

it('keeps both, and creates only what is missing or expired', async () => {
  const directory = temporary();
  let now = Date.now();
  const open = (names: readonly string[]) => localAuthority({ directory, hosts: names, clock: () => now });
  const first = await open(hosts);
  expect(await open(hosts)).toEqual(first);
  expect(statSync(path.join(directory, 'ca.key')).mode & 0o777).toBe(0o600);
  const renamed = await open([...hosts, 'new.example.test']);
  expect(renamed.cert).not.toBe(first.cert);
  expect(renamed.ca).toBe(first.ca);
  now += 380 * DAY;
  const renewed = await open(hosts);
  expect(renewed.cert).not.toBe(renamed.cert);
  expect(renewed.ca).toBe(first.ca);
  now += 3300 * DAY;
  expect((await open(hosts)).ca).not.toBe(first.ca);
  writeFileSync(path.join(directory, 'server.key'), 'no key');
  await open(hosts);
  expect(readFileSync(path.join(directory, 'server.key'), 'utf8')).toContain('BEGIN PRIVATE KEY');
});

it.each<[TlsFault, string]>([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['not-yet-valid', 'CERT_NOT_YET_VALID'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])('creates a certificate that is %s', async (fault, code) => {
  expect(await verdict(await faultyTls(fault, hosts, Date.now), 'mail.example.test')).toBe(code);
});

it.skipIf(spawnSync('openssl', ['version']).status !== 0)('is well-formed to OpenSSL', async () => {
  const directory = temporary();
  const { cert, ca } = await localAuthority({ directory, hosts, clock: Date.now });
  const files = { leaf: path.join(directory, 'leaf.pem'), root: path.join(directory, 'root.pem') };
  writeFileSync(files.leaf, cert);
  writeFileSync(files.root, ca ?? '');
  const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', files.root, files.leaf];
  expect(execFileSync('openssl', strict, { encoding: 'utf8' })).toContain('OK');
});

describe('certificates that cannot be used', () => {
  const start = Date.UTC(2026, 10, 30);

  /** Opens the authority of a directory at a given time; returns its key and certificate and the reported problems. */
  async function openAt(directory: string, now: number, replaceDamaged = false) {
    const reports: string[] = [];
    const options = { directory, hosts, clock: () => now, report: (text: string) => void reports.push(text) };
    const material = await localAuthority({ ...options, replaceDamaged });
    return { material, report: reports.join('\n'), problems: await examineAuthority(options) };
  }

  it('are not created by a clock that is some days ahead', async () => {
    const directory = temporary();
    const ahead = await openAt(directory, start + 3 * DAY);
    expect(await openAt(directory, start)).toEqual({ material: ahead.material, report: '', problems: [] });
  });

  it('are replaced when they are not valid yet, with a report', async () => {
    const directory = temporary();
    const ahead = await openAt(directory, start + 100 * DAY);
    const server = await openAt(directory, start);
    expect(server.material.ca).toBe(ahead.material.ca);
    expect(server.report).toMatch(
      /^server\.crt is not valid before [-\d]+; the server has a new certificate/,
    );
    await openAt(directory, start + 1000 * DAY);
    const options = { directory, hosts, clock: () => start };
    expect(await examineAuthority(options)).toEqual([
      expect.stringContaining('server.crt is not valid before'),
    ]);
    expect(
      Date.parse(new X509Certificate((await openAt(directory, start)).material.cert).validFrom),
    ).toBeLessThan(start);
    const late = temporary();
    await openAt(late, start + 1000 * DAY);
    const both = await openAt(late, start);
    expect(both.report).toMatch(/ca\.crt is not valid before .*must import tls\/ca\.crt again/);
    expect(both.problems).toEqual([]);
  });

  it.each(['', 'garbage'])(
    'an authority whose key is %j is kept as long as its certificate serves',
    async (text) => {
      const directory = temporary();
      const { material } = await openAt(directory, start);
      writeFileSync(path.join(directory, 'ca.key'), text);
      const opened = await openAt(directory, start);
      expect(opened.material).toEqual(material);
      expect(opened.report).toMatch(
        /^ca\.key is (empty|damaged): the authority cannot sign certificates any more/,
      );
      expect(opened.problems).toHaveLength(1);
      const repaired = await openAt(directory, start, true);
      expect(repaired.material.ca).not.toBe(material.ca);
      expect(repaired.report).toContain(
        'clients that trusted the old authority must import tls/ca.crt again',
      );
      expect(repaired.problems).toEqual([]);
      expect(readdirSync(directory).filter((name) => name.startsWith('ca.key.damaged-'))).toHaveLength(1);
      expect(await verdict(repaired.material, 'mail.example.test')).toBe('trusted');
    },
  );

  it('an authority is replaced with a report if the server has no valid certificate either', async () => {
    const directory = temporary();
    const { material } = await openAt(directory, start);
    writeFileSync(path.join(directory, 'ca.key'), '');
    writeFileSync(path.join(directory, 'server.crt'), '');
    const opened = await openAt(directory, start);
    expect(opened.material.ca).not.toBe(material.ca);
    expect(opened.report).toContain('must import tls/ca.crt again');
  });

  it('a damaged certificate of the authority is created again for its key, which clients trust', async () => {
    const directory = temporary();
    const { material } = await openAt(directory, Date.now());
    writeFileSync(path.join(directory, 'ca.crt'), 'damaged');
    const opened = await openAt(directory, Date.now());
    expect(opened.report).toContain('new certificate for its old key');
    expect(await verdict(opened.material, 'mail.example.test', material.ca)).toBe('trusted');
  });

  it('are used from memory if they cannot be stored', async () => {
    const file = path.join(temporary(), 'file');
    writeFileSync(file, '');
    const opened = await openAt(path.join(file, 'tls'), Date.now());
    expect(opened.report).toContain('cannot be stored');
    expect(await verdict(opened.material, 'mail.example.test')).toBe('trusted');
  });
});
