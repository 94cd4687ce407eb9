import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../server/net/connection.ts';
import { certificate } from '../helpers/certificate.ts';
import { ConnectionClosed, IdleTimeout, LineTooLong } from '../../server/net/connection-error.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Opens a connection as a server sees it, and the client's socket. */
async function pair(idleTimeout = 0): Promise<{ connection: Connection; client: net.Socket }> {
  const server = net.createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [net.Socket];
  cleanups.push(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return { connection: new Connection(socket, { idleTimeout }), client };
}

const text = (line: Buffer | null): string | null => line?.toString('latin1') ?? null;

async function received(client: net.Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of client) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

describe('reading', () => {
  it('returns lines that end with CRLF or LF, across and within chunks', async () => {
    const { connection, client } = await pair();
    client.write('one\r\ntwo\nth');
    expect(text(await connection.readLine(100))).toBe('one');
    expect(text(await connection.readLine(100))).toBe('two');
    const third = connection.readLine(100);
    client.write('ree\r');
    client.write('\n\r\na\rb\r\n');
    expect(text(await third)).toBe('three');
    expect(text(await connection.readLine(100))).toBe('');
    expect(text(await connection.readLine(100))).toBe('a\rb');
  });

  it('returns exact octets between lines', async () => {
    const { connection, client } = await pair();
    const octets = Buffer.alloc(300_000, 'x\r\ny');
    client.write('head\r\n');
    client.write(octets);
    client.write('tail\r\n');
    expect(text(await connection.readLine(100))).toBe('head');
    expect((await connection.readBytes(octets.length)).equals(octets)).toBe(true);
    expect(text(await connection.readLine(100))).toBe('tail');
    expect((await connection.readBytes(0)).length).toBe(0);
  });

  it('discards octets without storing them', async () => {
    const { connection, client } = await pair();
    client.write(Buffer.alloc(1_000_000, 'z'));
    client.write('next\r\n');
    await connection.discard(1_000_000);
    expect(text(await connection.readLine(100))).toBe('next');
  });

  it('refuses a line that is too long and continues with the next', async () => {
    const { connection, client } = await pair();
    client.write(`${'a'.repeat(10)}\r\n${'b'.repeat(11)}\r\nc\r\n${'d'.repeat(200_000)}{5+}\r\ne\r\n`);
    expect(text(await connection.readLine(10))).toBe('a'.repeat(10));
    await expect(connection.readLine(10)).rejects.toThrow(LineTooLong);
    expect(text(await connection.readLine(10))).toBe('c');
    const error: unknown = await connection.readLine(10).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LineTooLong);
    expect((error as LineTooLong).head.toString()).toBe('d'.repeat(64));
    expect((error as LineTooLong).tail.toString().trimEnd()).toMatch(/d\{5\+\}$/);
    expect(text(await connection.readLine(10))).toBe('e');
  });

  it('detects the end of the stream, drops an incomplete line, and can still send', async () => {
    const { connection, client } = await pair();
    client.end('whole\r\nhalf');
    expect(text(await connection.readLine(100))).toBe('whole');
    expect(await connection.readLine(100)).toBeNull();
    await expect(connection.readBytes(10)).rejects.toThrow(ConnectionClosed);
    await connection.write('bye\r\n');
    connection.close();
    expect(await received(client)).toBe('bye\r\n');
  });

  it('pauses a peer that sends more than is read', async () => {
    const { connection, client } = await pair();
    const lines = 10_000;
    client.write(Buffer.alloc(lines * 2_000, `${'x'.repeat(1_998)}\r\n`));
    for (let read = 0; read < lines; read++) {
      if ((await connection.readLine(2_000))?.length !== 1_998) expect.unreachable();
      if (read === 100) expect(client.writableLength).toBeGreaterThan(0);
    }
    expect(client.writableLength).toBe(0);
  });

  it('rejects a pending read after the idle timeout, and stays usable', async () => {
    const { connection, client } = await pair(30);
    await expect(connection.readLine(100)).rejects.toThrow(IdleTimeout);
    connection.setIdleTimeout(0);
    await connection.write('* BYE idle\r\n');
    connection.close();
    expect(await received(client)).toBe('* BYE idle\r\n');
  });
});

describe('writing', () => {
  it('waits for a peer that does not read, and rejects when the peer disconnects', async () => {
    const { connection, client } = await pair();
    client.pause();
    const waiting = connection.write(Buffer.alloc(50_000_000));
    const outcome = Promise.race([
      waiting.then(() => 'written'),
      new Promise((r) => setImmediate(r, 'waits')),
    ]);
    expect(await outcome).toBe('waits');
    const failed = expect(waiting).rejects.toThrow(ConnectionClosed);
    client.destroy();
    await failed;
    await expect(connection.write('x')).rejects.toThrow(ConnectionClosed);
    expect(connection.closed).toBe(true);
  });

  it('sends all written data before it closes, although the peer is still sending', async () => {
    const { connection, client } = await pair();
    client.write(Buffer.alloc(100_000, 'x'));
    const all = received(client);
    await connection.write('last words\r\n');
    connection.close();
    await expect(connection.write('more')).rejects.toThrow(ConnectionClosed);
    expect(await all).toBe('last words\r\n');
  });

  it('reports its end once', async () => {
    const { connection, client } = await pair();
    const gone = new Promise<void>((resolve) => connection.onClose(resolve));
    client.resetAndDestroy();
    await gone;
    let late = 0;
    connection.onClose(() => late++);
    expect(late).toBe(1);
  });
});

describe('STARTTLS', () => {
  const secureContext = tls.createSecureContext(certificate);

  it('upgrades and discards data that was sent in clear text', async () => {
    const { connection, client } = await pair();
    client.write('STARTTLS\r\ninjected\r\n');
    expect(text(await connection.readLine(100))).toBe('STARTTLS');
    expect(connection.secure).toBe(false);
    expect(connection.tls).toBeNull();
    const upgraded = connection.startTls(secureContext, 'go\r\n');
    expect(String((await once(client, 'data'))[0])).toBe('go\r\n');
    const secured = tls.connect({ socket: client, rejectUnauthorized: false, servername: 'mail.test' });
    secured.write('hello\r\n');
    await upgraded;
    expect(text(await connection.readLine(100))).toBe('hello');
    expect(connection.secure).toBe(true);
    expect(connection.tls).toMatchObject({ protocol: 'TLSv1.3' });
    await connection.write('welcome\r\n');
    connection.close();
    expect(await received(secured)).toBe('welcome\r\n');
  });

  it('ends when the handshake fails', async () => {
    const { connection, client } = await pair();
    client.on('error', () => undefined);
    const upgraded = expect(connection.startTls(secureContext, 'go\r\n')).rejects.toThrow(ConnectionClosed);
    client.write('this is not TLS at all\r\n');
    await upgraded;
    expect(await connection.readLine(100)).toBeNull();
  });
});
