/** Reads all messages of a Mailpit through its API, oldest first, with their dates, tags and read marks. */
import { returnPath, type MailItem } from '../../store/transfer/mail-item.ts';
import { CommandError } from '../error.ts';
import { call, rootUrl } from './request.ts';

/** The members of Mailpit's message summary that are imported. */
interface Summary {
  readonly ID: string;
  readonly Read: boolean;
  readonly Created: string;
  readonly Tags: readonly string[] | null;
}

async function listMessages(root: URL): Promise<readonly Summary[]> {
  const response = await call(new URL('api/v1/messages?limit=0', root));
  const { messages } = (await response.json().catch(() => ({}))) as {
    readonly messages?: readonly Summary[];
  };
  if (messages === undefined) throw new CommandError(`${root.href} is not the address of a Mailpit`);
  return messages;
}

export async function* mailpitMessages(address: string): AsyncGenerator<MailItem> {
  const root = rootUrl(address, 'a Mailpit');
  for (const { ID, Read, Created, Tags } of (await listMessages(root)).toReversed()) {
    const raw = Buffer.from(await (await call(new URL(`api/v1/message/${ID}/raw`, root))).arrayBuffer());
    yield {
      source: ID,
      raw,
      receivedAt: Date.parse(Created),
      flags: Read ? ['\\Seen'] : [],
      from: returnPath(raw),
      folder: null,
      tags: Tags ?? [],
    };
  }
}
