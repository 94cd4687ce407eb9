/**
 * Tests the built program, killed between the reply 250 and the actions of rules on the stored message: the next
 * process performs the pending actions.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { startProgram, temporaryDirectory, type Program } from '../helpers/program.ts';
import { sendRaw } from '../helpers/smtp.ts';

const MESSAGES = 12;

it('performs after a kill -9 the effects that were pending', async () => {
  const hooks: string[] = [];
  const reports: string[] = [];
  const held: ServerResponse[] = [];
  let answering = false;
  const receiver = createServer((request, response) => {
    if (!answering) {
      held.push(response);
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (request.url === '/hook') hooks.push((JSON.parse(body) as { message: { id: string } }).message.id);
      else reports.push(/^Subject: (message \d+)/m.exec(body)?.[1] ?? '');
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    receiver.close();
    receiver.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const rules = path.join(temporaryDirectory(), 'rules.json');
  const then = { tag: 'seen', webhook: `${url}/hook`, bounce: { to: `${url}/report` } };
  writeFileSync(rules, JSON.stringify([{ on: 'stored', when: { rcpt: 'b@*' }, then }]));
  const options = ['--data', temporaryDirectory(), '--rules', rules];
  const first = await startProgram(options);
  const smtp = { host: '127.0.0.1', port: first.port('SMTP') };
  const raws = Array.from({ length: MESSAGES }, (_, n) => Buffer.from(`Subject: message ${n}\r\n\r\nhi\r\n`));
  const ids = await sendRaw(smtp, raws, { from: 'a@x.test', to: ['b@x.test'] });
  first.child.kill('SIGKILL');
  await first.exit;
  expect(ids).toHaveLength(MESSAGES);

  answering = true;
  for (const response of held) response.destroy();
  const second = await startProgram(options);
  await expect.poll(() => new Set(hooks).size).toBe(MESSAGES);
  await expect.poll(() => new Set(reports).size).toBe(MESSAGES);
  expect([...hooks].sort()).toEqual([...ids].sort());
  // The tag was committed together with each message.
  const { total } = await list(second, 'tag:seen');
  expect(total).toBe(MESSAGES);
});

async function list(program: Program, query: string): Promise<MessagePage> {
  const url = `http://127.0.0.1:${program.port('Web UI and API')}/api/messages?query=${encodeURIComponent(query)}`;
  return (await (await fetch(url)).json()) as MessagePage;
}
