/**
 * Tests that values which the types refuse are refused in plain JavaScript, too: a mistyped criterion would match
 * everything.
 */
import { expect, it, onTestFinished } from 'vitest';
import { connect, startSandbox } from '../../sdk/index.ts';
import { sandboxForTest, sendMail } from './application.ts';

/** Removes the type of a value, as in plain JavaScript. */
const untyped = (value: unknown): never => value as never;

it('refuses an unknown criterion, option or choice at once and names the most similar one', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, { to: inbox.address });
  await expect(inbox.waitFor(untyped({ subjct: 'zzz' }))).rejects.toThrow(
    'Unknown criterion "subjct"; did you mean subject? Known: query, from, to,',
  );
  await expect(inbox.waitFor(undefined, untyped({ timout: 5 }))).rejects.toThrow(
    'Unknown option "timout"; did you mean timeout? Known: timeout, signal and after',
  );
  await expect(inbox.waitFor(untyped({ subject: 'x', timeout: 5 }))).rejects.toThrow(
    '"timeout" is an option, not a criterion: pass it in the next argument, { timeout: … }',
  );
  await expect(inbox.waitForCode(untyped({ timeout: 5 }))).rejects.toThrow('"timeout" is an option');
  await expect(inbox.waitForCode(untyped({ lenght: 6 }))).rejects.toThrow(
    'Unknown choice "lenght"; did you mean length? Known: near and length',
  );
  await expect(inbox.waitForLink(untyped({ kind: 'verfy' }))).rejects.toThrow(
    'Unknown kind "verfy"; did you mean verify? Known: verify, reset, signin,',
  );
  await expect(inbox.waitForNone(undefined, untyped({ quietfor: 5 }))).rejects.toThrow(
    'did you mean quietFor? Known: timeout, signal, after and quietFor',
  );
  await expect(inbox.waitForOne(undefined, untyped({ xxxxxxxx: 5 }))).rejects.toThrow(
    'Unknown option "xxxxxxxx". Known: timeout,',
  );
  await expect(inbox.waitFor(untyped(null))).rejects.toThrow('Cannot wait for null');
  await expect(inbox.waitForCode({}, untyped({ wnted: '' }))).rejects.toThrow('did you mean wanted?');
  const message = await inbox.waitFor();
  expect(() => message.link(untyped({ kind: 'verfy' }))).toThrow('did you mean verify?');
  expect(() => message.code(untyped({ nera: 'x' }))).toThrow('did you mean near?');
});

it('refuses unknown options of sandboxes and inboxes', async () => {
  await expect(startSandbox(untyped({ smtpPrt: 5 }))).rejects.toThrow(
    'Unknown option "smtpPrt"; did you mean smtpPort? Known: ',
  );
  const sandbox = await sandboxForTest();
  await expect(connect(sandbox.url, untyped({ tiemout: 5 }))).rejects.toThrow('did you mean timeout?');
  await expect(sandbox.createInbox(untyped({ adress: 'a@x.test' }))).rejects.toThrow('did you mean address?');
});

it('refuses invalid values of options, and parses texts as the server does', async () => {
  for (const [options, problem] of [
    [{ smtpPort: 'abc' }, 'smtpPort must be a port from 0 (any free port) to 65535, or off, not "abc"'],
    [{ imapPort: 70_000 }, 'imapPort must be a port from 0'],
    [{ relayPort: null }, 'relayPort must be a port from 1 to 65535, not "off"'],
    [{ memory: 'maybe' }, 'memory must be true or false, not "maybe"'],
    [{ fsync: 2 }, 'fsync must be true or false, not "2"'],
    [{ maxMessages: -1 }, 'maxMessages must be a whole number, or text as on the command line, not -1'],
    [{ maxAge: '7 fortnights' }, 'maxAge must be a duration such as 30s, 12h or 7d, not "7 fortnights"'],
    [{ tls: true }, 'tls must be text, not true'],
    [{ tls: 'on' }, 'tls must be one of off, auto, not "on"'],
    [{ auth: 'ann:secret' }, 'auth must be a list, not "ann:secret"'],
    [{ relayAllow: [5] }, 'relayAllow must be a list of text, not 5'],
    [{ tlsCert: 'cert.pem' }, 'tlsCert and tlsKey require each other: give both or neither'],
    [{ memory: true, data: 'mail' }, 'memory keeps nothing on disk: leave out data'],
  ] as const) {
    await expect(startSandbox(untyped(options)), JSON.stringify(options)).rejects.toThrow(problem);
  }
  const texts = {
    maxAge: '7d',
    imapPort: 'off',
    webAuth: 'ann:se:cret',
    auth: ['bob:x'],
    pop3Port: undefined,
  };
  const sandbox = await startSandbox(untyped(texts));
  onTestFinished(() => sandbox.close());
  expect(sandbox.endpoints.map(({ protocol }) => protocol).sort()).toEqual(['http', 'pop3', 'smtp']);
  // With the value `undefined`, the option has the default of the SDK: a free port.
  expect(sandbox.endpoints.find(({ protocol }) => protocol === 'pop3')?.port).not.toBe(1110);
  await expect(connect(sandbox.url)).rejects.toThrow();
  await connect(sandbox.url, { auth: { user: 'ann', password: 'se:cret' } });
});

it('refuses text instead of an object', async () => {
  await expect(startSandbox(untyped('memory'))).rejects.toThrow(
    '"memory" is not a valid option: write { timeout: …, … }',
  );
  const sandbox = await sandboxForTest();
  await expect(sandbox.createInbox(untyped('ann@x.test'))).rejects.toThrow(
    '"ann@x.test" is not a valid option: write { address: …, … }',
  );
  const inbox = await sandbox.createInbox();
  await expect(inbox.waitFor(undefined, untyped(500))).rejects.toThrow('500 is not a valid option');
  await expect(inbox.waitForLink(untyped('verify'))).rejects.toThrow(
    '"verify" is not a valid choice: write { kind: …, … }',
  );
});

it('reports calls after the sandbox was closed', async () => {
  const sandbox = await startSandbox();
  const inbox = await sandbox.createInbox();
  await sandbox.close();
  for (const call of [
    () => sandbox.createInbox(),
    () => inbox.list(),
    () => inbox.send({ to: 'a@x.test' }),
  ]) {
    await expect(call()).rejects.toThrow('The sandbox was closed');
  }
});

it('refuses an inbox whose address is invalid, as it refuses to create one', async () => {
  const sandbox = await sandboxForTest();
  await expect(sandbox.createInbox({ address: 'foo' })).rejects.toThrow('foo is not a valid address');
  expect(() => sandbox.inbox('foo')).toThrow('foo is not an address');
  for (const nothing of ['', ' ', undefined]) {
    expect(() => sandbox.inbox(untyped(nothing))).toThrow('inbox() needs an address');
  }
  for (const address of ['all', 'Postmaster', '"a b"@x.test', ' Ann@x.test ', 'a@[127.0.0.1]']) {
    expect(sandbox.inbox(address).account).toBe(address.trim().toLowerCase());
  }
});

it('names the option of a port that is in use as the SDK spells it', async () => {
  const { smtp, url } = await sandboxForTest();
  await expect(startSandbox({ smtpPort: smtp.port })).rejects.toThrow(
    new RegExp(`^Port ${smtp.port} on 127.0.0.1 is in use by .*: choose another with smtpPort$`),
  );
  await expect(startSandbox({ httpPort: Number(new URL(url).port) })).rejects.toThrow(
    'another with httpPort',
  );
});
