/** relay: hands the message to the relay, for its recipients or for those named. */
import { action } from '../action.ts';
import { isObject } from '../fields.ts';
import { afterRecipients, onceStored } from './after-storing.ts';

interface Relaying {
  /** `null` for the recipients of the envelope. */
  readonly to: readonly string[] | null;
}

const EXPECTED = 'must be true, or { "to": "someone@example.test" } with an address or a list of them';

export const relay = action<Relaying>({
  name: 'relay',
  stages: afterRecipients,
  parse(value) {
    if (value === true) return { parameter: { to: null } };
    const { to, ...others } = isObject(value) ? value : {};
    const list: unknown[] = Array.isArray(to) ? to : [to];
    const good = list.length > 0 && list.every((item) => typeof item === 'string' && item.includes('@'));
    return good && Object.keys(others).length === 0 ? { parameter: { to: list.map(String) } } : EXPECTED;
  },
  describe: ({ to }) => (to === null ? 'relays' : `relays to ${to.join(', ')}`),
  async run({ to }, context) {
    const { relay: hook } = context.world;
    if (hook === null) throw new Error('relaying is off');
    onceStored(context, 'relay', (stored) => hook(stored, { to }));
    return undefined;
  },
});
