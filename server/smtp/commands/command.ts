/** The interface of an SMTP command: its name and its implementation, which uses only the session. */
import type { Reply } from '../reply.ts';
import type { Session } from '../session.ts';

export interface SmtpCommand {
  readonly name: string;
  /**
   * Runs the command and returns its reply, or `null` when the reply is sent later. Throws an `SmtpReply` to
   * refuse the command.
   *
   * @param argument the text after the command's name, without blanks at both ends
   */
  run(session: Session, argument: string): Reply | null | Promise<Reply | null>;
}
