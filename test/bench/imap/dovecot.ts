/** Starts Debian's Dovecot on a free port, with a Maildir of the same messages, for the time of the measurement. */
import { spawnSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { sampleMessage } from '../load.ts';

export interface RunningDovecot {
  readonly port: number;
  stop(): void;
}

/** Starts Dovecot; resolves with `null` if it is not installed. */
export async function startDovecot(directory: string, messages: number): Promise<RunningDovecot | null> {
  if (spawnSync('dovecot', ['--version']).status !== 0) return null;
  const root = os.userInfo().uid === 0;
  const owner = root ? idsOf('mail') : { uid: os.userInfo().uid, gid: os.userInfo().gid };
  const port = await freePort();
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  fill(path.join(directory, 'mail/Maildir'), messages, owner);
  const own = root
    ? ''
    : `default_internal_user = ${os.userInfo().username}\ndefault_login_user = ${os.userInfo().username}\n`;
  const chroot = root ? '' : '  chroot =\n';
  const config = path.join(directory, 'dovecot.conf');
  writeFileSync(
    config,
    `base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${directory}/mail/Maildir
first_valid_uid = 1
mail_max_userip_connections = 100
${own}passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${directory}/mail allow_all_users=yes
}
service imap-login {
${chroot}  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
${chroot}}
`,
  );
  const child = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' });
  await untilOpen(port);
  return { port, stop: () => void child.kill('SIGTERM') };
}

function fill(maildir: string, messages: number, owner: { uid: number; gid: number }): void {
  for (const sub of ['cur', 'new', 'tmp']) mkdirSync(path.join(maildir, sub), { recursive: true });
  for (let serial = 0; serial < messages; serial++) {
    writeFileSync(
      path.join(maildir, 'cur', `${1_700_000_000 + serial}.M${serial}.bench:2,`),
      sampleMessage(serial),
    );
  }
  const home = path.dirname(maildir);
  chownSync(home, owner.uid, owner.gid);
  for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
    chownSync(path.join(home, name), owner.uid, owner.gid);
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('dovecot did not start');
}
