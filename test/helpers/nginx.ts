/** Starts nginx as a reverse proxy. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { certificate } from './certificate.ts';

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when a server accepts connections at the port. */
export async function listening(port: number): Promise<void> {
  await expect
    .poll(
      () =>
        new Promise<boolean>((resolve) => {
          const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(true);
          });
          socket.on('error', () => resolve(false));
        }),
    )
    .toBe(true);
}

/**
 * Starts nginx with one server, which ends with the test.
 * @param lines the directives of the server
 * @param outside further directives of the block `http`
 * @returns the port of nginx
 */
export async function startNginx(lines: string, { tls = false, outside = '' } = {}): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'restante-nginx-'));
  const port = await freePort();
  const secure = tls ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;` : '';
  const at = (name: string): string => path.join(folder, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${at(kind)};`,
  );
  await writeFile(at('cert.pem'), certificate.cert);
  await writeFile(at('key.pem'), certificate.key);
  await writeFile(
    at('nginx.conf'),
    `daemon off; master_process off; pid ${at('pid')}; error_log ${at('error.log')};
events {}
http { access_log off; ${temporary.join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  ${outside}
  server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''}; ${secure}
    ${lines}
  }
}`,
  );
  const child = spawn('nginx', ['-c', at('nginx.conf'), '-p', folder, '-e', at('error.log')], {
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  });
  await listening(port);
  return port;
}

/** The directives that docs/operations.md recommends for a proxy of a target. */
export const proxyTo = (target: string): string => `proxy_pass ${target};
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_buffering off;
  proxy_read_timeout 10m;
  client_max_body_size 0;`;
