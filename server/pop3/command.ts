/** What a POP3 command is: a name, the state it belongs to, and what it does. */
import type { Pop3Session, Pop3State } from './session.ts';

export interface Pop3Command {
  readonly name: string;
  readonly states: readonly Pop3State[];
  /** Its words are credentials: they stay out of the log. */
  readonly secret?: true;
  /**
   * Writes its answer to the session. Throws `Pop3Refusal`.
   * @param rest what follows the command and one space, as it came
   */
  run(session: Pop3Session, words: readonly string[], rest: string): Promise<void>;
}
