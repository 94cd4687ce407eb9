/** What a command is: its name, the states it is allowed in, its grammar and its work. One file each in `commands/`. */
import type { Decoder } from '../wire/decoder.ts';
import { decodeName, normalizeName } from '../wire/mailbox-name.ts';
import type { ResponseCode } from '../wire/response.ts';
import { parseSequenceSet, parseUidSet, type MessageSet } from '../wire/sequence-set.ts';
import type { Session, State } from '../session/session.ts';

export const NOT_AUTHENTICATED: readonly State[] = ['not-authenticated'];
export const AUTHENTICATED: readonly State[] = ['authenticated', 'selected'];
export const SELECTED: readonly State[] = ['selected'];
export const ANY_STATE: readonly State[] = ['not-authenticated', 'authenticated', 'selected'];

/** What the grammar of a command depends on besides its text. */
export interface Syntax {
  /** Given with the UID prefix: sets are of UIDs. */
  readonly uid: boolean;
  /** The client enabled UTF8=ACCEPT: mailbox names are UTF-8. */
  readonly utf8: boolean;
}

export interface Call extends Syntax {
  readonly tag: string;
}

/** The tagged response; by default `OK`, no code, and the command's name with "completed". */
export interface Completion {
  readonly kind?: 'OK' | 'NO';
  readonly code?: ResponseCode;
  readonly text?: string;
}

/** `answered` when the command has sent its tagged response itself. */
export type Outcome = Completion | 'answered' | undefined;

export interface CommandDefinition<Args> {
  /** In upper case. */
  readonly name: string;
  readonly states: readonly State[];
  /** Whether the command also comes with the UID prefix. */
  readonly uid?: boolean;
  /** Only with the UID prefix or without may departures be told of at its end (RFC 9051 §7.5.1). */
  readonly expunges?: 'always' | 'with-uid';
  /** What a client may use because this command is here: names for CAPABILITY. */
  readonly capabilities?: readonly string[];
  parse(decoder: Decoder, syntax: Syntax): Args;
  run(session: Session, args: Args, call: Call): Promise<Outcome>;
}

/** A command whose arguments are between its own parse and run. */
export interface Command extends Pick<CommandDefinition<unknown>, 'name' | 'states' | 'capabilities'> {
  readonly uid: boolean;
  readonly expunges: 'always' | 'with-uid';
  /** Parses to the end of the command; what is returned does the work. */
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

/** The grammar of commands without arguments. Arguments that a client sends all the same are passed over. */
export function noArguments(decoder: Decoder): undefined {
  decoder.skipRest();
  return undefined;
}

/** A mailbox name, normalized. */
export function mailboxArgument(decoder: Decoder, syntax: Pick<Syntax, 'utf8'>): string {
  return normalizeName(decodeName(decoder.astring(), syntax.utf8));
}

/** A set of messages: of UIDs after the UID prefix. */
export function setArgument(decoder: Decoder, { uid }: Pick<Syntax, 'uid'>): MessageSet {
  const text = decoder.sequenceText();
  return uid ? parseUidSet(text) : parseSequenceSet(text);
}
