/** Nodes as separate processes on one database; each node reaches the database through a proxy of its own. */
import { DatabaseProxy } from '../../helpers/database-proxy.ts';
import { EmbeddedServer } from '../../helpers/embedded-postgres.ts';
import { Server } from '../server.ts';

export interface Node {
  readonly name: string;
  readonly server: Server;
  /** The node's connection to the database. */
  readonly proxy: DatabaseProxy;
}

export class Cluster {
  readonly database: EmbeddedServer;
  readonly nodes: readonly Node[];

  private constructor(database: EmbeddedServer, nodes: readonly Node[]) {
    this.database = database;
    this.nodes = nodes;
  }

  static async start(count: number): Promise<Cluster> {
    const database = await EmbeddedServer.start();
    const names = Array.from({ length: count }, (_, n) => `node ${n + 1}`);
    const nodes = await Promise.all(
      names.map(async (name): Promise<Node> => {
        const proxy = await DatabaseProxy.start(database.url);
        return { name, proxy, server: await Server.startWith({ storage: ['--store', proxy.url] }) };
      }),
    );
    return new Cluster(database, nodes);
  }

  /** Returns a random node. */
  pick(): Node {
    const node = this.nodes[Math.floor(Math.random() * this.nodes.length)];
    if (node === undefined) throw new Error('The cluster has no nodes');
    return node;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => server.stop('SIGTERM')));
    for (const { proxy } of this.nodes) proxy.close();
    await this.database.remove();
  }
}
