/** Creates a message for the matcher from the properties that a test specifies. */
import type { MessageSummary } from '../../../../server/store/store.ts';
import type { MessageId, Seq } from '../../../../server/store/ids.ts';
import { fold } from '../../../../server/store/find/language/fold.ts';
import type { Candidate } from '../../../../server/store/find/language/candidate.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');

export const summaryOf = (part: Partial<MessageSummary> = {}): MessageSummary => ({
  id: 'id1' as MessageId,
  seq: 1 as Seq,
  receivedAt: NOW,
  size: 1000,
  from: [{ name: 'Ann Łukasz', address: 'ann@x.test' }],
  to: [{ name: 'Bob', address: 'bob@x.test' }],
  cc: [{ name: '', address: 'info@xn--bcher-kva.test' }],
  bcc: [{ name: '', address: 'hidden@x.test' }],
  replyTo: [],
  subject: 'Straße 100%_off',
  date: null,
  messageId: 'm1@x.test',
  envelope: { from: 'bounce@x.test', to: ['bob@x.test', 'hidden@x.test', 'info@bücher.test'] },
  user: 'application',
  tags: ['Live'],
  attachments: 1,
  hasHtml: false,
  preview: 'hello there',
  ...part,
});

const FILE = 'Invoice-7.pdf';

/** @param reads called for every access to the message's bytes */
export const candidateOf = (
  part: Partial<MessageSummary> = {},
  text = 'Hello there, CAFE\u0301 au lait',
  reads: (what: string) => void = () => undefined,
): Candidate => ({
  summary: summaryOf(part),
  seen: false,
  flagged: true,
  headers() {
    reads('headers');
    return [{ name: 'x-run', value: 'Grüße 42', folded: fold('Grüße 42') }];
  },
  foldedText() {
    reads('text');
    return fold(`${text}\n${FILE}`);
  },
  filenames() {
    reads('filenames');
    return [FILE];
  },
});
