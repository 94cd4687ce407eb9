/** Work that is stored as records, each of which one node owns; the other nodes take over the work of a node that is gone. */
import type { Nodes } from './nodes.ts';
import type { RecordSet } from './store.ts';

/** A record of work that one node does, such as the delivery of a message. */
export interface Owned {
  /** The node that does the work; absent in a store that only one server uses. */
  readonly owner?: string;
}

/**
 * Returns the property that makes this node the owner of a record; no property in a store that only one server uses, so
 * that its records have the same form as in versions without nodes.
 */
export const ownedBy = ({ self }: Nodes): Owned => (self === undefined ? {} : { owner: self });

/** A record that this node owns. */
export interface OwnRecord<T> {
  readonly key: string;
  readonly value: T;
  /** Whether this node became the owner just now, because the previous owner is gone. */
  readonly isTaken: boolean;
}

/**
 * Takes over the records whose owners are gone: each record gets one of the nodes that try this as its new owner.
 * Returns all records that this node owns now, in their order.
 *
 * @param isOpen whether work remains to be done for the record; other records keep their owner
 */
export async function takeOver<T extends Owned>(
  records: RecordSet<T>,
  nodes: Nodes,
  isOpen: (value: T) => boolean,
): Promise<readonly OwnRecord<T>[]> {
  const open = (await records.list()).filter(({ value }) => isOpen(value));
  // The nodes are read after the records, because a node is registered before it owns a record.
  const running = open.length === 0 ? new Set<string>() : await nodes.running();
  const isLeft = ({ owner }: Owned): boolean =>
    owner !== nodes.self && (owner === undefined || !running.has(owner));
  const own: OwnRecord<T>[] = [];
  for (const { key, value } of open) {
    if (value.owner === nodes.self) own.push({ key, value, isTaken: false });
    if (!isLeft(value)) continue;
    const taken = await records.update(key, (now) =>
      now !== undefined && isOpen(now) && isLeft(now) ? { ...now, owner: nodes.self } : now,
    );
    if (taken !== undefined && isOpen(taken) && taken.owner === nodes.self)
      own.push({ key, value: taken, isTaken: true });
  }
  return own;
}
