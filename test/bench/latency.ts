/** Measures the latency of a captured message: from the SMTP reply 250 to the response of a waiting request. */
import path from 'node:path';
import { LoadConnection, sampleMessage } from './load.ts';
import { figure, median, spread, type BenchPart } from './part.ts';
import { startRestante } from './servers.ts';

const WAITS = 100;

interface Page {
  readonly seq: number;
}

export const part: BenchPart = {
  name: 'latency',
  async run(context) {
    const server = await startRestante(['--data', path.join(context.scratch, 'data')]);
    const times: number[] = [];
    try {
      const connection = await LoadConnection.open(server.smtp.host, server.smtp.port);
      for (let n = 0; n < WAITS; n++) {
        context.progress(`wait ${n + 1} of ${WAITS}`);
        const account = `wait${n}@example.test`;
        const page = (await (await fetch(`${server.http!}/api/messages?limit=1`)).json()) as Page;
        const query = new URLSearchParams({ account, after: `${page.seq}`, timeout: '10000' });
        let answered = 0;
        const waiting = fetch(`${server.http!}/api/messages/wait?${query.toString()}`).then(
          async (response) => {
            answered = performance.now();
            if (!response.ok) throw new Error(await response.text());
            await response.arrayBuffer();
          },
        );
        // The server must have received the waiting request before the message is sent. The response to a second
        // request shows that the server has received it.
        await fetch(`${server.http!}/livez`);
        await connection.send('app@example.test', account, sampleMessage(n));
        const accepted = performance.now();
        await waiting;
        times.push(Math.max(0, answered - accepted));
      }
      await connection.quit();
    } finally {
      await server.stop();
    }
    return [
      {
        work: '250 on the wire → wait answered, median',
        ours: figure(median(times), ' ms'),
        beside: null,
        theirs: null,
        ratio: null,
        spread: spread(times, ' ms'),
        budget: '≤ 5 ms',
        met: median(times) <= 5,
      },
    ];
  },
};
