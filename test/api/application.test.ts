/** Tests mail that is sent to the application, by SMTP and by HTTP to real servers, and refused mail. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HandedOver, Info, MessagePage, Problem } from '../../contract/index.ts';
import { parseApplication } from '../../server/relay/application.ts';
import { StartError } from '../../server/sandbox/index.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const mail = {
  from: 'Jonas <jonas@example.test>',
  to: 'support@shop.test',
  subject: 'Re: Your order',
  text: 'Thank you!',
};
const post = (sandbox: TestSandbox, body: unknown = mail): Promise<Response> =>
  sandbox.api('application', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const list = (sandbox: TestSandbox): Promise<MessagePage> => sandbox.json<MessagePage>('messages');

interface Hook {
  readonly url: string;
  readonly calls: { headers: http.IncomingHttpHeaders; body: string }[];
}

async function startHook(status: number, answer: string): Promise<Hook> {
  const calls: Hook['calls'] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbound`, calls };
}

describe('mail to the application', () => {
  it('arrives by SMTP with its envelope, and is not captured here', async () => {
    const application = await startTestSandbox();
    const { port } = application.smtp;
    const sandbox = await startTestSandbox({ app: `smtp://127.0.0.1:${port}` });
    const response = await post(sandbox, { ...mail, bcc: 'archive@shop.test' });
    expect(response.status).toBe(200);
    expect(((await response.json()) as HandedOver).reply).toMatch(/^250 /);
    const { messages } = await list(application);
    expect(messages).toMatchObject([
      {
        subject: 'Re: Your order',
        envelope: { from: 'jonas@example.test', to: ['support@shop.test', 'archive@shop.test'] },
      },
    ]);
    expect((await list(sandbox)).total).toBe(0);
    expect((await sandbox.json<Info>('info')).application).toBe(`smtp://127.0.0.1:${port}`);
  });

  it('reports a refusal of the whole message, or of one recipient', async () => {
    const application = await startTestSandbox();
    await application.json('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        on: 'rcpt',
        when: { rcpt: 'nobody@*' },
        then: { reject: '550 5.1.1 Not here' },
      }),
    });
    const sandbox = await startTestSandbox({ app: `smtp://localhost:${application.smtp.port}` });
    const both = await post(sandbox, { ...mail, to: ['support@shop.test', 'nobody@shop.test'] });
    expect(await both.json()).toMatchObject({
      rejected: [{ to: 'nobody@shop.test', reply: '550 5.1.1 Not here' }],
    });
    const response = await post(sandbox, { ...mail, to: 'nobody@shop.test' });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      type: 'urn:restante:application-refused',
      detail: '550 5.1.1 Not here',
    });
  });

  it('arrives by HTTP as raw bytes with its envelope and the login of the address', async () => {
    const hook = await startHook(202, 'queued');
    const sandbox = await startTestSandbox({ app: hook.url.replace('//', '//user:s3cret@') });
    const raw = 'From: a@x.test\r\nTo: b@x.test\r\nSubject: Raw\r\n\r\nBytes.\r\n';
    const response = await sandbox.api('application?to=b@x.test,ö@x.test', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: raw,
    });
    expect(await response.json()).toEqual({ reply: '202 queued', rejected: [] });
    expect(hook.calls).toMatchObject([
      {
        headers: {
          'content-type': 'message/rfc822',
          'x-envelope-from': 'a@x.test',
          'x-envelope-to': 'b@x.test, %C3%B6@x.test',
          authorization: `Basic ${Buffer.from('user:s3cret').toString('base64')}`,
        },
        body: raw,
      },
    ]);
    expect((await sandbox.json<Info>('info')).application).toBe(hook.url);
  });

  it('follows no redirect, and reports an application that is not running', async () => {
    const hook = await startHook(302, '');
    const redirected = await startTestSandbox({ app: hook.url });
    expect((await post(redirected)).status).toBe(502);
    const nobody = await startTestSandbox({ app: 'smtp://127.0.0.1:1' });
    const problem = (await (await post(nobody)).json()) as Problem;
    expect(problem.detail).toBe('Cannot connect to 127.0.0.1 port 1: refused');
  });

  it('is not sent by SMTP to a public address', async () => {
    const sandbox = await startTestSandbox({ app: 'smtp://8.8.8.8:25' });
    const problem = (await (await post(sandbox)).json()) as Problem;
    expect(problem.detail).toContain('has the address 8.8.8.8, which is not in the local network');
  });

  it('requires a configured address; a call cannot name one', async () => {
    const sandbox = await startTestSandbox();
    const response = await post(sandbox);
    expect(response.status).toBe(409);
    expect(((await response.json()) as Problem).detail).toContain('--app');
    const named = await startTestSandbox({ app: 'smtp://127.0.0.1:1' });
    expect((await post(named, { ...mail, app: 'http://127.0.0.1/' })).status).toBe(400);
  });

  it('is refused for a page of another site', async () => {
    const hook = await startHook(200, '');
    const sandbox = await startTestSandbox({ app: hook.url });
    const response = await sandbox.api('application', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.test' },
      body: JSON.stringify(mail),
    });
    expect(response.status).toBe(403);
    expect(hook.calls).toEqual([]);
  });

  it('requires a valid address, otherwise the server does not start', async () => {
    for (const bad of ['ftp://x.test', 'localhost:25', 'smtp://', 'smtp://x.test?tls=maybe']) {
      expect(() => parseApplication(bad), bad).toThrow();
    }
    await expect(startTestSandbox({ app: 'nonsense' })).rejects.toThrow(StartError);
  });
});
