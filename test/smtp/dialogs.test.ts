/** SMTP's dialogue scripts, each against a listener of its own. */
import { createHmac } from 'node:crypto';
import path from 'node:path';
import { startCapture } from '../helpers/capture.ts';
import { runDialogs, type StartWorld } from '../helpers/dialog.ts';

/** The response to a CRAM-MD5 challenge (RFC 2195). */
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
