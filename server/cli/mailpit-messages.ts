/** Reads all messages of a Mailpit through its API, oldest first, with their dates, tags and read marks. */
import { returnPath, type MailItem } from '../store/transfer/mail-item.ts';
import { CommandError } from './error.ts';

/** The members of Mailpit's message summary that are imported. */
interface Summary {
  readonly ID: string;
  readonly Read: boolean;
  readonly Created: string;
  readonly Tags: readonly string[] | null;
}

async function call(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const { cause } = error as Error;
    throw new CommandError(`${url.origin} does not respond: ${cause instanceof Error ? cause.message : ''}`);
  }
  if (response.ok) return response;
  throw new CommandError(`${url.origin} responds with status ${response.status}: ${await response.text()}`);
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
  if (!URL.canParse(address))
    throw new CommandError(`${address} is not the address of a Mailpit, such as http://127.0.0.1:8025`);
  const root = new URL(address.endsWith('/') ? address : `${address}/`);
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
