/**
 * The action `relay`: passes the message to the relay. The recipients are those of the message's envelope or
 * those that the rule gives.
 */
import { effectAction } from '../action.ts';
import { isObject, readParameter } from '../fields.ts';

interface Relaying {
  /**
   * The addresses of the recipients that the rule gives; `null` for the recipients of the message's envelope.
   */
  readonly to: readonly string[] | null;
}

/** Returns the addresses of a text or a list of texts; `null` if one of them is not an address. */
function addresses(value: unknown): readonly string[] | null {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const good = list.length > 0 && list.every((item) => typeof item === 'string' && item.includes('@'));
  return good ? list.map(String) : null;
}

export const relay = effectAction<Relaying>({
  name: 'relay',
  parse(value) {
    if (value === true) return { parameter: { to: null } };
    if (!isObject(value) || value['to'] === undefined || value['to'] === null)
      return 'must be true, or { "to": "someone@example.test" } with an address or a list of them';
    return readParameter(value, 'relay', (fields) => ({
      to: fields.read('to', addresses, 'must be an address or a list of addresses') ?? null,
    }));
  },
  describe: ({ to }) => (to === null ? 'relays' : `relays to ${to.join(', ')}`),
  problem: ({ relay: hook }) =>
    hook === null ? 'relaying is off: start the server with --relay auto to let rules relay' : null,
  perform: async ({ to }, { stored, world }) => world.relay?.(stored, { to }),
});
