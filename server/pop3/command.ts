/** What a POP3 command is: a name, the state it belongs to, and what it does. */
import type { Pop3Session } from './session.ts';

/** RFC 1939 §3: before login, and after it. */
export type Pop3State = 'authorization' | 'transaction';

export interface Pop3Command {
  readonly name: string;
  readonly states: readonly Pop3State[];
  /** Writes its answer to the session. Throws `Pop3Refusal`. */
  run(session: Pop3Session, words: readonly string[], line: string): Promise<void>;
}
