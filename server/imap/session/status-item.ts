/** Data items of STATUS (RFC 9051 §6.3.11 and extensions), which LIST can also return (RFC 5819). */
import type { MailboxInfo } from '../../store/store.ts';
import type { Decoder } from '../wire/decoder.ts';
import { list } from '../wire/encoder.ts';
import { encodeName } from '../wire/mailbox-name.ts';
import type { Session } from './session.ts';

const ITEMS = {
  MESSAGES: (info) => info.messages,
  RECENT: (info, session) => recent(info, session),
  UIDNEXT: (info) => info.uidNext,
  UIDVALIDITY: (info) => info.uidValidity,
  UNSEEN: (info) => info.unseen,
  DELETED: (info) => info.deleted,
  SIZE: (info) => info.size,
  HIGHESTMODSEQ: (info) => Math.max(1, info.highestModseq),
  APPENDLIMIT: (_, session) => session.deps.messageLimit,
  MAILBOXID: (info) => `(${info.id})`,
} as const satisfies Record<string, (info: MailboxInfo, session: Session) => number | string>;

export type StatusItem = keyof typeof ITEMS;

/**
 * Returns the number of recent messages that SELECT would report; for the selected mailbox, messages that are
 * recent in this session are included.
 */
function recent(info: MailboxInfo, session: Session): number {
  const selected = session.state === 'selected' && session.mailbox.id === info.id;
  if (!selected) return info.recent;
  const { mailbox } = session;
  return mailbox.readOnly ? info.recent : mailbox.view.recentCount + info.recent;
}

/** Parses STATUS items in parentheses. */
export function parseStatusItems(decoder: Decoder): StatusItem[] {
  return decoder.list(() => {
    const name = decoder.keyword('a status item');
    return isStatusItem(name) ? name : decoder.fail('a status item that is known');
  });
}

function isStatusItem(name: string): name is StatusItem {
  return Object.hasOwn(ITEMS, name);
}

export function statusResponse(info: MailboxInfo, items: readonly StatusItem[], session: Session): string {
  const values = items.map((item) => `${item} ${ITEMS[item](info, session)}`);
  return `* STATUS ${encodeName(info.name, session.utf8)} ${list(values)}`;
}
