/** Runs SMTP's dialogue scripts, each with its own listener; and tests that the documentation is complete. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../server/smtp/commands/index.ts';
import { protocolRules } from '../../server/checks/protocol/catalogue.ts';
import { parameterNames } from '../../server/smtp/parameters.ts';
import { startCapture } from '../helpers/capture.ts';
import { certificate } from '../helpers/certificate.ts';
import { runDialogs, type StartWorld } from '../helpers/dialog.ts';

/** Returns the response to a CRAM-MD5 challenge (RFC 2195). */
function cram(challenge = '', user = '', password = ''): string {
  const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64')).digest('hex');
  return Buffer.from(`${user} ${digest}`).toString('base64');
}

const start: StartWorld = async ({ listed, ...settings }) => {
  const [user = '', password = ''] = listed?.split(':') ?? [];
  const numbers = Object.entries(settings).map(([name, text]) => [
    name,
    text === 'true' ? true : Number(text),
  ]);
  const { host, port } = await startCapture({
    smtp: Object.fromEntries(numbers),
    ...(listed === undefined ? {} : { listed: { [user]: password } }),
  });
  return { host, port, functions: { cram } };
};

runDialogs(path.join(import.meta.dirname, '../dialogs/smtp'), start);

/** Returns the extensions that EHLO lists if all of them apply. */
async function extensions(): Promise<string[]> {
  const { host, port } = await startCapture({ smtp: { tls: certificate, xclients: ['127.0.0.1'] } });
  const socket = net.connect(port, host);
  socket.write('EHLO client.example.test\r\nQUIT\r\n');
  let said = '';
  socket.on('data', (chunk) => (said += String(chunk)));
  await once(socket, 'end');
  socket.destroy();
  const lines = [...said.matchAll(/^250[- ]([A-Z0-9]+)/gm)];
  return lines.map(([, keyword = '']) => keyword);
}

describe('the documentation', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/smtp.md'), 'utf8');
  const lacks = (wanted: readonly string[]): string[] => {
    const words = new Set(text.split(/[\s`,;:()|.]+/));
    return wanted.filter((word) => !words.has(word));
  };

  it.each([
    ['command', [...commands.keys()]],
    ['parameter', parameterNames],
    ['finding', Object.keys(protocolRules)],
  ])('contains every %s', (_, wanted) => {
    expect(lacks(wanted)).toEqual([]);
  });

  it('contains every extension', async () => {
    const announced = await extensions();
    expect(announced).toEqual(expect.arrayContaining(['STARTTLS', 'XCLIENT', 'AUTH', 'SIZE']));
    expect(lacks(announced)).toEqual([]);
  });
});
