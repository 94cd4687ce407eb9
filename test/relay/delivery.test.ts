/**
 * Tests the delivered bytes, and the extensions that they require of the server, with several mail servers on
 * loopback.
 */
import { describe, expect, it } from 'vitest';
import { headerValues, parseHeaders } from '../../server/message/header.ts';
import { MESSAGE, one, startMailWorld } from '../helpers/mail-world.ts';

describe('the message that arrives', () => {
  it('is the captured one with one more Received field', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { deliver } = await world.relay();
    const [delivery] = await deliver(['ann@one.test']);
    expect(delivery).toMatchObject({ state: 'delivered', host: 'mx.one.test', rounds: 1, status: '2.0.0' });
    const raw = (await receiver.raw()).toString();
    expect(raw.endsWith(MESSAGE)).toBe(true);
    const [added, ...rest] = parseHeaders(Buffer.from(raw));
    expect(rest).toHaveLength(parseHeaders(Buffer.from(MESSAGE)).length);
    expect(added?.name).toBe('Received');
    expect(added?.value).toMatch(
      /^from app\.test \(\[127\.0\.0\.1\]\)\tby relay\.test \(Restante\) with ESMTP id \w+\tfor <ann@one\.test>;\t\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/,
    );
    const [message] = await receiver.messages();
    expect(message?.envelope).toEqual({ from: 'app@sender.test', to: ['ann@one.test'] });
    expect(message?.origin.helo).toBe('relay.test');
  });

  it('has no Bcc, and has Resent fields only if the recipients change', async () => {
    const world = await startMailWorld(one);
    const receiver = await world.receiver(2);
    const { relay, capture, settled } = await world.relay();
    const raw = `Bcc: secret@one.test,\r\n other@one.test\r\n${MESSAGE}`;
    const id = await capture(['ann@one.test', 'secret@one.test'], raw);
    await settled(await relay.release(id));
    await settled(await relay.release(id, ['Bob@one.test']));
    const [original, resent] = await receiver.messages();
    const fields = async (index: number) => ({ headers: parseHeaders(await receiver.raw(index)) });
    expect(original?.envelope.to).toEqual(['ann@one.test', 'secret@one.test']);
    expect((await receiver.raw(0)).toString()).not.toMatch(/secret|Resent|^\tfor/im);
    expect(resent?.envelope.to).toEqual(['Bob@one.test']);
    const again = await fields(1);
    expect(headerValues(again, 'Resent-To')).toEqual(['<Bob@one.test>']);
    expect(headerValues(again, 'Resent-From')).toEqual(['Restante <restante@relay.test>']);
    expect(headerValues(again, 'Resent-Date')).toHaveLength(1);
    expect(headerValues(again, 'Bcc')).toEqual([]);
    expect(headerValues(again, 'Received')).toHaveLength(1);
  });

  it('is sent to all recipients of a domain at once, and to each domain separately', async () => {
    const world = await startMailWorld({
      ...one,
      'two.test': { MX: ['10 mx.two.test'] },
      'mx.two.test': { A: ['127.0.0.3'] },
    });
    const first = await world.receiver(2);
    const second = await world.receiver(3);
    const { deliver } = await world.relay();
    const deliveries = await deliver(['a@one.test', 'b@one.test', 'c@TWO.test', 'A@one.test']);
    expect(deliveries.map(({ to, state }) => `${to} ${state}`)).toEqual([
      'A@one.test delivered',
      'b@one.test delivered',
      'c@two.test delivered',
    ]);
    expect((await first.messages()).map(({ envelope }) => envelope.to)).toEqual([
      ['A@one.test', 'b@one.test'],
    ]);
    expect((await second.messages()).map(({ envelope }) => envelope.to)).toEqual([['c@two.test']]);
  });
});

describe('extensions that a message requires', () => {
  const limited = async (extensions: readonly string[]) => {
    const world = await startMailWorld(one);
    const said: string[] = [];
    await world.listener(2, (socket) => {
      socket.write('220 mx.one.test\r\n');
      let inData = false;
      socket.on('data', (chunk) => {
        for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
          said.push(line);
          if (inData) {
            if (line !== '.') continue;
            inData = false;
            socket.write('250 taken\r\n');
          } else if (line.startsWith('EHLO')) {
            socket.write(['250-mx', ...extensions.map((name) => `250-${name}`), '250 HELP', ''].join('\r\n'));
          } else if (line === 'DATA') {
            inData = true;
            socket.write('354 go\r\n');
          } else socket.write('250 ok\r\n');
        }
      });
    });
    return { ...(await world.relay()), said };
  };
  const utf8Body = 'Subject: x\r\n\r\ngrün\r\n';
  const utf8Header = 'Subject: grün\r\n\r\nx\r\n';

  it('are announced to a server that supports them', async () => {
    const { deliver, said } = await limited(['8BITMIME', 'SMTPUTF8', 'SIZE 1000000']);
    expect((await deliver(['ann@one.test'], utf8Body))[0]?.state).toBe('delivered');
    expect((await deliver(['ann@one.test'], utf8Header))[0]?.state).toBe('delivered');
    expect((await deliver(['grün@one.test']))[0]?.state).toBe('delivered');
    const mail = said.filter((line) => line.startsWith('MAIL'));
    expect(mail[0]).toMatch(/^MAIL FROM:<app@sender\.test> BODY=8BITMIME SIZE=\d+$/);
    expect(mail[1]).toMatch(/ SIZE=\d+ SMTPUTF8$/);
    expect(mail[2]).toMatch(/ SMTPUTF8 SIZE=\d+$/);
  });

  it('that the server lacks cause a bounce, and nothing is sent', async () => {
    const { deliver, said, notices } = await limited(['SIZE 100']);
    const outcome = async (to: string, raw?: string) => {
      const [delivery] = await deliver([to], raw);
      return [delivery?.state, delivery?.status];
    };
    const small = 'Subject: x\r\n';
    expect(await outcome('ann@one.test', `${small}\r\n${'x'.repeat(200)}\r\n`)).toEqual(['failed', '5.3.4']);
    const unlimited = await limited([]);
    const [body] = await unlimited.deliver(['ann@one.test'], utf8Body);
    const [header] = await unlimited.deliver(['ann@one.test'], utf8Header);
    const [address] = await unlimited.deliver(['grün@one.test']);
    expect([body?.status, header?.status, address?.status]).toEqual(['5.6.3', '5.6.7', '5.6.7']);
    expect([...said, ...unlimited.said].filter((line) => /^(MAIL|DATA)/.test(line))).toEqual([]);
    await expect.poll(() => notices.length, { interval: 2 }).toBe(1);
  });
});
