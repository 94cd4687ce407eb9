/** A store that counts the calls of some methods of `messages`. */
import type { Messages, Store } from '../../server/store/store.ts';

export function countCalls<Name extends keyof Messages>(
  store: Store,
  names: readonly Name[],
): { readonly store: Store; readonly counts: Record<Name, number> } {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  const messages = new Proxy(store.messages, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (Object.hasOwn(counts, name)) counts[name as Name]++;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const counted = new Proxy(store, {
    get(target, name) {
      if (name === 'messages') return messages;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { store: counted, counts };
}
