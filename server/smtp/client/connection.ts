/** nodemailer's SMTPConnection, with what it leaves out. */
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/**
 * nodemailer announces SMTPUTF8 for the addresses of an envelope only, but a header in UTF-8 needs it too (RFC 6531
 * §3.4), and no option says so.
 */
export class Connection extends SMTPConnection {
  smtpUtf8 = false;

  _sendCommand(command: string, shown?: string): void {
    const needed = this.smtpUtf8 && command.startsWith('MAIL FROM:') && !command.includes(' SMTPUTF8');
    sendCommand.call(this, needed ? `${command} SMTPUTF8` : command, shown);
  }
}
const sendCommand = Reflect.get(SMTPConnection.prototype, '_sendCommand') as (
  this: SMTPConnection,
  command: string,
  shown?: string,
) => void;
