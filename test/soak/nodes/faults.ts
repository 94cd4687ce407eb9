/** The faults of the test with several nodes. Each ends when the cluster is whole again. */
import { setTimeout as pause } from 'node:timers/promises';
import { LoadConnection } from '../../bench/load.ts';
import type { Cluster, Node } from './cluster.ts';

export interface Fault {
  readonly name: string;
  /** Causes the fault and removes it; resolves with a list of problems. */
  readonly run: (cluster: Cluster) => Promise<readonly string[]>;
}

/** Pause between two states of the cluster in which clients work, in milliseconds. */
const SHORT = 500;

const status = async ({ server }: Node, path: string): Promise<number> => {
  try {
    const response = await fetch(`${server.url}${path}`);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
};

/** Resolves when `/readyz` of a node returns a status. */
async function readiness(node: Node, wanted: number): Promise<void> {
  while ((await status(node, 'readyz')) !== wanted) await pause(20);
}

const allReady = (cluster: Cluster): Promise<unknown> =>
  Promise.all(cluster.nodes.map((node) => readiness(node, 200)));

const killed: Fault = {
  name: 'kill -9 of a node',
  async run(cluster) {
    const node = cluster.pick();
    await node.server.stop('SIGKILL');
    await pause(SHORT);
    await node.server.start();
    await allReady(cluster);
    return [];
  },
};

const restarted = (mode: 'fast' | 'immediate'): Fault => ({
  name: `restart of the database, ${mode}`,
  async run(cluster) {
    await cluster.database.restart(mode);
    await allReady(cluster);
    return [];
  },
});

/** Returns the reply of a node to a message that it cannot store. */
async function refusal({ server }: Node): Promise<string> {
  try {
    const connection = await LoadConnection.open('127.0.0.1', server.ports.smtp);
    return await connection.send(
      'app@soak.test',
      'nobody@soak.test',
      Buffer.from('Subject: refused\r\n\r\n'),
    );
  } catch (error) {
    return (error as Error).message;
  }
}

const partitioned: Fault = {
  name: 'a node cut off from the database, which refuses mail',
  async run(cluster) {
    const node = cluster.pick();
    node.proxy.hold();
    await readiness(node, 503);
    const alive = await status(node, 'livez');
    const reply = await refusal(node);
    node.proxy.heal();
    await allReady(cluster);
    return [
      ...(alive === 200 ? [] : [`/livez of a node without database is ${alive}`]),
      ...(reply.startsWith('451 4.3.0 ') ? [] : [`a node without database replied: ${reply}`]),
    ];
  },
};

const slow: Fault = {
  name: 'a database that answers 100 ms later',
  async run(cluster) {
    for (const { proxy } of cluster.nodes) proxy.slow(100);
    await pause(4 * SHORT);
    for (const { proxy } of cluster.nodes) proxy.heal();
    await allReady(cluster);
    return [];
  },
};

const upgraded: Fault = {
  name: 'restart of one node after the other',
  async run(cluster) {
    for (const node of cluster.nodes) {
      await node.server.stop('SIGTERM');
      await node.server.start();
      await readiness(node, 200);
    }
    return [];
  },
};

export const faults: readonly Fault[] = [
  killed,
  restarted('fast'),
  killed,
  partitioned,
  restarted('immediate'),
  slow,
  killed,
  upgraded,
];
