/**
 * The definition of an IMAP command: its name, the states in which it is allowed, its grammar, and the function
 * that runs it. Each command has a file of its own in this folder.
 */
import type { Decoder } from '../wire/decoder.ts';
import { decodeName, normalizeName } from '../wire/mailbox-name.ts';
import type { ResponseCode } from '../wire/response.ts';
import { parseSequenceSet, parseUidSet, type MessageSet } from '../wire/sequence-set.ts';
import type { Session, State } from '../session/session.ts';

export const NOT_AUTHENTICATED: readonly State[] = ['not-authenticated'];
export const AUTHENTICATED: readonly State[] = ['authenticated', 'selected'];
export const SELECTED: readonly State[] = ['selected'];
export const ANY_STATE: readonly State[] = ['not-authenticated', 'authenticated', 'selected'];

/** The properties of a session and of a command that determine how the arguments of the command are parsed. */
export interface Syntax {
  /** Whether the command has the UID prefix: in this case its message sets are sets of UIDs. */
  readonly uid: boolean;
  /** Whether the client has enabled UTF8=ACCEPT: in this case mailbox names are UTF-8. */
  readonly utf8: boolean;
}

export interface Call extends Syntax {
  readonly tag: string;
}

/**
 * The tagged response of a command; the default is `OK` without a response code, with the command's name and
 * "completed".
 */
export interface Completion {
  readonly kind?: 'OK' | 'NO';
  readonly code?: ResponseCode;
  readonly text?: string;
}

/** Result of a command: the tagged response to send, or `answered` if the command has already sent it. */
export type Outcome = Completion | 'answered' | undefined;

interface CommandDefinition<Args> {
  /** Name of the command in upper case. */
  readonly name: string;
  readonly states: readonly State[];
  /** Whether the command also exists with the UID prefix. */
  readonly uid?: boolean;
  /**
   * Whether EXPUNGE responses may be sent at the end of the command: always, or only with the UID prefix (RFC 9051
   * §7.5.1).
   */
  readonly expunges?: 'always' | 'with-uid';
  /** Capabilities that the server announces because it implements this command. */
  readonly capabilities?: readonly string[];
  parse(decoder: Decoder, syntax: Syntax): Args;
  run(session: Session, args: Args, call: Call): Promise<Outcome>;
}

/** A command whose `parse` and `run` are combined in `prepare`, which hides the type of the command's arguments. */
export interface Command extends Pick<CommandDefinition<unknown>, 'name' | 'states' | 'capabilities'> {
  readonly uid: boolean;
  readonly expunges: 'always' | 'with-uid';
  /** Parses the command's arguments to the end of the command. The returned function runs the command. */
  prepare(decoder: Decoder, syntax: Syntax): (session: Session, call: Call) => Promise<Outcome>;
}

export function command<Args>(definition: CommandDefinition<Args>): Command {
  const { name, states, capabilities = [], uid = false, expunges = 'always' } = definition;
  return {
    name,
    states,
    capabilities,
    uid,
    expunges,
    prepare(decoder, syntax) {
      const args = definition.parse(decoder, syntax);
      decoder.end();
      return (session, call) => definition.run(session, args, call);
    },
  };
}

/** Parses a command without arguments. Arguments that a client sends nevertheless are ignored. */
export function noArguments(decoder: Decoder): undefined {
  decoder.skipRest();
  return undefined;
}

/** Parses a mailbox name and returns its normalized form. */
export function mailboxArgument(decoder: Decoder, syntax: Pick<Syntax, 'utf8'>): string {
  return normalizeName(decodeName(decoder.astring(), syntax.utf8));
}

/** Parses a set of messages: UIDs if the command has the UID prefix, otherwise sequence numbers. */
export function setArgument(decoder: Decoder, { uid }: Pick<Syntax, 'uid'>): MessageSet {
  const text = decoder.sequenceText();
  return uid ? parseUidSet(text) : parseSequenceSet(text);
}
