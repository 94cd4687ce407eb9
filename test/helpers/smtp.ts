/** Sends raw bytes by SMTP without a library that could change them. */
import net from 'node:net';
import type { Address } from './sandbox.ts';

export interface RawEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

const someone: RawEnvelope = { from: 'sender@x.test', to: ['recipient@x.test'] };

/** Dot-stuffs a message whose lines end with CRLF: doubles the dot at the beginning of a line (RFC 5321 §4.5.2). */
function stuffed(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replaceAll('\r\n.', '\r\n..');
  return Buffer.from(text.startsWith('.') ? `.${text}` : text, 'latin1');
}

/**
 * Sends each message over one connection; resolves with the ids from the replies. Each message must end with CRLF.
 */
export async function sendRaw(
  { host, port }: Address,
  messages: readonly Buffer[],
  envelope: RawEnvelope = someone,
): Promise<string[]> {
  const socket = net.connect(port, host);
  socket.setEncoding('latin1');
  let buffer = '';
  const reply = async (): Promise<string> => {
    for (;;) {
      const match = /^((?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n)/.exec(buffer);
      if (match !== null) {
        buffer = buffer.slice(match[0].length);
        return match[0];
      }
      buffer += await new Promise<string>((resolve, reject) => {
        const onData = (text: string) => settle(() => resolve(text));
        const onEnd = () => settle(() => reject(new Error(`connection ended after: ${buffer}`)));
        const settle = (act: () => void) => {
          socket.off('data', onData).off('close', onEnd).off('error', onEnd);
          act();
        };
        socket.on('data', onData).on('close', onEnd).on('error', onEnd);
      });
    }
  };
  const command = async (line: string): Promise<string> => {
    socket.write(`${line}\r\n`, 'utf8');
    const text = await reply();
    if (!/^[23]/.test(text)) throw new Error(`${line}: ${text}`);
    return text;
  };
  try {
    await reply();
    await command('EHLO test.x.test');
    const ids: string[] = [];
    for (const raw of messages) {
      await command(`MAIL FROM:<${envelope.from}>`);
      for (const to of envelope.to) await command(`RCPT TO:<${to}>`);
      await command('DATA');
      socket.write(Buffer.concat([stuffed(raw), Buffer.from('.\r\n')]));
      const text = await reply();
      const id = /queued as ([\w-]+)/.exec(text)?.[1];
      if (id === undefined) throw new Error(text);
      ids.push(id);
    }
    // The server acknowledged every message. If it shuts down now, it replies 421 (RFC 5321 §3.8) or closes first.
    socket.write('QUIT\r\n');
    await reply().catch(() => undefined);
    return ids;
  } finally {
    socket.destroy();
  }
}
