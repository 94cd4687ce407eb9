/** Tests the dialogue runner with a small server that sends the requested lines. */
import net, { type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { runScript } from '../helpers/dialog.ts';

/**
 * Starts a server that sends a greeting, then responds to every line: `say X` with X, `twice X` with two lines,
 * `bye` with the end of the connection.
 */
async function startEcho(): Promise<{ host: string; port: number }> {
  const server = net.createServer((socket) => {
    socket.write('* hello {12}\r\n');
    let buffer = '';
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('data', (text: string) => {
      buffer += text;
      for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
        const [, verb, rest = ''] = /^(\w*) ?(.*)$/s.exec(buffer.slice(0, end)) ?? [];
        buffer = buffer.slice(end + 2);
        if (verb === 'say') socket.write(`${rest}\r\n`, 'latin1');
        else if (verb === 'twice') socket.write(`${rest} 1\r\n${rest} 2\r\n`);
        else if (verb === 'bye') socket.end();
        else socket.write(`${buffer.length} ${verb ?? ''} ${rest.length}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const run = (script: string): Promise<void> =>
  runScript(script, 'script.txt', async () => ({
    ...(await startEcho()),
    values: { given: 'from outside' },
    functions: { shout: (...words) => words.join(' ').toUpperCase() },
  }));

it('runs a dialogue of every verb', async () => {
  await run(`
# a comment
c connect
d connect
c <- * hello {12}
d <... {*}hello{*}
c -> say one 42 two
c <- one {number:\\d{2}} {word}
c -> say {number} {word} {given}
c <- {number} {word} from outside
c -> twice line
c <& line 2
c <& line 1
c ->| say a\\tb\\x21\\r\\n
c <| a\\tb!\\r\\n
c ->| length\\x20
c ->|*1000 xy
c -> z
c <- 0 length 2001
c -> say {base64 \\0user\\0pass} {shout a b}
c <- AHVzZXIAcGFzcw== A B
c -> say Grüße
c <- Grüße
d -> bye
d closed
`);
});

it('passes the settings to the function that starts the server', async () => {
  let seen: unknown;
  await runScript('@requireAuth true\n@empty\nc connect\nc <- {*}', 'script.txt', async (settings) => {
    seen = settings;
    return startEcho();
  });
  expect(seen).toEqual({ requireAuth: 'true', empty: '' });
});

it('reports the failed step and the conversation before it', async () => {
  const failure = await run('c connect\nc <- {*}\nc -> say 250 fine\nc <- 250 good').then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  expect(failure.replaceAll(/:\d+\)/g, ':PORT)')).toBe(
    `script.txt:4: another line came
  expected: 250 good
  received: 250 fine

The dialogue up to there:
     1 c (connected to 127.0.0.1:PORT)
     2 c <- * hello {12}
     3 c -> say 250 fine
     4 c <- 250 fine
`,
  );
});

it.each([
  [
    'a line when the connection ended',
    'c connect\nc <- {*}\nc -> bye\nc <- more',
    /expected: more\n\s+received: \(the server closed/,
  ],
  ['an end with something unread', 'c connect\nc -> bye\nc closed', /:3: unread before the end: \* hello/],
  [
    'a value that a name does not have',
    'c connect\nc <- * {a} {*}\nc -> say x\nc <- {a}',
    /:4: another line/,
  ],
  ['a name without a value', 'c connect\nc -> say {nobody}', /:2: \{nobody\} has no value yet/],
  ['a line missing from a block', 'c connect\nc <- {*}\nc -> twice x\nc <& x 1\nc <& x 3', /expected: x 3\n/],
  ['an unknown session', 'c connect\nd -> x', /session d has not connected/],
  ['an unknown listener', 'c connect imap', /no listener called imap/],
  ['other octets', 'c connect\nc <| * hullo', /other octets came/],
  ['an unknown escape', 'c connect\nc ->| \\q', /unknown escape \\q/],
])('fails on %s', async (_name, script, message) => {
  await expect(run(script)).rejects.toThrow(message);
});

it.each([
  ['no steps', '# nothing', /no steps/],
  ['an unknown verb', 'c connect\nc shout x', /script.txt:2: not a step/],
  ['a setting after a step', 'c connect\n@late x', /before the first step/],
  ['text where none belongs', 'c connect\nc close now', /close takes no text/],
  ['a repeated line', 'c connect\nc ->*3 x', /only ->\| can be repeated/],
])('refuses a script with %s', async (_name, script, message) => {
  await expect(run(script)).rejects.toThrow(message);
});
