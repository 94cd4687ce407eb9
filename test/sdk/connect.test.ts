/** What `connect` says of an address that is not a sandbox's. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../sdk/index.ts';
import { sandboxForTest } from './application.ts';

async function listening(server: net.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ['localhost:8025', 'localhost:8025 has no scheme: give it as http://localhost:8025'],
  ['127.0.0.1:8125', '127.0.0.1:8125 has no scheme: give it as http://127.0.0.1:8125'],
  ['mail', 'mail has no scheme: give it as http://mail'],
  ['http://', 'http:// is no address: one such as http://127.0.0.1:8025 is wanted'],
  ['smtp://127.0.0.1:1025', 'smtp://127.0.0.1:1025 is not the address of the API: give that of the web UI,'],
])('refuses %s', async (url, message) => {
  await expect(connect(url)).rejects.toThrow(message);
});

it('says that RESTANTE_URL is meant where that is wrong', async () => {
  const before = process.env['RESTANTE_URL'];
  process.env['RESTANTE_URL'] = 'localhost:8025';
  onTestFinished(() => {
    if (before === undefined) delete process.env['RESTANTE_URL'];
    else process.env['RESTANTE_URL'] = before;
  });
  await expect(connect()).rejects.toThrow('RESTANTE_URL: localhost:8025 has no scheme');
});

it('says what to do where nothing listens', async () => {
  const server = net.createServer();
  const gone = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  await expect(connect(`http://${gone}`)).rejects.toThrow(
    `No sandbox answers at http://${gone}/: nothing listens there. Start one with \`npx restante\` ` +
      '(in its own source `npm start`), or say where it is by RESTANTE_URL',
  );
});

it('tells a port that does not speak HTTP', async () => {
  const { smtp, pop3, url } = await sandboxForTest();
  for (const { port } of [smtp, pop3]) {
    await expect(connect(`http://127.0.0.1:${port}`)).rejects.toThrow(
      `No sandbox answers at http://127.0.0.1:${port}/: what listens there does not speak HTTP. Give the port of the ` +
        'web UI, 8025 where nobody chose another',
    );
  }
  // Where its answer comes before the request is out, Node says so in words alone.
  const cause = new Error('Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)');
  const fetch = (): Promise<Response> => Promise.reject(new TypeError('fetch failed', { cause }));
  await expect(connect(url, { fetch })).rejects.toThrow('does not speak HTTP');
  await expect(connect(url.replace('http:', 'https:'))).rejects.toThrow(
    'does not speak TLS. Give it as http:',
  );
});

it('tells an address with /api at its end, and servers that are none of ours', async () => {
  const { url } = await sandboxForTest();
  for (const end of ['api', 'api/']) {
    await expect(connect(url + end)).rejects.toThrow(`Give the address without /api: ${url}`);
  }
  const page = await listening(http.createServer((_, response) => void response.end('<p>Hello')));
  await expect(connect(`http://${page}`)).rejects.toThrow(
    `No sandbox answers at http://${page}/: what listens there is another program`,
  );
  const json = await listening(http.createServer((_, response) => void response.writeHead(404).end('{}')));
  await expect(connect(`http://${json}`)).rejects.toThrow('is another program, which answered 404');
  await expect(connect(new URL('inbox/all', url))).rejects.toThrow(
    `that is not the root of one. Mostly it is the address without a path: ${url}`,
  );
  // A proxy may serve a sandbox under any path.
  const sandbox = await sandboxForTest({ basePath: '/api' });
  expect((await connect(sandbox.url)).smtp.port).toBe(sandbox.smtp.port);
});

it('leaves what a sandbox says itself as it is', async () => {
  const { url } = await sandboxForTest({ webAuth: { user: 'me', password: 'secret' } });
  await expect(connect(url)).rejects.toMatchObject({
    status: 401,
    type: expect.stringContaining('urn:restante:'),
  });
});
