/**
 * Reads the arguments of sendmail that programs use (PHP's `mail()`, cron, git, mail programs): short flags, some
 * with a value attached or as the next argument, and recipients. Flags that only concern a mail system (queues,
 * verbosity, configuration files) are accepted without effect; unknown flags are refused.
 */
import { CommandError } from '../error.ts';

/** The exit code of sysexits.h for an invalid command line. */
export const EX_USAGE = 64;

export interface SendmailArguments {
  /** The reverse-path from `-f` or `-r`; `null` to use the sender in the message. */
  readonly from: string | null;
  readonly recipients: readonly string[];
  /** Whether `-t` was given: the recipients in To, Cc and Bcc are added, and the Bcc field is removed. */
  readonly fromHeader: boolean;
  /** Whether `-i` was given: a line with only a dot does not end the message. */
  readonly ignoreDots: boolean;
  /** Whether `-bs` was given: the caller uses SMTP on standard input. */
  readonly dialogue: boolean;
  /** The server's address from `-S HOST:PORT`; `null` to use that of the configuration. */
  readonly server: string | null;
  /** The user name from `-au`; `password` is that from `-ap`. */
  readonly user: string | null;
  readonly password: string | null;
  /** The value of `-N`: `never`, or a list of success, failure, delay (RFC 3461). */
  readonly notify: string | null;
  /** The value of `-R`: `full` or `hdrs`. */
  readonly ret: string | null;
  /** The envelope id from `-V`. */
  readonly envelopeId: string | null;
}

/**
 * The flags with a value, which is attached or the next argument; longer names first, because `-au` begins like
 * `-a`.
 */
const VALUED = ['au', 'ap', 'f', 'r', 'F', 'S', 'N', 'R', 'V', 'B', 'C', 'h', 'L', 'X', 'p', 'O', 'o'];
/** Matches flags without effect in a sandbox: delivery modes, queue runs, configuration, debugging, errors. */
const IGNORED = /^(?:bm|ba|A[cm]|q.*|e[mpqw]?|d.*)$/;
/** Matches flags of one letter, which may be combined as in `-ti`; all except `-t` and `-i` have no effect here. */
const LETTERS = /^[tivnmGU]+$/;

export function readSendmailArguments(argv: readonly string[]): SendmailArguments {
  const given = new Map<string, string>();
  const recipients: string[] = [];
  let flags = true;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (flags && argument === '--') {
      flags = false;
      continue;
    }
    if (!flags || !argument.startsWith('-') || argument === '-') {
      recipients.push(...argument.split(',').map((address) => address.trim()));
      continue;
    }
    const flag = argument.slice(1);
    if (LETTERS.test(flag)) {
      for (const letter of flag) given.set(letter, '');
      continue;
    }
    if (flag === 'bs') {
      given.set(flag, '');
      continue;
    }
    const valued = VALUED.find((name) => flag.startsWith(name));
    if (valued !== undefined) {
      const value = flag.length > valued.length ? flag.slice(valued.length) : argv[++i];
      if (value === undefined) throw new CommandError(`sendmail: -${valued} requires a value`, EX_USAGE);
      given.set(valued === 'o' && value === 'i' ? 'i' : valued, value);
    } else if (!IGNORED.test(flag)) {
      throw new CommandError(`sendmail: unknown option ${argument}; see --help`, EX_USAGE);
    }
  }
  return {
    from: given.get('f') ?? given.get('r') ?? null,
    recipients: recipients.filter((address) => address !== ''),
    fromHeader: given.has('t'),
    ignoreDots: given.has('i'),
    dialogue: given.has('bs'),
    server: given.get('S') ?? null,
    user: given.get('au') ?? null,
    password: given.get('ap') ?? null,
    notify: given.get('N') ?? null,
    ret: given.get('R') ?? null,
    envelopeId: given.get('V') ?? null,
  };
}
