/**
 * SETQUOTA (RFC 9208): always fails, because the quotas are the retention limits, which are options of the
 * server.
 */
import { AUTHENTICATED, command } from './command.ts';
import { no } from '../wire/response.ts';

export const setquota = command({
  name: 'SETQUOTA',
  states: AUTHENTICATED,
  parse(decoder) {
    decoder.sp();
    decoder.astring();
    decoder.sp();
    decoder.list(() => {
      decoder.atom();
      decoder.sp();
      decoder.number64();
    }, true);
  },
  async run() {
    throw no('NOPERM', 'Quotas are set where the server is started');
  },
});
