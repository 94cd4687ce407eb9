/**
 * The action `throttle`: limits the number of octets per second that are read from the client, until the
 * connection is closed.
 */
import { action } from '../action.ts';
import { octets } from '../fields.ts';

export const throttle = action<number | null>({
  name: 'throttle',
  stages: ['connect', 'helo', 'starttls', 'auth', 'mail', 'rcpt', 'predata'],
  parse(value) {
    if (value === false) return { parameter: null };
    const rate = octets(typeof value === 'string' ? value.replace(/\/s$/, '') : value);
    return rate === null || rate < 1
      ? 'must be a number of octets per second, such as 2000 or "10KB/s"; false for no limit'
      : { parameter: rate };
  },
  describe: (rate) => (rate === null ? 'reads at full speed' : `reads ${rate} octets per second`),
  async run(rate, { session }) {
    session?.throttle(rate);
    return undefined;
  },
});
