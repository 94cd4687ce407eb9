/** Tests which mail may be relayed, for every kind of release; and the patterns and addresses of the policy. */
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { parseRelayAddress } from '../../server/relay/address.ts';
import { parseAddressPattern } from '../../server/relay/address-pattern.ts';
import { LoopGuard } from '../../server/relay/loop-guard.ts';
import {
  RelayRefusal,
  type AllowListError,
  type Relay,
  type ReleaseCause,
} from '../../server/relay/relay.ts';
import type { MessageId } from '../../server/store/ids.ts';
import { MESSAGE, one, startMailWorld } from '../helpers/mail-world.ts';

const refusal = async (relay: Relay, id: MessageId, to?: readonly string[], by?: ReleaseCause) => {
  try {
    await relay.release(id, to ?? null, by);
  } catch (error) {
    if (error instanceof RelayRefusal) return error.code;
    throw error;
  }
  return 'released';
};

describe('a rehearsal', () => {
  it('shows the decision on each recipient, and queues nothing', async () => {
    const { relay, capture } = await (await startMailWorld()).relay({ allow: ['one.test'], maxPerHour: 2 });
    const id = await capture(['ann@one.test', 'x@two.test']);
    expect(await relay.rehearse(id)).toEqual({
      refusal: { code: 'not-allowed', reason: 'x@two.test is not on the allow list' },
      recipients: [
        { to: 'ann@one.test', refusal: null },
        { to: 'x@two.test', refusal: { code: 'not-allowed', reason: 'x@two.test is not on the allow list' } },
      ],
    });
    expect(await relay.rehearse(id, ['bob@one.test'])).toEqual({
      refusal: null,
      recipients: [{ to: 'bob@one.test', refusal: null }],
    });
    expect((await relay.rehearse(id, ['a@one.test', 'b@one.test', 'c@one.test'])).refusal?.code).toBe(
      'ceiling',
    );
    expect(relay.deliveries()).toEqual([]);
  });
});

describe('a release', () => {
  it('is refused while relaying is off; a release by a rule also in manual mode', async () => {
    const world = await startMailWorld(one);
    await world.receiver(2);
    const off = await world.relay({ mode: 'off' });
    expect(await refusal(off.relay, await off.capture(['ann@one.test']))).toBe('off');
    const manual = await world.relay();
    expect(await refusal(manual.relay, await manual.capture(['ann@one.test']), undefined, 'rule')).toBe(
      'manual-only',
    );
    const auto = await world.relay({ mode: 'auto' });
    expect(await refusal(auto.relay, await auto.capture(['ann@one.test']), undefined, 'rule')).toBe(
      'released',
    );
  });

  it('is refused as a whole if one recipient is not allowed, and nothing is sent', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { relay, capture } = await world.relay({ allow: ['one.test'], deny: ['ceo@*', 'vip.one.test'] });
    const id = await capture(['ann@one.test']);
    for (const [to, code] of [
      ['someone@gmail.example', 'not-allowed'],
      ['x@sub.one.test', 'not-allowed'],
      ['CEO@One.Test', 'denied'],
      ['"ceo"@one.test', 'denied'],
      ['x@[127.0.0.2]', 'not-allowed'],
      ['not an address', 'bad-address'],
      ['', 'bad-address'],
      ['a@one.test\r\nRCPT TO:<b@one.test>', 'bad-address'],
      ['<a@one.test>', 'bad-address'],
      ['@other.test:a@one.test', 'bad-address'],
    ] as const) {
      expect(await refusal(relay, id, ['ann@one.test', to]), to).toBe(code);
    }
    expect(await refusal(relay, id, [])).toBe('no-recipients');
    expect(await refusal(relay, 'nothing' as MessageId)).toBe('not-found');
    expect(relay.deliveries()).toEqual([]);
    expect(receiver.server.connections).toBe(0);
    expect(world.dns.asked).toEqual([]);
  });

  it('names every refused recipient with its reason', async () => {
    const world = await startMailWorld();
    const { relay, capture } = await world.relay({ allow: [] });
    const error = await relay
      .release(await capture(['a@one.test', 'b@one.test']))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'not-allowed',
      message: 'a@one.test is not on the allow list; b@one.test is not on the allow list',
      recipients: [{ to: 'a@one.test' }, { to: 'b@one.test' }],
    });
  });

  it('is refused above the hourly limit, which is counted over restarts', async () => {
    const world = await startMailWorld(one);
    await world.receiver(2);
    let now = 1_700_000_000_000;
    const clock = () => now;
    const { relay, capture, store } = await world.relay({ maxPerHour: 3 }, { clock });
    expect(await refusal(relay, await capture(['a@one.test', 'b@one.test']))).toBe('released');
    expect(await refusal(relay, await capture(['c@one.test', 'd@one.test']))).toBe('ceiling');
    expect(relay.policy()).toMatchObject({ maxPerHour: 3, usedThisHour: 2 });
    const again = await world.relay({ maxPerHour: 3 }, { clock, store });
    expect(await refusal(again.relay, await again.capture(['c@one.test', 'd@one.test']))).toBe('ceiling');
    now += 3_600_001;
    expect(await refusal(again.relay, await again.capture(['c@one.test', 'd@one.test']))).toBe('released');
  });

  it('is refused above the limit, regardless of the number of simultaneous releases', async () => {
    const world = await startMailWorld(one);
    await world.receiver(2);
    const { relay, capture } = await world.relay({ maxPerHour: 5 });
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => capture([`a${i}@one.test`])));
    const outcomes = await Promise.all(ids.map((id) => refusal(relay, id)));
    expect(outcomes.filter((outcome) => outcome === 'released')).toHaveLength(5);
    expect(new Set(outcomes)).toEqual(new Set(['released', 'ceiling']));
    expect(relay.deliveries()).toHaveLength(5);
  });

  it('is refused when the message is in a loop', async () => {
    const world = await startMailWorld(one);
    await world.receiver(2);
    const { relay, capture } = await world.relay({ mode: 'auto' });
    const many = await capture(['a@one.test'], `${'Received: from a by b; x\r\n'.repeat(50)}${MESSAGE}`);
    expect(await refusal(relay, many)).toBe('loop');
    const own = 'Received: from a\r\n\tby relay.test (Restante) with ESMTP id x; y\r\n';
    const once = await capture(['a@one.test'], own + MESSAGE);
    expect(await refusal(relay, once, undefined, 'rule')).toBe('loop');
    expect(await refusal(relay, once)).toBe('released');
    const nobody = { from: { address: '', parameters: {} } };
    expect(await refusal(relay, await capture(['a@one.test'], MESSAGE, nobody), undefined, 'rule')).toBe(
      'automatic',
    );
    const reply = await capture(['a@one.test'], `Auto-Submitted: auto-replied\r\n${MESSAGE}`);
    expect(await refusal(relay, reply, undefined, 'rule')).toBe('automatic');
  });

  it('connects to no private address unless that is allowed, regardless of the DNS', async () => {
    const world = await startMailWorld({
      ...one,
      'six.test': { MX: ['10 mx6.test'] },
      'mx6.test': { AAAA: ['::1', '::ffff:127.0.0.1', 'fe80::1'] },
    });
    const receiver = await world.receiver(2);
    const { deliver, relay } = await world.relay({ private: false, allow: ['*'] });
    const deliveries = await deliver(['a@one.test', 'b@six.test', 'c@[127.0.0.2]']);
    expect(deliveries.map(({ state, status }) => `${state} ${status}`)).toEqual(
      Array(3).fill('failed 5.7.1'),
    );
    expect(deliveries[0]?.reason).toBe(
      'mx.one.test has the private address 127.0.0.2: allow it with --relay-private or --relay-route',
    );
    expect((await relay.attempts(deliveries[1]!.id)).map(({ address }) => address)).toHaveLength(3);
    expect(await receiver.messages()).toEqual([]);
  });

  it('does not connect to this sandbox itself', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    for (const host of ['127.0.0.2', '0.0.0.0']) {
      const guard = new LoopGuard({ endpoints: () => [{ host, port: world.port }] });
      const { deliver } = await world.relay({}, { guard });
      expect((await deliver(['ann@one.test']))[0]).toMatchObject({ state: 'failed', status: '5.4.6' });
    }
    expect(await receiver.messages()).toEqual([]);
  });

  it('is not sent if the policy no longer allows it', async () => {
    const world = await startMailWorld(one);
    const first = await world.relay({ timing: { delays: [60_000], connect: 100, close: 10 } });
    const released = await first.relay.release(await first.capture(['ann@one.test']));
    await first.settled(released, ['queued']);
    await first.relay.close();
    const receiver = await world.receiver(2);
    const { store } = first;
    await store.records
      .collection('deliveries')
      .put(released[0]!.id, { ...first.relay.delivery(released[0]!.id), nextAttemptAt: 0 });
    const narrow = await world.relay({ allow: ['two.test'] }, { store });
    const [delivery] = await narrow.settled(released);
    expect(delivery).toMatchObject({ state: 'cancelled', reason: 'ann@one.test is not on the allow list' });
    await expect(narrow.relay.retry(delivery!.id)).rejects.toThrow('not on the allow list');
    expect(await receiver.messages()).toEqual([]);
  });

  it('shows the policy without the smart host’s password', async () => {
    const world = await startMailWorld();
    const { relay } = await world.relay({
      smartHost: 'smtp://app:secret@mail.test:587',
      allow: ['One.TEST '],
    });
    expect(relay.policy()).toEqual({
      added: [],
      allowFixed: false,
      hostname: 'relay.test',
      dkim: null,
      mode: 'manual',
      allow: ['one.test'],
      deny: [],
      private: true,
      route: 'smart-host',
      smartHost: 'smtp://mail.test:587',
      routes: [],
      maxPerHour: 0,
      usedThisHour: 0,
    });
  });

  it('is impossible with an invalid configuration', async () => {
    const world = await startMailWorld();
    for (const config of [
      { allow: [''] },
      { allow: ['a b@x.test'] },
      { deny: ['@'] },
      { smartHost: 'http://x' },
      { smartHost: 'smtps://x?tls=none' },
      { routes: ['one.test'] },
      { routes: ['one.test=127.0.0.1:99999'] },
      { routes: ['one.test=a b'] },
    ]) {
      await expect(world.relay(config), JSON.stringify(config)).rejects.toThrow(/./);
    }
  });
});

describe('patterns', () => {
  const matches = (pattern: string, address: string): boolean =>
    parseAddressPattern(pattern).matches(parseRelayAddress(address)!);

  it('match addresses, domains and wildcards', () => {
    expect(matches('ann@one.test', 'Ann@ONE.test')).toBe(true);
    expect(matches('ann@one.test', 'ann@sub.one.test')).toBe(false);
    expect(matches('one.test', 'anybody@one.test')).toBe(true);
    expect(matches('one.test', 'a@notone.test')).toBe(false);
    expect(matches('one.test', 'a@one.test.evil.example')).toBe(false);
    expect(matches('*.one.test', 'a@x.y.one.test')).toBe(true);
    expect(matches('*.one.test', 'a@one.test')).toBe(false);
    expect(matches('*+qa@one.test', 'ann+qa@one.test')).toBe(true);
    expect(matches('*+qa@one.test', 'ann@one.test')).toBe(false);
    expect(matches('*', 'a@b.example')).toBe(true);
    expect(matches('bücher.test', 'a@xn--bcher-kva.test')).toBe(true);
    expect(matches('*.bücher.test', 'a@x.BÜCHER.test')).toBe(true);
    expect(matches('*@XN--bcher-KVA.test', 'a@bücher。test')).toBe(true);
    expect(matches('*@bü*.test', 'a@xn--bcher-kva.test')).toBe(true);
    expect(matches('*@xn--bcher*', 'a@bücher.test')).toBe(true);
    expect(matches('jörg@one.test', 'JO\u0308RG@one.test')).toBe(true);
    expect(matches('"ann"@one.test', 'ann@one.test')).toBe(true);
    expect(matches('bücher.test', 'a@bücher.test.evil.example')).toBe(false);
    expect(matches('a.c@one.test', 'abc@one.test')).toBe(false);
    // The local part is the text before the last `@`; it does not select another domain.
    expect(matches('one.test', '"x@evil.example"@one.test')).toBe(true);
    expect(matches('one.test', '"x@one.test"@evil.example')).toBe(false);
  });

  it('and addresses never throw for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const address = parseRelayAddress(text);
        if (address !== null) expect(`${address.local}@${address.domain}`).not.toMatch(/[\r\n<>]/);
      }),
    );
    // A domain cannot contain characters that would end the host of a URL.
    for (const end of ['/x', '?x', '#x', ':25', '%2e', '\\x']) {
      expect(parseRelayAddress(`a@bücher.test${end}`), end).toBeNull();
    }
  });
});

describe('the allow list', () => {
  const change = (add: readonly string[], remove: readonly string[] = []) => ({
    add,
    remove,
    by: '127.0.0.1',
  });

  it('changes at run time: the change applies to the next release, and to the relay that is started later', async () => {
    const world = await startMailWorld(one);
    await world.receiver(2);
    const lines: string[] = [];
    const logger = pino({}, { write: (line: string) => lines.push(line) });
    const { relay, capture, store } = await world.relay({ allow: ['two.test'] }, { logger });
    const id = await capture(['ann@one.test']);
    expect(await refusal(relay, id)).toBe('not-allowed');
    await relay.changeAllowList(change(['One.test', '*@one.test', 'two.test']));
    expect(relay.policy()).toMatchObject({
      allow: ['two.test', 'one.test', '*@one.test'],
      added: ['one.test', '*@one.test'],
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 40, added: ['one.test', '*@one.test'], removed: [], by: '127.0.0.1' }),
    );
    expect((await relay.rehearse(id)).refusal).toBeNull();
    await relay.changeAllowList(change([], ['*@one.test', 'unknown.test']));
    await relay.close();

    const later = await world.relay({ allow: ['two.test'] }, { store });
    expect(later.relay.policy().added).toEqual(['one.test']);
    expect(await refusal(later.relay, id)).toBe('released');
    await later.relay.changeAllowList(change([], ['one.test']));
    expect(await refusal(later.relay, await later.capture(['bob@one.test']))).toBe('not-allowed');
  });

  it('refuses an invalid change as a whole, and a change that the options do not permit', async () => {
    const world = await startMailWorld(one);
    const { relay } = await world.relay({ allow: ['two.test'] });
    const problems = (add: readonly string[], remove: readonly string[] = []) =>
      relay.changeAllowList(change(add, remove)).then(
        () => [],
        (error: unknown) => (error as AllowListError).problems.map(({ path }) => path),
      );
    expect(await problems(['one.test', 'a b@c', '', 'x'.repeat(321)], ['TWO.test'])).toEqual([
      'add[1]',
      'add[2]',
      'add[3]',
      'remove[0]',
    ]);
    expect(await problems(Array.from({ length: 1001 }, (_, i) => `d${i}.test`))).toEqual(['add']);
    expect(relay.policy().allow).toEqual(['two.test']);
    const fixed = await world.relay({ allowFixed: true });
    await expect(fixed.relay.changeAllowList(change(['one.test']))).rejects.toThrow('--relay-allow-fixed');
  });

  it('never overrides the deny list', async () => {
    const world = await startMailWorld(one);
    const { relay, capture } = await world.relay({ allow: [], deny: ['boss@one.test'] });
    await relay.changeAllowList(change(['*']));
    expect(await refusal(relay, await capture(['boss@one.test']))).toBe('denied');
  });
});
