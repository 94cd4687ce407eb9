/**
 * Tests clients that log in although their user name and password are configured as empty strings. Nodemailer is
 * not tested: it reports missing credentials without a login.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestSandbox, type Address } from '../helpers/sandbox.ts';
import { installed, runTool, type ToolResult } from '../helpers/tool.ts';

interface Client {
  readonly name: string;
  readonly program: string;
  send(server: Address, to: string): Promise<ToolResult>;
}

const programs = path.join(import.meta.dirname, 'programs');
/** Compiling the client may take long on a busy machine. */
const COMPILE = { deadline: 50_000 };

const clients: readonly Client[] = [
  {
    name: 'Go net/smtp',
    program: 'go',
    send: ({ host, port }, to) =>
      runTool('go', ['run', path.join(programs, 'send-empty-login.go'), host, String(port), to], COMPILE),
  },
  {
    name: 'Python smtplib',
    program: 'python3',
    send: ({ host, port }, to) =>
      runTool('python3', [path.join(programs, 'send_empty_login.py'), host, String(port), to]),
  },
  ...['PLAIN', 'LOGIN', 'CRAM_MD5'].map((mechanism) => ({
    name: `Ruby net/smtp ${mechanism}`,
    program: 'ruby',
    send: ({ host, port }: Address, to: string) =>
      runTool('ruby', [path.join(programs, 'send_empty_login.rb'), host, String(port), mechanism, to]),
  })),
  ...['PLAIN', 'LOGIN', 'CRAM-MD5'].map((mechanism) => ({
    name: `swaks ${mechanism}`,
    program: 'swaks',
    send: ({ host, port }: Address, to: string) =>
      runTool(
        'swaks',
        [
          ...['--server', host, '--port', String(port), '--from', 'app@x.test', '--to', to],
          // swaks prompts for an empty name and password; the input consists of two empty lines.
          ...['--auth', mechanism, '--auth-user', '', '--auth-password', ''],
        ],
        { input: '\n\n' },
      ),
  })),
];

describe('a login with an empty name and password', () => {
  for (const client of clients) {
    const { name, program } = client;
    const to = `${name.replaceAll(/\W/g, '-')}@x.test`.toLowerCase();
    it.skipIf(!installed(program))(
      `${name} sends${installed(program) ? '' : ' (not installed)'}`,
      async () => {
        const sandbox = await startTestSandbox();
        const { code, output } = await client.send(sandbox.smtp, to);
        expect({ code, output }).toEqual({ code: 0, output: expect.any(String) });
        const message = await sandbox.json<{ id: string; origin: { user: string | null } }>(
          `messages/latest?account=${to}`,
        );
        expect(message.origin.user).toBeNull();
        const transcript = await (await sandbox.api(`messages/${message.id}/transcript`)).text();
        expect(transcript).toContain('235 2.7.0 Authentication successful');
      },
    );

    it.skipIf(!installed(program))(`${name} is refused where users are listed`, async () => {
      const sandbox = await startTestSandbox({ auth: [{ user: 'bob@x.test', password: 'secret' }] });
      const { code } = await client.send(sandbox.smtp, to);
      expect(code).not.toBe(0);
      expect((await sandbox.json<{ total: number }>('messages')).total).toBe(0);
    });
  }
});
