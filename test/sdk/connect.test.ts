/** Tests the errors of `connect` for a URL that is not the URL of a sandbox. */
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
  ['localhost:8025', 'localhost:8025 has no scheme: write http://localhost:8025'],
  ['127.0.0.1:8125', '127.0.0.1:8125 has no scheme: write http://127.0.0.1:8125'],
  ['mail', 'mail has no scheme: write http://mail'],
  ['http://', 'http:// is not a URL: pass one such as http://127.0.0.1:8025'],
  ['smtp://127.0.0.1:1025', 'smtp://127.0.0.1:1025 is not an HTTP URL: pass the URL of the web UI,'],
])('refuses %s', async (url, message) => {
  await expect(connect(url)).rejects.toThrow(message);
});

it('names RESTANTE_URL in the error if its value is invalid', async () => {
  const before = process.env['RESTANTE_URL'];
  process.env['RESTANTE_URL'] = 'localhost:8025';
  onTestFinished(() => {
    if (before === undefined) delete process.env['RESTANTE_URL'];
    else process.env['RESTANTE_URL'] = before;
  });
  await expect(connect()).rejects.toThrow('RESTANTE_URL: localhost:8025 has no scheme');
});

it('explains how to start a sandbox if nothing listens at the URL', async () => {
  const server = net.createServer();
  const gone = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  await expect(connect(`http://${gone}`)).rejects.toThrow(
    `No sandbox responds at http://${gone}/: nothing listens there. Start a sandbox with \`npx restante\` ` +
      '(in its repository: `npm start`), or set its URL in RESTANTE_URL',
  );
});

it('reports a port that does not speak HTTP', async () => {
  const { smtp, pop3, url } = await sandboxForTest();
  for (const { port } of [smtp, pop3]) {
    await expect(connect(`http://127.0.0.1:${port}`)).rejects.toThrow(
      `No sandbox responds at http://127.0.0.1:${port}/: the server there does not speak HTTP. Use the port of the ` +
        'web UI, by default 8025',
    );
  }
  // If the response arrives before the request is sent, the error of Node has no code.
  const cause = new Error('Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)');
  const fetch = (): Promise<Response> => Promise.reject(new TypeError('fetch failed', { cause }));
  await expect(connect(url, { fetch })).rejects.toThrow('does not speak HTTP');
  await expect(connect(url.replace('http:', 'https:'))).rejects.toThrow(
    'does not speak TLS. Use a URL that starts with http:',
  );
});

it('reports a URL that ends in /api, and servers that are not a sandbox', async () => {
  const { url } = await sandboxForTest();
  for (const end of ['api', 'api/']) {
    await expect(connect(url + end)).rejects.toThrow(`Use the URL without /api: ${url}`);
  }
  const page = await listening(http.createServer((_, response) => void response.end('<p>Hello')));
  await expect(connect(`http://${page}`)).rejects.toThrow(
    `No sandbox responds at http://${page}/: another program listens there`,
  );
  const json = await listening(http.createServer((_, response) => void response.writeHead(404).end('{}')));
  await expect(connect(`http://${json}`)).rejects.toThrow(
    'another program listens there and responded with status 404',
  );
  await expect(connect(new URL('inbox/all', url))).rejects.toThrow(
    `the URL is not the root of a sandbox. Try the URL without the path: ${url}`,
  );
  // A proxy may serve a sandbox under any path.
  const sandbox = await sandboxForTest({ basePath: '/api' });
  expect((await connect(sandbox.url)).smtp.port).toBe(sandbox.smtp.port);
});

it('passes on the error of a sandbox unchanged', async () => {
  const { url } = await sandboxForTest({ webAuth: { user: 'me', password: 'secret' } });
  await expect(connect(url)).rejects.toMatchObject({
    status: 401,
    type: expect.stringContaining('urn:restante:'),
  });
});
