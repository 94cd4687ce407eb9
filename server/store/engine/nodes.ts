/** The only node of a store that one server uses: there is no other node to query, and this node leads every task. */
import { SerialQueue } from '../../async/serial-queue.ts';
import type { Leadership, Nodes } from '../nodes.ts';

export class OnlyNode implements Nodes {
  readonly self = undefined;
  readonly #turns = new Map<string, SerialQueue>();

  async running(): Promise<ReadonlySet<string>> {
    return new Set();
  }

  onGone(): () => void {
    return () => undefined;
  }

  answer(): () => void {
    return () => undefined;
  }

  async ask(): Promise<readonly never[]> {
    return [];
  }

  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(name) ?? new SerialQueue();
    this.#turns.set(name, turns);
    return turns.run(work);
  }

  async lead(_task: string, elected: () => Promise<void>): Promise<Leadership> {
    await elected();
    return { isHeld: true, close: () => Promise.resolve() };
  }
}
