/** throttle: reads what the client sends no faster than so many octets a second, from now to the connection's end. */
import { action } from '../action.ts';
import { octets } from '../fields.ts';

export const throttle = action<number | null>({
  name: 'throttle',
  stages: ['connect', 'helo', 'starttls', 'auth', 'mail', 'rcpt', 'predata'],
  parse(value) {
    if (value === false) return { parameter: null };
    const rate = octets(typeof value === 'string' ? value.replace(/\/s$/, '') : value);
    return rate === null || rate < 1
      ? 'must be octets a second, such as 2000 or "10KB/s"; false for no limit'
      : { parameter: rate };
  },
  describe: (rate) => (rate === null ? 'reads at full speed' : `reads ${rate} octets a second`),
  async run(rate, { session }) {
    session?.throttle(rate);
    return undefined;
  },
});
