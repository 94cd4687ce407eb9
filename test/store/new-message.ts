/** Creates messages to add to a store. */
import type { Origin } from '../../server/message/envelope.ts';
import { accountName } from '../../server/store/ids.ts';
import type { NewMessage } from '../../server/store/store.ts';

export const SMTP_ORIGIN: Origin = {
  kind: 'smtp',
  session: 's1',
  peer: '127.0.0.1:50000',
  helo: 'app.example.test',
  tls: null,
  user: null,
};

export interface Sample {
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly body?: string;
}

/** Returns a message from the application to `to`, as received by SMTP. */
export function newMessage(sample: Sample = {}, more: Partial<NewMessage> = {}): NewMessage {
  const { to = ['alice@example.test'], subject = 'Hello', body = 'Some text' } = sample;
  const lines = [
    `From: Shop <shop@example.test>`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    '',
    body,
    '',
  ];
  return {
    raw: Buffer.from(lines.join('\r\n')),
    envelope: {
      from: { address: 'shop@example.test', parameters: { SIZE: '200' } },
      to: to.map((address) => ({ address, parameters: {} })),
    },
    origin: SMTP_ORIGIN,
    transcript: [{ at: 1, from: 'client', text: 'EHLO app.example.test' }],
    targets: to.map((address) => ({ account: accountName(address) })),
    ...more,
  };
}
