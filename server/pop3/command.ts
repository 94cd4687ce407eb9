/** The interface of a POP3 command: its name, the states in which it is allowed, and its implementation. */
import type { Pop3Session, Pop3State } from './session.ts';

export interface Pop3Command {
  readonly name: string;
  readonly states: readonly Pop3State[];
  /** Whether the arguments are credentials, which must not be logged. */
  readonly secret?: true;
  /**
   * Runs the command and writes its reply to the session. Throws `Pop3Refusal` for a refused command.
   *
   * @param words the words after the command's name
   * @param rest the text after the command's name and one space, unchanged
   */
  run(session: Pop3Session, words: readonly string[], rest: string): Promise<void>;
}
