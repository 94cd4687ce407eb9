/**
 * The servers, called nodes, that use one store at the same time. Each node notifies the store every second that it is
 * running. A node whose process was killed is detected because these notifications end.
 */

/** Answers a question of another node. Questions and answers are JSON values. */
export type Answer<Q, A> = (question: Q) => Promise<A>;

export interface Nodes {
  /** The id of this node, new with each start; `undefined` in a store that only one server uses. */
  readonly self: string | undefined;
  /** Returns the ids of the running nodes, including this node. */
  running(): Promise<ReadonlySet<string>>;
  /**
   * Calls `listener` after nodes have ended, or were killed; returns a function that ends the subscription. If the
   * listener rejects, it is called again later.
   */
  onGone(listener: () => Promise<unknown>): () => void;
  /** Registers the function that answers the questions about a topic; returns a function that removes it. */
  answer<Q, A>(topic: string, answer: Answer<Q, A>): () => void;
  /**
   * Asks all other nodes a question, and returns their answers. The result contains no answer of a node that stops
   * running or whose function for the topic failed.
   */
  ask<A>(topic: string, question: unknown): Promise<readonly A[]>;
  /** Runs `work` while no other node runs work with the same name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * Makes one of the nodes the leader for a task, and another node when the leader is gone. Resolves when it is known
   * whether this node is the leader, and after `elected` if it is.
   * @param elected called when this node becomes the leader
   */
  lead(task: string, elected: () => Promise<void>): Promise<Leadership>;
}

export interface Leadership {
  /** Whether this node is the leader. */
  readonly isHeld: boolean;
  /** Lets another node become the leader. */
  close(): Promise<void>;
}
