/**
 * The arguments of sendmail that programs give (PHP's `mail()`, cron, git, mail programs): short flags, some with a
 * value behind or beside them, and recipients. What only a mail system can act on (queues, verbosity,
 * configuration files) is taken and has no effect; what is not known is refused.
 */
import { CommandError } from '../error.ts';

/** Exit codes of sysexits.h, which callers of sendmail look at. */
export const EX_USAGE = 64;

export interface SendmailArguments {
  /** Reverse-path, `-f` or `-r`; `null` to take it from the message. */
  readonly from: string | null;
  readonly recipients: readonly string[];
  /** `-t`: recipients are also those of To, Cc and Bcc, and Bcc is taken out. */
  readonly fromHeader: boolean;
  /** `-i`: a line with only a dot does not end the message. */
  readonly ignoreDots: boolean;
  /** `-bs`: the caller speaks SMTP on standard input. */
  readonly dialogue: boolean;
  /** `-S HOST:PORT`, where the server is, if not where its options say. */
  readonly server: string | null;
  /** `-au` and `-ap`. */
  readonly user: string | null;
  readonly password: string | null;
  /** `-N`: `never`, or a list of success, failure, delay (RFC 3461). */
  readonly notify: string | null;
  /** `-R`: full or hdrs. */
  readonly ret: string | null;
  /** `-V`. */
  readonly envelopeId: string | null;
}

/** Flags with a value, beside them or behind; longest first, as `-au` begins like `-a`. */
const VALUED = ['au', 'ap', 'f', 'r', 'F', 'S', 'N', 'R', 'V', 'B', 'C', 'h', 'L', 'X', 'p', 'O', 'o'];
/** Flags that mean nothing to a sandbox: delivery modes, queue runs, configuration, debugging, errors. */
const IGNORED = /^(?:bm|ba|A[cm]|q.*|e[mpqw]?|d.*)$/;
/** Flags of one letter, which may stand together as in `-ti`; all but the first two mean nothing here. */
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
      if (value === undefined) throw new CommandError(`sendmail: -${valued} needs a value`, EX_USAGE);
      given.set(valued === 'o' && value === 'i' ? 'i' : valued, value);
    } else if (!IGNORED.test(flag)) {
      throw new CommandError(`sendmail: ${argument} is not known; see --help`, EX_USAGE);
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
