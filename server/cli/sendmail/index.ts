/**
 * `restante sendmail`: replaces `/usr/sbin/sendmail` for programs that pipe their mail to it. The message is
 * sent to the running server that the configuration or `-S HOST:PORT` names. The message is not changed
 * except for line endings and, with `-t`, the removal of the Bcc field.
 */
import { once } from 'node:events';
import net from 'node:net';
import { hostname, userInfo } from 'node:os';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { resolveConfig } from '../../config/index.ts';
import { CommandError } from '../error.ts';
import { EX_USAGE, readSendmailArguments, type SendmailArguments } from './arguments.ts';
import { letterOf, type Letter } from './message.ts';

/**
 * Exit codes as defined in sysexits.h: after `EX_TEMPFAIL`, the caller tries again later; after
 * `EX_UNAVAILABLE`, it does not.
 */
const EX_UNAVAILABLE = 69;
const EX_TEMPFAIL = 75;
/** The time after which a connection to a server that does not respond is given up, in milliseconds. */
const TIMEOUT = 30_000;

interface Server {
  readonly host: string;
  readonly port: number;
}

/**
 * Returns the address of the server: from the flag `-S`, or else from the configuration that the server also
 * reads.
 */
function serverOf(address: string | null): Server {
  if (address !== null) {
    const match = /^(?:\[([^\]]+)\]|([^:]+)|):?(\d{1,5})?$/.exec(address);
    if (match === null) throw new CommandError(`sendmail: -S ${address} must be HOST:PORT`, EX_USAGE);
    return { host: match[1] ?? match[2] ?? '127.0.0.1', port: Number(match[3] ?? 1025) };
  }
  const { config } = resolveConfig({ argv: [], env: process.env, cwd: process.cwd() });
  if (config.smtpPort === null) throw new CommandError('sendmail: the SMTP port is off', EX_UNAVAILABLE);
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  return { host: everywhere ? '127.0.0.1' : config.host, port: config.smtpPort };
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Implements the flag `-bs`: connects standard input and output to the server, so that the calling program can
 * speak SMTP with the server.
 */
async function passThrough({ host, port }: Server): Promise<number> {
  const socket = net.connect(port, host);
  await once(socket, 'connect').catch((error: unknown) => unreachable({ host, port }, error));
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
  await once(socket, 'close');
  return 0;
}

function unreachable({ host, port }: Server, error: unknown): never {
  const reason = (error as Error).message;
  throw new CommandError(`sendmail: no server at ${host}:${port} (${reason}); is it running?`, EX_TEMPFAIL);
}

type Failure = Error & { readonly responseCode?: number | undefined };

/** Returns a promise for a step of the SMTP client, which reports the end of the step by a callback. */
const step = <T>(act: (done: (error: Failure | null | undefined, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    act((error, value) => (error == null ? resolve(value as T) : reject(error)));
  });

async function send(server: Server, letter: Letter, options: SendmailArguments): Promise<void> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({
    ...server,
    name: hostname(),
    ignoreTLS: true,
    connectionTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  });
  const failed = new Promise<never>((_, reject) => connection.once('error', reject));
  const { user, password, notify, ret, envelopeId } = options;
  const dsn = {
    ...(notify !== null && { notify: notify.toUpperCase() }),
    ...(ret !== null && { ret: ret.toUpperCase() }),
    ...(envelopeId !== null && { envid: envelopeId }),
  };
  const envelope = {
    from: letter.from,
    to: [...letter.to],
    ...(Object.keys(dsn).length > 0 && { dsn }),
  } as SMTPConnection.Envelope;
  const talk = async (): Promise<void> => {
    await step<undefined>((done) => connection.connect(done));
    if (user !== null) await step((done) => connection.login({ user, pass: password ?? '' }, done));
    const info = await step<SMTPConnection.SentMessageInfo>((done) =>
      connection.send(envelope, letter.raw, done),
    );
    const [refused] = info.rejectedErrors ?? [];
    if (refused !== undefined) throw refused;
  };
  try {
    await Promise.race([talk(), failed]);
  } catch (error) {
    const { responseCode, message } = error as Failure;
    if (responseCode === undefined) unreachable(server, error);
    throw new CommandError(`sendmail: ${message}`, responseCode < 500 ? EX_TEMPFAIL : EX_UNAVAILABLE);
  } finally {
    connection.close();
  }
}

export async function sendmail(argv: readonly string[]): Promise<number> {
  const options = readSendmailArguments(argv);
  const server = serverOf(options.server);
  if (options.dialogue) return passThrough(server);
  const letter = letterOf(await standardInput(), options, userInfo().username, hostname());
  if (letter.to.length === 0) {
    const advice = options.fromHeader
      ? 'To, Cc and Bcc contain no addresses'
      : 'pass addresses as arguments, or use -t to read them from the header';
    throw new CommandError(`sendmail: no recipients; ${advice}`, EX_USAGE);
  }
  await send(server, letter, options);
  return 0;
}
