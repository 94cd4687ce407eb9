/**
 * Tests two nodes on one database behind nginx, which sends each request to either node: waits and streams continue
 * when a node is killed.
 */
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../sdk/index.ts';
import { LoadConnection } from '../bench/load.ts';
import { proxyTo, startNginx } from '../helpers/nginx.ts';
import { emptyDatabase, postgresServer } from '../helpers/postgres.ts';
import { startProgram, type Program } from '../helpers/program.ts';
import { installed } from '../helpers/tool.ts';

const why = !installed('nginx')
  ? ' (nginx is not installed)'
  : (await postgresServer()) === null
    ? ' (no PostgreSQL server could be started)'
    : '';

async function send(node: Program, to: string, subject: string): Promise<void> {
  const connection = await LoadConnection.open('127.0.0.1', node.port('SMTP'));
  await connection.send('a@x.test', to, Buffer.from(`Subject: ${subject}\r\n\r\ntext\r\n`));
  await connection.quit();
}

it.skipIf(why !== '')(
  `two nodes behind nginx serve waits and streams although one is killed${why}`,
  async () => {
    const url = await emptyDatabase();
    const nodes = [await startProgram(['--store', url]), await startProgram(['--store', url])] as const;
    const upstreams = nodes.map((node) => `server 127.0.0.1:${node.port('Web UI and API')} fail_timeout=1s;`);
    const port = await startNginx(`location / { ${proxyTo('http://nodes')} }`, {
      outside: `upstream nodes { ${upstreams.join(' ')} }`,
    });
    const sandbox = await connect(`http://127.0.0.1:${port}/`, { timeout: 170_000 });
    onTestFinished(() => sandbox.close());

    // nginx distributes requests in turn, so each node has a wait and a stream.
    const boxes = await Promise.all([1, 2, 3, 4].map(() => sandbox.createInbox()));
    const subjects = boxes.map((): string[] => []);
    const reading = boxes.map(async (inbox, i) => {
      for await (const event of inbox.events({ since: 0 })) {
        if (event.type !== 'message') continue;
        subjects[i]?.push(event.message.subject);
        if (event.message.subject === 'after the kill') return;
      }
    });
    const before = boxes.map((inbox) => inbox.waitFor({ subject: 'before' }));
    await Promise.all(boxes.map((inbox, i) => send(nodes[(i >> 1) % 2]!, inbox.address, 'before')));
    for (const { subject } of await Promise.all(before)) expect(subject).toBe('before');
    await expect.poll(() => subjects.map((list) => list.includes('before'))).toEqual(boxes.map(() => true));

    const after = boxes.map((inbox) => inbox.waitFor({ subject: 'after the kill' }));
    nodes[0].child.kill('SIGKILL');
    await nodes[0].exit;
    await Promise.all(boxes.map((inbox) => send(nodes[1], inbox.address, 'after the kill')));
    for (const { subject } of await Promise.all(after)) expect(subject).toBe('after the kill');
    await Promise.all(reading);
    expect(subjects).toEqual(boxes.map(() => ['before', 'after the kill']));
  },
);
