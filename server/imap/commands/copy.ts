/** The commands COPY and UID COPY (RFC 9051 §6.4.7, RFC 4315 §3), which copy messages to another mailbox. */
import type { CopyOutcome, MailboxInfo } from '../../store/store.ts';
import { command, mailboxArgument, SELECTED, setArgument, type Syntax } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { no, type ResponseCode } from '../wire/response.ts';
import { formatSet, type MessageSet } from '../wire/sequence-set.ts';
import type { Session } from '../session/session.ts';

export interface CopyArguments {
  readonly set: MessageSet;
  readonly target: string;
}

export const copy = command<CopyArguments>({
  name: 'COPY',
  states: SELECTED,
  uid: true,
  parse: parseCopy,
  async run(session, { set, target }) {
    const to = await targetMailbox(session, target);
    const uids = (await session.mailbox.messages(set)).map(({ uid }) => uid);
    if (uids.length === 0) return { text: 'Nothing to copy' };
    const outcome = await session.store.placements.copy(session.mailbox.id, uids, to.id);
    return outcome.source.length === 0 ? { text: 'Nothing to copy' } : { code: copyUid(outcome) };
  },
});

export function parseCopy(decoder: Decoder, { uid, utf8 }: Syntax): CopyArguments {
  decoder.sp();
  const set = setArgument(decoder, { uid });
  decoder.sp();
  return { set, target: mailboxArgument(decoder, { utf8 }) };
}

/** Returns the target mailbox. @throws Status NO [TRYCREATE] if the mailbox does not exist */
export async function targetMailbox(session: Session, name: string): Promise<MailboxInfo> {
  const info = await session.store.mailboxes.find(session.account, name);
  if (info === undefined) throw no('TRYCREATE', 'No such mailbox');
  return info;
}

export function copyUid({ uidValidity, source, target }: CopyOutcome): ResponseCode {
  return `COPYUID ${uidValidity} ${formatSet(source)} ${formatSet(target)}`;
}
