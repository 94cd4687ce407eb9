/**
 * The action `relay`: passes the message to the relay. The recipients are those of the message's envelope or
 * those that the rule gives.
 */
import { effectAction } from '../action.ts';
import { isObject } from '../fields.ts';

interface Relaying {
  /**
   * The addresses of the recipients that the rule gives; `null` for the recipients of the message's envelope.
   */
  readonly to: readonly string[] | null;
}

const EXPECTED = 'must be true, or { "to": "someone@example.test" } with an address or a list of them';

export const relay = effectAction<Relaying>({
  name: 'relay',
  parse(value) {
    if (value === true) return { parameter: { to: null } };
    const { to, ...others } = isObject(value) ? value : {};
    const list: unknown[] = Array.isArray(to) ? to : [to];
    const good = list.length > 0 && list.every((item) => typeof item === 'string' && item.includes('@'));
    return good && Object.keys(others).length === 0 ? { parameter: { to: list.map(String) } } : EXPECTED;
  },
  describe: ({ to }) => (to === null ? 'relays' : `relays to ${to.join(', ')}`),
  problem: ({ relay: hook }) =>
    hook === null ? 'relaying is off: start the server with --relay auto to let rules relay' : null,
  perform: async ({ to }, { stored, world }) => world.relay?.(stored, { to }),
});
