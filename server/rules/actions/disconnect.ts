/**
 * The action `disconnect`: closes the connection before the reply, after the reply, or after a number of
 * octets of the message. At the stage `stored`, the message is stored and the client does not learn that it
 * was accepted.
 */
import { action } from '../action.ts';
import { isObject, octets } from '../fields.ts';
import { stages } from '../../../contract/names.ts';

type When = 'before' | 'after' | { readonly octets: number };

export const disconnect = action<When>({
  name: 'disconnect',
  stages,
  parse(value) {
    if (value === true || value === 'before') return { parameter: 'before' };
    if (value === 'after') return { parameter: 'after' };
    const count = isObject(value) ? octets(value['afterOctets']) : null;
    return count === null
      ? 'must be true or "before" (the reply), "after", or { "afterOctets": 100 } of the message'
      : { parameter: { octets: count } };
  },
  describe: (when) =>
    typeof when === 'string'
      ? `disconnects ${when} the reply`
      : `disconnects after ${when.octets} octets of DATA`,
  async run(when, { session, facts }) {
    if (typeof when === 'object' && facts.message === null) {
      session?.dropAfter(when.octets);
      return undefined;
    }
    if (when !== 'after') return { kind: 'disconnect' };
    session?.closeAfterReply();
    return undefined;
  },
});
