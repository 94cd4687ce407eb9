/** GETQUOTAROOT (RFC 9208): all mailboxes share one quota root. */
import { AUTHENTICATED, command, mailboxArgument } from './command.ts';
import { string } from '../wire/encoder.ts';
import { encodeName } from '../wire/mailbox-name.ts';
import { QUOTA_ROOT, quotaResponse } from '../session/quota.ts';

export const getquotaroot = command<string>({
  name: 'GETQUOTAROOT',
  states: AUTHENTICATED,
  parse(decoder, syntax) {
    decoder.sp();
    return mailboxArgument(decoder, syntax);
  },
  async run(session, name) {
    session.send(`* QUOTAROOT ${encodeName(name, session.utf8)} ${string(QUOTA_ROOT)}`);
    session.send(await quotaResponse(session));
    return undefined;
  },
});
