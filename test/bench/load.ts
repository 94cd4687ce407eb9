/**
 * Creates SMTP load over plain sockets with as little work as possible in this process, so that the measurement shows
 * the speed of the server.
 */
import net from 'node:net';

/** Returns a message of about `size` octets whose content depends on `serial`. */
export function sampleMessage(serial: number, size = 5000): Buffer {
  const words = ['order', 'shipped', 'invoice', 'welcome', 'account', 'reset', 'receipt', 'ticket', 'update'];
  const lines = [
    `From: Shop <shop@example.test>`,
    `To: Customer ${serial} <customer${serial}@example.test>`,
    `Subject: ${words[serial % words.length]!} number ${serial}`,
    `Date: Mon, 23 Nov 2026 10:00:00 +0000`,
    `Message-ID: <${serial}.bench@example.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
  ];
  let octets = lines.join('\r\n').length;
  for (let n = serial; octets < size; n = (n * 1_103_515_245 + 12_345) % 2_147_483_648) {
    const line = Array.from(
      { length: 9 },
      (_, i) => `${words[(n >> i) % words.length]!}${(n >> i) % 997}`,
    ).join(' ');
    lines.push(line);
    octets += line.length + 2;
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

/** An SMTP connection that is read line by line. */
export class LoadConnection {
  private readonly socket: net.Socket;
  private buffer = '';
  private waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (chunk: string) => {
      this.buffer += chunk;
      this.deliver();
    });
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('connection closed')));
  }

  static async open(host: string, port: number): Promise<LoadConnection> {
    const connection = new LoadConnection(net.connect(port, host));
    await connection.reply();
    await connection.command('EHLO bench.example.test');
    return connection;
  }

  /** Sends one message; resolves with the reply to its final dot. */
  async send(from: string, to: string, raw: Buffer): Promise<string> {
    await this.command(`MAIL FROM:<${from}>`);
    await this.command(`RCPT TO:<${to}>`);
    await this.command('DATA');
    this.socket.write(Buffer.concat([raw, Buffer.from('.\r\n')]));
    return this.reply();
  }

  async quit(): Promise<void> {
    await this.command('QUIT');
    this.socket.destroy();
  }

  private command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  private reply(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.failure === null) this.deliver();
      else this.fail(this.failure);
    });
  }

  private deliver(): void {
    const match = /(?:^|\n)(\d{3}) [^\n]*\n$/.exec(this.buffer);
    if (match === null || this.waiting === null) return;
    const { resolve, reject } = this.waiting;
    const text = this.buffer;
    this.buffer = '';
    this.waiting = null;
    if (Number(match[1]) >= 400) reject(new Error(text.trim()));
    else resolve(text);
  }

  private fail(error: Error): void {
    this.failure = error;
    this.waiting?.reject(error);
    this.waiting = null;
  }
}

const customer = (serial: number): string => `customer${serial}@example.test`;

/**
 * Sends the messages over `connections` open connections; resolves with the number of messages per second.
 * @param recipient returns the address of the recipient of the message at an index of `messages`
 */
export async function captureRate(
  target: { host: string; port: number },
  messages: readonly Buffer[],
  connections = 10,
  recipient = customer,
): Promise<number> {
  const open = await Promise.all(
    Array.from({ length: connections }, () => LoadConnection.open(target.host, target.port)),
  );
  let next = 0;
  const started = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      for (let serial = next++; serial < messages.length; serial = next++) {
        await connection.send('app@example.test', recipient(serial), messages[serial]!);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(open.map((connection) => connection.quit()));
  return messages.length / seconds;
}

/**
 * Resolves with the milliseconds of each message that is sent over a new connection, from the connect to the reply to
 * QUIT.
 */
export async function connectionTimes(
  target: { host: string; port: number },
  messages: readonly Buffer[],
): Promise<number[]> {
  const times: number[] = [];
  for (const [serial, raw] of messages.entries()) {
    const started = performance.now();
    const connection = await LoadConnection.open(target.host, target.port);
    await connection.send('app@example.test', `customer${serial}@example.test`, raw);
    await connection.quit();
    times.push(performance.now() - started);
  }
  return times;
}
