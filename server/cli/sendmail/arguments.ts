/**
 * Parses those arguments of sendmail that programs use (PHP's `mail()`, cron, git, mail programs): short flags,
 * some with a value attached or as the next argument, and recipients. Flags that concern only a mail system
 * (queues, verbosity, configuration files) are accepted without effect; unknown flags are refused.
 */
import { CommandError } from '../error.ts';

/** The exit code for an invalid command line, as defined in sysexits.h. */
export const EX_USAGE = 64;

export interface SendmailArguments {
  /** The reverse-path from the flag `-f` or `-r`; `null` to use the sender in the message. */
  readonly from: string | null;
  readonly recipients: readonly string[];
  /**
   * Whether the flag `-t` was given: the recipients in To, Cc and Bcc are added, and the Bcc field is
   * removed.
   */
  readonly fromHeader: boolean;
  /** Whether the flag `-i` was given: a line with only a dot does not end the message. */
  readonly ignoreDots: boolean;
  /** Whether the flag `-bs` was given: the caller speaks SMTP on standard input. */
  readonly dialogue: boolean;
  /** The server's address from `-S HOST:PORT`; `null` to use the address in the configuration. */
  readonly server: string | null;
  /** The user name from the flag `-au`; the password is from the flag `-ap`. */
  readonly user: string | null;
  readonly password: string | null;
  /** The value of the flag `-N`: `never`, or a list of `success`, `failure` and `delay` (RFC 3461). */
  readonly notify: string | null;
  /** The value of the flag `-R`: `full` or `hdrs`. */
  readonly ret: string | null;
  /** The envelope id from the flag `-V`. */
  readonly envelopeId: string | null;
}

/**
 * The flags that have a value, which is attached or is the next argument. Longer names are first, because
 * `-au` begins like `-a`.
 */
const VALUED = ['au', 'ap', 'f', 'r', 'F', 'S', 'N', 'R', 'V', 'B', 'C', 'h', 'L', 'X', 'p', 'O', 'o'];
/**
 * Matches flags that have no effect in a sandbox: delivery modes, queue runs, configuration, debugging,
 * errors.
 */
const IGNORED = /^(?:bm|ba|A[cm]|q.*|e[mpqw]?|d.*)$/;
/** Matches flags of one letter, which may be combined as in `-ti`; all except `-t` and `-i` have no effect here. */
const LETTERS = /^[tivnmGU]+$/;

/**
 * The parsed arguments: the flags with their values (empty for a flag without a value), and the recipients.
 */
interface Given {
  readonly flags: Map<string, string>;
  readonly recipients: string[];
}

/**
 * Parses one flag. Returns whether the value of the flag is the following argument. Throws `CommandError` for
 * an unknown flag.
 */
function readFlag(flag: string, following: string | undefined, flags: Map<string, string>): boolean {
  if (LETTERS.test(flag)) {
    for (const letter of flag) flags.set(letter, '');
    return false;
  }
  if (flag === 'bs') {
    flags.set(flag, '');
    return false;
  }
  const valued = VALUED.find((name) => flag.startsWith(name));
  if (valued === undefined) {
    if (IGNORED.test(flag)) return false;
    throw new CommandError(`sendmail: unknown option -${flag}; see --help`, EX_USAGE);
  }
  const isBeside = flag.length > valued.length;
  const value = isBeside ? flag.slice(valued.length) : following;
  if (value === undefined) throw new CommandError(`sendmail: -${valued} requires a value`, EX_USAGE);
  flags.set(valued === 'o' && value === 'i' ? 'i' : valued, value);
  return !isBeside;
}

function readArguments(argv: readonly string[]): Given {
  const given: Given = { flags: new Map(), recipients: [] };
  let flagsAllowed = true;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (flagsAllowed && argument === '--') {
      flagsAllowed = false;
    } else if (!flagsAllowed || !argument.startsWith('-') || argument === '-') {
      given.recipients.push(...argument.split(',').map((address) => address.trim()));
    } else if (readFlag(argument.slice(1), argv[i + 1], given.flags)) {
      i++;
    }
  }
  return given;
}

/**
 * Parses the arguments of a sendmail call. Throws `CommandError` with `EX_USAGE` for an unknown flag or a
 * missing value.
 */
export function readSendmailArguments(argv: readonly string[]): SendmailArguments {
  const { flags: given, recipients } = readArguments(argv);
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
