/** What the types refuse is refused in plain JavaScript, too: a mistyped criterion would match everything. */
import { expect, it } from 'vitest';
import { connect, startSandbox } from '../../sdk/index.ts';
import { sandboxForTest, sendMail } from './application.ts';

/** As plain JavaScript passes it. */
const untyped = (value: unknown): never => value as never;

it('refuses a criterion, an option or a choice that there is not, at once, and names the nearest', async () => {
  const sandbox = await sandboxForTest();
  const inbox = await sandbox.createInbox();
  await sendMail(sandbox, { to: inbox.address });
  await expect(inbox.waitFor(untyped({ subjct: 'zzz' }))).rejects.toThrow(
    'There is no criterion "subjct"; did you mean subject? There are query, from, to,',
  );
  await expect(inbox.waitFor(undefined, untyped({ timout: 5 }))).rejects.toThrow(
    'There is no option "timout"; did you mean timeout? There are timeout, signal and after',
  );
  await expect(inbox.waitFor(untyped({ subject: 'x', timeout: 5 }))).rejects.toThrow(
    '"timeout" is an option, not a criterion: it goes into the next argument, { timeout: … }',
  );
  await expect(inbox.waitForCode(untyped({ timeout: 5 }))).rejects.toThrow('"timeout" is an option');
  await expect(inbox.waitForCode(untyped({ lenght: 6 }))).rejects.toThrow(
    'There is no choice "lenght"; did you mean length? There are near and length',
  );
  await expect(inbox.waitForLink(untyped({ kind: 'verfy' }))).rejects.toThrow(
    'There is no kind "verfy"; did you mean verify? There are verify, reset, signin,',
  );
  await expect(inbox.waitForNone(undefined, untyped({ quietfor: 5 }))).rejects.toThrow(
    'did you mean quietFor? There are timeout, signal, after and quietFor',
  );
  await expect(inbox.waitForOne(undefined, untyped({ xxxxxxxx: 5 }))).rejects.toThrow(
    'There is no option "xxxxxxxx". There are timeout,',
  );
  await expect(inbox.waitFor(untyped(null))).rejects.toThrow('null is nothing to look for');
  await expect(inbox.waitForCode({}, untyped({ wnted: '' }))).rejects.toThrow('did you mean wanted?');
  const message = await inbox.waitFor();
  expect(() => message.link(untyped({ kind: 'verfy' }))).toThrow('did you mean verify?');
  expect(() => message.code(untyped({ nera: 'x' }))).toThrow('did you mean near?');
});

it('does so of sandboxes and inboxes', async () => {
  await expect(startSandbox(untyped({ smtpPrt: 5 }))).rejects.toThrow(
    'There is no option "smtpPrt"; did you mean smtpPort? There are ',
  );
  const sandbox = await sandboxForTest();
  await expect(connect(sandbox.url, untyped({ tiemout: 5 }))).rejects.toThrow('did you mean timeout?');
  await expect(sandbox.createInbox(untyped({ adress: 'a@x.test' }))).rejects.toThrow('did you mean address?');
});

it('refuses the inbox of what is no address, as it refuses to make one', async () => {
  const sandbox = await sandboxForTest();
  await expect(sandbox.createInbox({ address: 'foo' })).rejects.toThrow('foo is no address');
  expect(() => sandbox.inbox('foo')).toThrow('foo is no address');
  for (const nothing of ['', ' ', undefined]) {
    expect(() => sandbox.inbox(untyped(nothing))).toThrow('inbox() takes an address');
  }
  for (const address of ['all', 'Postmaster', '"a b"@x.test', ' Ann@x.test ', 'a@[127.0.0.1]']) {
    expect(sandbox.inbox(address).account).toBe(address.trim().toLowerCase());
  }
});

it('names the option of a port that is taken as the SDK spells it', async () => {
  const { smtp, url } = await sandboxForTest();
  await expect(startSandbox({ smtpPort: smtp.port })).rejects.toThrow(
    `Port ${smtp.port} on 127.0.0.1 is in use by another program: choose another with smtpPort`,
  );
  await expect(startSandbox({ httpPort: Number(new URL(url).port) })).rejects.toThrow(
    'another with httpPort',
  );
});
