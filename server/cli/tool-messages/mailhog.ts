/** Reads all messages of a MailHog through its API, oldest first, with their dates and senders. */
import type { MailItem } from '../../store/transfer/mail-item.ts';
import { CommandError } from '../error.ts';
import { call, rootUrl } from './request.ts';

/** The members of MailHog's message that are imported. */
interface Message {
  readonly ID: string;
  readonly Created: string;
  readonly Raw: { readonly From: string; readonly Data: string };
}

interface Page {
  readonly total: number;
  readonly items: readonly Message[];
}

/** The number of messages in one request. */
const AT_ONCE = 100;

async function readPage(root: URL, start: number, limit: number): Promise<Page> {
  const response = await call(new URL(`api/v2/messages?start=${start}&limit=${limit}`, root));
  const page = (await response.json().catch(() => ({}))) as Partial<Page>;
  if (page.items === undefined || page.total === undefined)
    throw new CommandError(`${root.href} is not the address of a MailHog`);
  return { total: page.total, items: page.items };
}

export async function* mailhogMessages(address: string): AsyncGenerator<MailItem> {
  const root = rootUrl(address, 'a MailHog');
  const { total } = await readPage(root, 0, 1);
  // MailHog lists the newest messages first, so the pages are read from the last one to the first one.
  for (let end = total; end > 0; end -= AT_ONCE) {
    const start = Math.max(0, end - AT_ONCE);
    const { items } = await readPage(root, start, end - start);
    for (const { ID, Created, Raw } of items.toReversed()) {
      yield {
        source: ID,
        // MailHog stores the message without its last line ending.
        raw: Buffer.from(`${Raw.Data}\r\n`),
        receivedAt: Date.parse(Created),
        flags: [],
        from: Raw.From,
        folder: null,
      };
    }
  }
}
