/** Search criteria against one message. */
import { expect, it } from 'vitest';
import { LoadedMessage } from '../../server/imap/message-cache.ts';
import { matches, type Candidate } from '../../server/imap/search-match.ts';
import { SearchedMessage } from '../../server/imap/searched-message.ts';
import type { SearchKey } from '../../server/imap/search-key.ts';
import type { MessageStructure } from '../../server/message/structure.ts';
import type { Seq, Uid, MessageId } from '../../server/store/ids.ts';

/** A message that counts how often it is taken apart. */
class CountedMessage extends LoadedMessage {
  looks = 0;

  override get structure(): MessageStructure {
    this.looks++;
    return super.structure;
  }
}

it('decodes a message once, however many criteria look into it', () => {
  const message = new CountedMessage(Buffer.from('Subject: x\r\n\r\nsome text\r\n'));
  const candidate: Candidate = {
    index: 0,
    placement: {
      ...{ uid: 1 as Uid, message: 'm' as MessageId, flags: [], modseq: 1 as Seq },
      ...{ receivedAt: 0, savedAt: 0, size: 25 },
    },
    recent: false,
    summary: null,
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
