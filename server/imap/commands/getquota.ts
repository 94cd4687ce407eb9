/** GETQUOTA (RFC 9208): reports the retention limits of the store as quotas. Clients cannot change them. */
import { AUTHENTICATED, command } from './command.ts';
import { no } from '../wire/response.ts';
import { QUOTA_ROOT, quotaResponse } from '../session/quota.ts';

export const getquota = command<string>({
  name: 'GETQUOTA',
  states: AUTHENTICATED,
  capabilities: ['QUOTA', 'QUOTA=RES-STORAGE', 'QUOTA=RES-MESSAGE'],
  parse(decoder) {
    decoder.sp();
    return decoder.text();
  },
  async run(session, root) {
    if (root !== QUOTA_ROOT) throw no('NONEXISTENT', 'No such quota root');
    session.send(await quotaResponse(session));
    return undefined;
  },
});
