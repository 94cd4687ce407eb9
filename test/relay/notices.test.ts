/** Tests the notices to the sender of a captured message, which depend on the parameters of the envelope. */
import { expect, it } from 'vitest';
import { one, startMailWorld } from '../helpers/mail-world.ts';

it('contains ENVID and ORCPT decoded, each on one line', async () => {
  const world = await startMailWorld(one);
  await world.receiver(2);
  const { relay, capture, notices } = await world.relay();
  const id = await capture(['no-reject-550@one.test'], undefined, {
    from: { address: 'app@sender.test', parameters: { ENVID: 'QQ+2B1+0D+0AX-Evil:+20yes' } },
    to: [{ address: 'no-reject-550@one.test', parameters: { ORCPT: 'rfc822;ann+2Bx@one.test' } }],
  });
  await relay.release(id);
  await expect.poll(() => notices.length, { interval: 2 }).toBe(1);
  const notice = notices[0]!.raw.toString();
  expect(notice).toContain('\r\nOriginal-Envelope-Id: QQ+1 X-Evil: yes\r\n');
  expect(notice).toContain('\r\nOriginal-Recipient: rfc822; ann+x@one.test\r\n');
});
