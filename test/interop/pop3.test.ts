/** POP3 with clients we did not write: Python's poplib and curl. */
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { certificate } from '../helpers/certificate.ts';
import { messages, startPop3 } from '../helpers/pop3.ts';
import { installed, runTool } from '../helpers/tool.ts';

const python = `
import poplib, ssl, sys
port, ca = int(sys.argv[1]), sys.argv[2]
p = poplib.POP3('localhost', port)
p.stls(ssl.create_default_context(cafile=ca))
assert 'UIDL' in p.capa()
p.utf8()
p.user('a@x.test'); p.pass_('any')
count, octets = p.stat()
assert count == 3, count
assert [int(line.split()[0]) for line in p.list()[1]] == [1, 2, 3]
assert sum(int(line.split()[1]) for line in p.list()[1]) == octets
assert len(set(p.uidl()[1])) == 3
assert p.retr(2)[1][0] == b'.Odd: first line begins with a dot', p.retr(2)
assert p.retr(2)[1][-3:] == [b'.', b'..', b'.end']
assert p.top(1, 1)[1][-1] == b'first line'
p.dele(1); p.rset(); p.dele(3)
p.quit()
p = poplib.POP3('localhost', port)
p.apop('a@x.test', 'whatever')
assert p.stat()[0] == 2
p.quit()
print('fine')
`;

it.skipIf(!installed('python3'))('is what poplib expects (skips without python3)', async () => {
  const pop3 = await startPop3({ tls: true });
  for (const name of ['one', 'dots', 'bare']) await pop3.deliver(messages[name]!);
  const home = mkdtempSync(path.join(os.tmpdir(), 'restante-poplib-'));
  const ca = path.join(home, 'ca.pem');
  writeFileSync(ca, certificate.cert);
  const { code, output } = await runTool('python3', ['-c', python, `${pop3.server.address().port}`, ca]);
  rmSync(home, { recursive: true });
  expect(output.trim()).toBe('fine');
  expect(code).toBe(0);
});

it.skipIf(!installed('curl'))(
  'is what curl expects, by every mechanism it has (skips without curl)',
  async () => {
    const users = new Map([['a@x.test', 'secret']]);
    const pop3 = await startPop3({ users });
    await pop3.deliver(messages['dots']!);
    const url = `pop3://127.0.0.1:${pop3.server.address().port}/1`;
    for (const login of ['', 'AUTH=PLAIN', 'AUTH=LOGIN', 'AUTH=CRAM-MD5', 'AUTH=+APOP']) {
      const options = login === '' ? [] : ['--login-options', login];
      const { code, output } = await runTool('curl', ['-s', '-u', 'a@x.test:secret', ...options, url]);
      expect(code, login).toBe(0);
      expect(output).toBe(messages['dots']);
    }
    const bearer = await runTool('curl', [
      '-s',
      '-u',
      'a@x.test:',
      '--oauth2-bearer',
      'secret',
      '--login-options',
      'AUTH=XOAUTH2',
      url,
    ]);
    expect(bearer.output).toBe(messages['dots']);
    const { code } = await runTool('curl', ['-s', '-u', 'a@x.test:wrong', url]);
    expect(code).toBe(67);
  },
);
