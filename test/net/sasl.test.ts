import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offeredMechanisms, startSasl, type SaslSecret } from '../../server/net/sasl/index.ts';

const secrets =
  (known: Readonly<Record<string, string>>) =>
  async (user: string): Promise<SaslSecret> => {
    const password = known[user];
    return password === undefined ? { kind: 'unknown' } : { kind: 'password', password };
  };
const anything = { secret: async (): Promise<SaslSecret> => ({ kind: 'any' }) };
const listed = (known: Readonly<Record<string, string>>) => ({ secret: secrets(known) });

const text = (step: { kind: string; data?: Buffer }) => step.data?.toString() ?? '';

describe('PLAIN (RFC 4616)', () => {
  it('accepts the example of the RFC', async () => {
    const source = listed({ tim: 'tanstaaftanstaaf' });
    expect(await startSasl('PLAIN', source)!.step(Buffer.from('\0tim\0tanstaaftanstaaf'))).toEqual({
      kind: 'success',
      user: 'tim',
    });
    expect(await startSasl('plain', source)!.step(Buffer.from('\0tim\0x'))).toMatchObject({
      kind: 'failure',
    });
    expect(await startSasl('PLAIN', source)!.step(Buffer.from('Ursel\0tim\0tanstaaftanstaaf'))).toMatchObject(
      { kind: 'failure' },
    );
    expect(await startSasl('PLAIN', source)!.step(null)).toMatchObject({ kind: 'challenge' });
  });
});

describe('CRAM-MD5 (RFC 2195)', () => {
  it('accepts the example of the RFC', async () => {
    const world = {
      hostname: 'postoffice.reston.mci.net',
      clock: () => 697_170_952,
      nonce: () => '1896',
    };
    const exchange = startSasl('CRAM-MD5', listed({ tim: 'tanstaaftanstaaf' }), world)!;
    const asked = text(await exchange.step(null));
    expect(asked).toBe('<1896.697170952@postoffice.reston.mci.net>');
    const response = Buffer.from('tim b913a602c7eda7a495b4e6e7334d3890');
    expect(await exchange.step(response)).toEqual({ kind: 'success', user: 'tim' });
  });

  it('refuses another digest and an initial response', async () => {
    const wrong = startSasl('CRAM-MD5', listed({ tim: 'tanstaaftanstaaf' }))!;
    await wrong.step(null);
    const response = Buffer.from('tim b913a602c7eda7a495b4e6e7334d3890');
    expect(await wrong.step(response)).toMatchObject({ kind: 'failure' });
    expect(await startSasl('CRAM-MD5', anything)!.step(response)).toMatchObject({ kind: 'failure' });
  });

  it('accepts any digest if any password is accepted', async () => {
    const exchange = startSasl('CRAM-MD5', anything)!;
    await exchange.step(null);
    const response = Buffer.from(`ann ${'0'.repeat(32)}`);
    expect(await exchange.step(response)).toEqual({ kind: 'success', user: 'ann' });
  });
});

describe('an empty user name', () => {
  const digest = ` ${'0'.repeat(32)}`;
  const responses = [
    ['PLAIN', ['\0\0']],
    ['LOGIN', ['', '']],
    ['CRAM-MD5', [null, digest]],
    ['XOAUTH2', ['user=\x01auth=Bearer \x01\x01']],
    ['XOAUTH2', ['user=\x01auth=Bearer\x01\x01']],
    ['OAUTHBEARER', ['n,,\x01auth=Bearer \x01\x01']],
  ] as const;
  const outcome = async (
    mechanism: string,
    given: readonly (string | null)[],
    source: Parameters<typeof startSasl>[1],
  ): Promise<string> => {
    const exchange = startSasl(mechanism, source)!;
    for (const response of given) {
      const step = await exchange.step(response === null ? null : Buffer.from(response));
      if (step.kind !== 'challenge') return step.kind;
    }
    // A bearer mechanism sends the error in one more challenge, which the client answers.
    return (await exchange.step(Buffer.alloc(0))).kind;
  };

  it.each(responses)('logs in by %s if no users are listed', async (mechanism, given) => {
    expect(await outcome(mechanism, given, anything)).toBe('success');
  });

  it.each(responses)('is refused by %s where users are listed', async (mechanism, given) => {
    expect(await outcome(mechanism, given, listed({ tim: '' }))).toBe('failure');
  });
});

describe('SCRAM-SHA-256 (RFC 7677)', () => {
  /** The example of RFC 7677 §3, with the server's part of the nonce, and the salt. */
  const serverNonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');

  function client(password: string, first: string, server: string, gs2 = 'n,,') {
    const nonce = /r=([^,]*)/.exec(server)![1]!;
    const salted = pbkdf2Sync(
      password,
      Buffer.from(/s=([^,]*)/.exec(server)![1]!, 'base64'),
      4096,
      32,
      'sha256',
    );
    const bare = `c=${Buffer.from(gs2).toString('base64')},r=${nonce}`;
    const message = `${first},${server},${bare}`;
    const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest();
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64');
    return {
      final: `${bare},p=${proof}`,
      verifier: hmac(hmac(salted, 'Server Key'), message).toString('base64'),
    };
  }

  it('accepts the example of the RFC', async () => {
    const world = { randomBytes: () => salt, nonce: () => serverNonce };
    const exchange = startSasl('SCRAM-SHA-256', listed({ user: 'pencil' }), world)!;
    expect(text(await exchange.step(Buffer.from('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')))).toBe(
      `r=rOprNGfwEbeRWgbNEkqO${serverNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
    );
    const final = `c=biws,r=rOprNGfwEbeRWgbNEkqO${serverNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;
    expect(text(await exchange.step(Buffer.from(final)))).toBe(
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    );
    expect(await exchange.step(Buffer.alloc(0))).toEqual({ kind: 'success', user: 'user' });
  });

  it('refuses an authorization identity of another user, and mandatory extensions', async () => {
    const source = listed({ user: 'pencil', 'a,b=c': 'pencil' });
    const attempt = async (gs2: string, name: string) => {
      const exchange = startSasl('SCRAM-SHA-256', source)!;
      const bare = `n=${name},r=abc`;
      const server = text(await exchange.step(Buffer.from(gs2 + bare)));
      const { final } = client('pencil', bare, server, gs2);
      await exchange.step(Buffer.from(final));
      return exchange.step(Buffer.alloc(0));
    };
    expect(await attempt('n,,', 'a=2Cb=3Dc')).toEqual({ kind: 'success', user: 'a,b=c' });
    expect(await attempt('y,a=user,', 'user')).toEqual({ kind: 'success', user: 'user' });
    expect(await attempt('n,a=eve,', 'user')).toMatchObject({ kind: 'failure' });
    const extended = Buffer.from('n,,m=x,n=user,r=abc');
    expect(await startSasl('SCRAM-SHA-256', source)!.step(extended)).toMatchObject({ kind: 'failure' });
  });

  it('refuses another password, nonce or channel binding, and unknown users', async () => {
    const begin = async (user: string) => {
      const exchange = startSasl('SCRAM-SHA-256', listed({ user: 'pencil' }))!;
      return { exchange, server: text(await exchange.step(Buffer.from(`n,,n=${user},r=abc`))) };
    };
    const wrong = await begin('user');
    expect(
      await wrong.exchange.step(Buffer.from(client('pen', 'n=user,r=abc', wrong.server).final)),
    ).toMatchObject({ kind: 'failure' });
    const stranger = await begin('nobody');
    expect(stranger.server).toMatch(/^r=abc.+,s=.+,i=4096$/);
    expect(
      await stranger.exchange.step(Buffer.from(client('x', 'n=nobody,r=abc', stranger.server).final)),
    ).toMatchObject({ kind: 'failure' });
    const other = await begin('user');
    expect(await other.exchange.step(Buffer.from('c=biws,r=zzz,p=AAAA'))).toMatchObject({ kind: 'failure' });
    expect(
      await startSasl('SCRAM-SHA-256', anything)!.step(Buffer.from('p=tls-unique,,n=u,r=a')),
    ).toMatchObject({ kind: 'failure' });
  });
});

describe('tokens', () => {
  it('are compared with the password, in both forms', async () => {
    const source = listed({ 'a@x.test': 'vF9dft4qmT' });
    const xoauth2 = 'user=a@x.test\u0001auth=Bearer vF9dft4qmT\u0001\u0001';
    const bearer = 'n,a=a@x.test,\u0001host=x\u0001auth=Bearer vF9dft4qmT\u0001\u0001';
    expect(await startSasl('XOAUTH2', source)!.step(Buffer.from(xoauth2))).toEqual({
      kind: 'success',
      user: 'a@x.test',
    });
    expect(await startSasl('OAUTHBEARER', source)!.step(Buffer.from(bearer))).toEqual({
      kind: 'success',
      user: 'a@x.test',
    });
  });

  it('that are wrong cause an error in a challenge before the failure', async () => {
    const exchange = startSasl('XOAUTH2', listed({ a: 'right' }))!;
    const told = await exchange.step(Buffer.from('user=a\u0001auth=Bearer wrong\u0001\u0001'));
    expect(JSON.parse(text(told))).toMatchObject({ status: '401' });
    expect(await exchange.step(Buffer.alloc(0))).toMatchObject({ kind: 'failure' });
  });
});

describe('every mechanism', () => {
  it('is offered if it can succeed', () => {
    expect(offeredMechanisms({ listed: false })).not.toContain('SCRAM-SHA-256');
    expect(offeredMechanisms({ listed: true })).toContain('SCRAM-SHA-256');
    expect(startSasl('NOSUCH', anything)).toBeNull();
    expect(startSasl('__proto__', anything)).toBeNull();
  });

  it('ends any invalid input in a step', async () => {
    const name = fc.constantFrom(...offeredMechanisms({ listed: true }));
    const response = fc.option(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.string().map((value) => Buffer.from(value)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.array(response, { minLength: 1, maxLength: 4 }),
        async (mechanism, responses) => {
          const exchange = startSasl(mechanism, listed({ a: 'b' }))!;
          for (const each of responses) {
            const step = await exchange.step(each === null ? null : Buffer.from(each));
            expect(['challenge', 'failure', 'success']).toContain(step.kind);
            if (step.kind !== 'challenge') break;
          }
        },
      ),
    );
  });
});
