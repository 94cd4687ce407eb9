/** Tests search criteria against one message. */
import { expect, it } from 'vitest';
import { LoadedMessage } from '../../../server/imap/message/message-cache.ts';
import { matches, type Candidate } from '../../../server/imap/search/match.ts';
import { Pace } from '../../../server/imap/session/pace.ts';
import { SearchedMessage } from '../../../server/imap/search/searched-message.ts';
import type { SearchKey } from '../../../server/imap/search/key.ts';
import type { MessageStructure } from '../../../server/message/structure.ts';
import type { Seq, Uid, MessageId } from '../../../server/store/ids.ts';

/** A message that counts how often it is parsed. */
class CountedMessage extends LoadedMessage {
  looks = 0;

  override get structure(): MessageStructure {
    this.looks++;
    return super.structure;
  }
}

it('decodes a message once for any number of criteria', () => {
  const message = new CountedMessage(Buffer.from('Subject: x\r\n\r\nsome text\r\n'));
  const candidate: Candidate = {
    index: 0,
    placement: {
      ...{ uid: 1 as Uid, message: 'm' as MessageId, flags: [], modseq: 1 as Seq },
      ...{ receivedAt: 0, savedAt: 0, size: 25 },
    },
    recent: false,
    summary: null,
    groups: null,
    message: new SearchedMessage(message),
  };
  const keys = Array.from({ length: 500 }, (_, at): SearchKey => ({ kind: 'body', value: `word ${at}` }));
  const scope = { now: 0, inSet: () => false };
  expect(matches({ kind: 'or', keys }, candidate, scope)).toBe(false);
  expect(
    matches({ kind: 'or', keys: [...keys, { kind: 'text', value: 'some text' }] }, candidate, scope),
  ).toBe(true);
  expect(message.looks).toBe(1);
});

/**
 * A `Pace` (an object that interrupts long work) that counts its interruptions, and interrupts the work whenever it
 * can.
 */
class CountedPace extends Pace {
  rests = 0;

  override get overdue(): boolean {
    return true;
  }

  override async rest(): Promise<void> {
    this.rests++;
  }
}

it('searches a long value in a long text in slices, and caches the result', async () => {
  const turns = async (length: number): Promise<number> => {
    const message = new LoadedMessage(Buffer.from(`Subject: x\r\n\r\naabaac${'a'.repeat(length)}\r\n`));
    const searched = new SearchedMessage(message);
    const value = `${'a'.repeat(10_000)}b${'a'.repeat(10_000)}`;
    const pace = new CountedPace();
    await searched.lookFor([value, 'aac'], pace);
    expect([searched.textHolds(value), searched.textHolds('aac'), searched.headerHolds(value)]).toEqual([
      false,
      true,
      false,
    ]);
    return pace.rests;
  };
  const [once, twice] = [await turns(400_000), await turns(800_000)];
  expect(once).toBeGreaterThanOrEqual(6);
  expect(twice).toBeLessThanOrEqual(2 * once + 2);
});
