/** The command CREATE (RFC 9051 §6.3.4), which creates a mailbox, with CREATE-SPECIAL-USE (RFC 6154 §3). */
import type { MailboxRole } from '../../store/store.ts';
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';
import type { Decoder } from '../wire/decoder.ts';
import { checkNewName } from '../wire/mailbox-name.ts';
import { SPECIAL_USES } from '../session/mailbox-list.ts';
import { no } from '../wire/response.ts';

interface CreateArguments {
  readonly name: string;
  readonly uses: readonly string[];
}

export const create = command<CreateArguments>({
  name: 'CREATE',
  states: AUTHENTICATED,
  capabilities: ['CREATE-SPECIAL-USE'],
  parse(decoder, syntax) {
    decoder.sp();
    const name = mailboxArgument(decoder, syntax);
    return { name, uses: decoder.acceptSp() ? parseUses(decoder) : [] };
  },
  async run(session, { name, uses }) {
    checkNewName(name);
    const role = await roleOf(uses, async (wanted) =>
      (await session.store.mailboxes.list(session.account)).some((info) => info.role === wanted),
    );
    const { store, account } = session;
    const info = await (role === null
      ? store.mailboxes.create(account, name)
      : store.mailboxes.create(account, name, role));
    return { code: `MAILBOXID (${info.id})` };
  },
});

function parseUses(decoder: Decoder): string[] {
  let uses: string[] = [];
  decoder.list(() => {
    if (decoder.keyword('USE') !== 'USE') decoder.fail('USE');
    decoder.sp();
    uses = decoder.list(() => decoder.flag().toLowerCase(), true);
  });
  return uses;
}

async function roleOf(
  uses: readonly string[],
  taken: (role: MailboxRole) => Promise<boolean>,
): Promise<MailboxRole | null> {
  const [use] = uses;
  if (use === undefined) return null;
  const role = SPECIAL_USES.find(([, attribute]) => attribute.toLowerCase() === use)?.[0];
  if (role === undefined || uses.length > 1)
    throw no('USEATTR', 'A mailbox can have one of \\Sent \\Drafts \\Trash \\Junk \\Archive');
  if (await taken(role)) throw no('USEATTR', 'Another mailbox has that use');
  return role;
}
