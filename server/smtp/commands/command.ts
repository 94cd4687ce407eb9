/** What a command is: a name and what it does. The connection is its whole world. */
import type { Reply } from '../reply.ts';
import type { Session } from '../session.ts';

export interface SmtpCommand {
  readonly name: string;
  /**
   * Does the command and returns its reply; `null` where the reply comes later. Throws an `SmtpReply` to refuse.
   * @param argument what follows the name, trimmed at both ends.
   */
  run(session: Session, argument: string): Reply | null | Promise<Reply | null>;
}
