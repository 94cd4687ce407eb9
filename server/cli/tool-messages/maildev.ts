/** Reads all messages of a MailDev through its API, oldest first, with their dates, senders and read marks. */
import type { MailItem } from '../../store/transfer/mail-item.ts';
import { CommandError } from '../error.ts';
import { call, rootUrl } from './request.ts';

/** The members of MailDev's email object that are imported. */
interface Email {
  readonly id: string;
  readonly time: string;
  readonly read: boolean;
  readonly envelope?: { readonly from?: string | { readonly address?: string } };
}

/** The paths of MailDev's API: below `/api` in MailDev 3, at the root in MailDev 2. */
const PATHS = ['api/email', 'email'];

async function listEmails(root: URL): Promise<{ readonly path: string; readonly emails: readonly Email[] }> {
  for (const path of PATHS) {
    const response = await call(new URL(path, root)).catch((error: unknown) => {
      if (error instanceof CommandError && path !== PATHS.at(-1)) return null;
      throw error;
    });
    const emails: unknown = await response?.json().catch(() => null);
    if (Array.isArray(emails)) return { path, emails: emails as readonly Email[] };
  }
  throw new CommandError(`${root.href} is not the address of a MailDev`);
}

function senderOf({ envelope }: Email): string | null {
  const from = envelope?.from;
  return typeof from === 'string' ? from : (from?.address ?? null);
}

export async function* maildevMessages(address: string): AsyncGenerator<MailItem> {
  const root = rootUrl(address, 'a MailDev');
  const { path, emails } = await listEmails(root);
  for (const email of emails) {
    const response = await call(new URL(`${path}/${encodeURIComponent(email.id)}/source`, root));
    yield {
      source: email.id,
      raw: Buffer.from(await response.arrayBuffer()),
      receivedAt: Date.parse(email.time),
      flags: email.read ? ['\\Seen'] : [],
      from: senderOf(email),
      folder: null,
    };
  }
}
