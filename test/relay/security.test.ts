/**
 * Tests TLS between servers: used if it is offered, required if MTA-STS requires it; and DKIM signatures that can
 * be verified.
 */
import { generateKeyPairSync } from 'node:crypto';
import https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allowsHost } from '../../server/relay/mta-sts/policies.ts';
import { httpsPolicyFetch } from '../../server/relay/mta-sts/fetch.ts';
import { faultyTls } from '../../server/net/tls/faults.ts';
import { localAuthority } from '../../server/net/tls/local-authority.ts';
import type { TlsMaterial } from '../../server/net/tls/index.ts';
import { startMailWorld, QUICK, type MailWorld } from '../helpers/mail-world.ts';

const zones = { 'one.test': { MX: ['10 mx.one.test'] }, 'mx.one.test': { A: ['127.0.0.2'] } };
const good = (hosts: readonly string[]): Promise<TlsMaterial> =>
  localAuthority({ directory: null, hosts, clock: Date.now });

/** Starts a web server with the policy, and a relay that fetches it; both trust only `ca`. */
async function withPolicy(world: MailWorld, policy: string, tls: TlsMaterial) {
  const served = { policy, requests: 0, status: 200 };
  const server = https.createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    served.requests++;
    expect(request.url).toBe('/.well-known/mta-sts.txt');
    response.writeHead(served.status, { 'content-type': 'text/plain' }).end(served.policy);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  world.dns.zones.set('_mta-sts.one.test', { TXT: ['v=STSv1; id=1;'] });
  world.dns.zones.set('mta-sts.one.test', { A: ['127.0.0.1'] });
  const { port } = server.address() as AddressInfo;
  return {
    served,
    server,
    options: { fetchPolicy: httpsPolicyFetch(port, tls.ca ?? null), ca: tls.ca ?? null },
  };
}
const policyOf = (mode: string, ...mx: string[]): string =>
  ['version: STSv1', `mode: ${mode}`, ...mx.map((name) => `mx: ${name}`), 'max_age: 86400', ''].join('\r\n');
/** A relay that makes only one attempt during the test, because the next attempt is due after the end of the test. */
const PATIENT = { timing: { ...QUICK, delays: [60_000] } };

describe('without a policy', () => {
  it('TLS is used if it is offered, regardless of the certificate, and recorded', async () => {
    const world = await startMailWorld(zones);
    const receiver = await world.receiver(2, {
      smtp: { tls: await faultyTls('self-signed', ['x.test'], Date.now) },
    });
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state).toBe('delivered');
    const [attempt] = await relay.attempts(delivery!.id);
    expect(attempt).toMatchObject({
      security: 'opportunistic',
      tls: { protocol: 'TLSv1.3', servername: 'mx.one.test', verified: false },
    });
    expect((await receiver.messages())[0]?.origin.tls?.protocol).toBe('TLSv1.3');
  });

  it('a valid certificate is recorded as valid', async () => {
    const world = await startMailWorld(zones);
    const tls = await good(['mx.one.test']);
    await world.receiver(2, { smtp: { tls } });
    const { deliver, relay } = await world.relay({}, { ca: tls.ca ?? null });
    const [delivery] = await deliver(['ann@one.test']);
    expect((await relay.attempts(delivery!.id))[0]?.tls?.verified).toBe(true);
  });

  it('mail is sent in clear text if STARTTLS is refused', async () => {
    const world = await startMailWorld(zones);
    const receiver = await world.receiver(2, { smtp: { tls: await good(['mx.one.test']) } });
    await receiver.capture.rules.put({ on: 'starttls', then: { reject: '454 4.7.0 not now' } });
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state, delivery?.reason ?? '').toBe('delivered');
    const [attempt] = await relay.attempts(delivery!.id);
    expect(attempt?.tls).toBeNull();
    expect(attempt?.transcript.map(({ text }) => text)).toContain(
      'STARTTLS was refused: continuing in clear text',
    );
  });

  it('mail is sent in clear text over a new connection if the handshake fails', async () => {
    const world = await startMailWorld(zones);
    let broken = 0;
    await world.listener(2, (socket) => {
      socket.write('220 mx\r\n');
      socket.on('data', (chunk) => {
        for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
          if (line.startsWith('EHLO')) socket.write('250-mx\r\n250 STARTTLS\r\n');
          else if (line === 'STARTTLS') {
            broken++;
            socket.write('220 go\r\n');
            socket.removeAllListeners('data');
            socket.once('data', () => socket.end('this is no TLS'));
          } else socket.write(line === 'DATA' ? '354 go\r\n' : '250 ok\r\n');
        }
      });
    });
    const { deliver, relay } = await world.relay();
    const [delivery] = await deliver(['ann@one.test'], 'Subject: x\r\n');
    expect(delivery).toMatchObject({ state: 'delivered', rounds: 1 });
    expect(broken).toBe(1);
    expect((await relay.attempts(delivery!.id)).map(({ outcome, tls }) => [outcome, tls])).toEqual([
      ['next-host', null],
      ['delivered', null],
    ]);
  });
});

describe('MTA-STS', () => {
  const names = ['mx.one.test', 'mta-sts.one.test'];

  it('in enforce mode sends to a named host with a valid certificate, and caches the policy', async () => {
    const world = await startMailWorld(zones);
    const tls = await good(names);
    await world.receiver(2, { smtp: { tls } });
    const { options, served } = await withPolicy(world, policyOf('enforce', '*.one.test'), tls);
    const { deliver, relay } = await world.relay({}, options);
    for (const to of ['a@one.test', 'b@one.test']) {
      const [delivery] = await deliver([to]);
      expect(delivery?.state, delivery?.reason ?? '').toBe('delivered');
      expect((await relay.attempts(delivery!.id))[0]).toMatchObject({
        security: 'MTA-STS enforce',
        tls: { verified: true },
      });
    }
    expect(served.requests).toBe(1);
  });

  it('in enforce mode refuses an invalid certificate, no STARTTLS, and a host that the policy does not name; mail is deferred', async () => {
    const tls = await good(names);
    const outcome = async (receiver: TlsMaterial | null, policy: string) => {
      const world = await startMailWorld(zones);
      const refusing = await world.receiver(2, { smtp: { tls: receiver } });
      const { options } = await withPolicy(world, policy, tls);
      const { relay, capture, settled } = await world.relay(PATIENT, options);
      const [delivery] = await settled(await relay.release(await capture(['ann@one.test'])), ['queued']);
      expect(await refusing.messages()).toEqual([]);
      return [delivery?.state, delivery?.status, delivery?.reason];
    };
    const enforce = policyOf('enforce', 'mx.one.test');
    const expired = { ...(await faultyTls('expired', names, Date.now)) };
    expect((await outcome(expired, enforce)).slice(0, 2)).toEqual(['deferred', '4.7.5']);
    expect((await outcome(await good(['other.test']), enforce)).slice(0, 2)).toEqual(['deferred', '4.7.5']);
    expect((await outcome(null, enforce)).slice(0, 1)).toEqual(['deferred']);
    expect(await outcome(tls, policyOf('enforce', 'mail.one.test'))).toEqual([
      'deferred',
      '4.7.5',
      'The MTA-STS policy does not name mx.one.test',
    ]);
  });

  it('in enforce mode uses the next host that the policy names', async () => {
    const world = await startMailWorld({
      'one.test': { MX: ['10 evil.test', '20 mx.one.test'] },
      'evil.test': { A: ['127.0.0.3'] },
      'mx.one.test': { A: ['127.0.0.2'] },
    });
    const tls = await good(names);
    const wrong = await world.receiver(3, { smtp: { tls } });
    const right = await world.receiver(2, { smtp: { tls } });
    const { options } = await withPolicy(world, policyOf('enforce', 'mx.one.test'), tls);
    const { deliver } = await world.relay({}, options);
    expect((await deliver(['ann@one.test']))[0]).toMatchObject({ state: 'delivered', host: 'mx.one.test' });
    expect(await wrong.messages()).toEqual([]);
    expect(await right.messages()).toHaveLength(1);
  });

  it('in testing mode delivers, and notes the violation', async () => {
    const world = await startMailWorld(zones);
    const tls = await good(names);
    await world.receiver(2);
    const { options } = await withPolicy(world, policyOf('testing', 'mail.one.test'), tls);
    const { deliver, relay } = await world.relay({}, options);
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state).toBe('delivered');
    const [attempt] = await relay.attempts(delivery!.id);
    expect(attempt?.security).toBe('MTA-STS testing');
    expect(attempt?.transcript.map(({ text }) => text)).toContain(
      'The MTA-STS policy does not name mx.one.test',
    );
    expect(attempt?.transcript.map(({ text }) => text)).toContain(
      'The MTA-STS policy is in testing mode; in enforce mode it would forbid this delivery: there is no TLS',
    );
  });

  it('is cached if the record and the web server no longer exist, and fetched again under a new id', async () => {
    const world = await startMailWorld(zones);
    const tls = await good(names);
    const receiver = await world.receiver(2, { smtp: { tls } });
    const { options, served } = await withPolicy(world, policyOf('enforce', 'mx.one.test'), tls);
    const { deliver, relay, capture, settled } = await world.relay(PATIENT, options);
    await deliver(['a@one.test']);
    // Simulates a downgrade attack: the record and the policy are missing, and the MX record names another host.
    world.dns.zones.delete('_mta-sts.one.test');
    served.status = 404;
    world.dns.zones.set('one.test', { MX: ['10 evil.test'] });
    world.dns.zones.set('evil.test', { A: ['127.0.0.2'] });
    const [delivery] = await settled(await relay.release(await capture(['b@one.test'])), ['queued']);
    expect(delivery).toMatchObject({ state: 'deferred', status: '4.7.5' });
    expect(await receiver.messages()).toHaveLength(1);
    world.dns.zones.set('_mta-sts.one.test', { TXT: ['v=STSv1; id=2;'] });
    served.status = 200;
    served.policy = policyOf('none');
    expect((await deliver(['c@one.test']))[0]?.state).toBe('delivered');
    expect(served.requests).toBe(2);
  });

  it('that cannot be fetched is not applied, and the failure is noted', async () => {
    const world = await startMailWorld(zones);
    await world.receiver(2);
    const { options } = await withPolicy(
      world,
      policyOf('enforce', 'x.test'),
      await good(['elsewhere.test']),
    );
    const { deliver, relay } = await world.relay({}, options);
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery?.state).toBe('delivered');
    const said = (await relay.attempts(delivery!.id))[0]?.transcript.map(({ text }) => text) ?? [];
    expect(said.some((text) => text.startsWith('MTA-STS policy of one.test: '))).toBe(true);
  });

  it('matches one label with a wildcard', () => {
    const mx = ['mx.one.test', '*.two.test'];
    expect(allowsHost({ mx }, 'MX.one.test.')).toBe(true);
    expect(allowsHost({ mx }, 'a.two.test')).toBe(true);
    expect(allowsHost({ mx }, 'a.b.two.test')).toBe(false);
    expect(allowsHost({ mx }, 'two.test')).toBe(false);
    expect(allowsHost({ mx }, 'evil-mx.one.test')).toBe(false);
  });
});

describe('a smart host', () => {
  it('with a password requires verified TLS', async () => {
    const tls = await good(['localhost', '127.0.0.2']);
    const world = await startMailWorld(zones);
    const receiver = await world.receiver(2, { smtp: { tls }, listed: { app: 'se:cret' } });
    const url = `smtp://app:se%3Acret@127.0.0.2:${world.port}`;
    const trusting = await world.relay({ smartHost: url }, { ca: tls.ca ?? null });
    const [delivery] = await trusting.deliver(['ann@one.test']);
    expect(delivery?.state, delivery?.reason ?? '').toBe('delivered');
    expect((await receiver.messages())[0]).toMatchObject({ user: 'app' });
    const attempts = JSON.stringify(await trusting.relay.attempts(delivery!.id));
    expect(attempts).not.toContain('se:cret');
    expect(attempts).not.toContain(Buffer.from('\0app\0se:cret').toString('base64').slice(-8));

    const wary = await world.relay({ ...PATIENT, smartHost: url });
    const released = await wary.relay.release(await wary.capture(['bob@one.test']));
    expect((await wary.settled(released, ['queued']))[0]).toMatchObject({
      state: 'deferred',
      status: '4.7.5',
    });
    const wrong = await world.relay({ smartHost: url.replace('cret', 'x') }, { ca: tls.ca ?? null });
    expect((await wrong.deliver(['ann@one.test']))[0]).toMatchObject({ state: 'failed', status: '5.7.8' });
    expect(await receiver.messages()).toHaveLength(1);
  });

  it('may use TLS from the first octet', async () => {
    const tls = await good(['127.0.0.2']);
    const world = await startMailWorld();
    const receiver = await world.receiver(2, { smtp: { tls, implicitTls: true } });
    const { deliver } = await world.relay(
      { smartHost: `smtps://127.0.0.2:${world.port}` },
      { ca: tls.ca ?? null },
    );
    expect((await deliver(['ann@one.test']))[0]?.state).toBe('delivered');
    expect((await receiver.messages())[0]?.origin.tls).not.toBeNull();
  });
});

describe('DKIM', () => {
  it('signs messages so that the signature can be verified, also with bare line feeds', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const world = await startMailWorld(zones);
    const receiver = await world.receiver(2);
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const { deliver } = await world.relay({
      dkim: {
        domain: 'sender.test',
        selector: 'k1',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    });
    await deliver(['ann@one.test'], 'From: app@sender.test\nBcc: x@y.test\nSubject: x\n\n.line\nend');
    const { results } = await dkimVerify(await receiver.raw(), {
      resolver: async (name: string) =>
        name === 'k1._domainkey.sender.test' ? [[`v=DKIM1; k=rsa; p=${key}`]] : [],
    });
    expect(results.map(({ status, signingDomain }) => [status.result, signingDomain])).toEqual([
      ['pass', 'sender.test'],
    ]);
  });
});
