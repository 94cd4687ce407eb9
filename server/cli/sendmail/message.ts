/**
 * Converts the input of sendmail to a message and its envelope: line endings, the end of the message, sender and
 * recipients.
 */
import { parseMailboxes } from '../../message/address.ts';
import { headerValues, parseHeaders } from '../../message/header.ts';
import type { SendmailArguments } from './arguments.ts';

export interface Letter {
  readonly raw: Buffer;
  /** The sender's address; empty for the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Returns the text of the message with CRLF at the end of every line. The text ends before a line with only a
 * dot, unless `ignoreDots` is true.
 */
function textOf(input: Buffer, ignoreDots: boolean): string {
  const text = input.toString('latin1');
  const dot = ignoreDots ? null : /^\.\r?$/m.exec(text);
  return (dot === null ? text : text.slice(0, dot.index)).replaceAll(/\r?\n/g, '\r\n');
}

/** Returns the message without the header fields whose name matches the expression. */
function without(text: string, name: RegExp): string {
  let kept = '';
  let from = 0;
  for (const field of parseHeaders(Buffer.from(text, 'latin1'))) {
    if (!name.test(field.name)) continue;
    kept += text.slice(from, field.start);
    from = field.end;
  }
  return kept + text.slice(from);
}

/**
 * Returns an address without angle brackets and with a domain: cron, for example, sends to `root` without a
 * domain.
 */
function complete(address: string, domain: string): string {
  const bare = address.replace(/^<(.*)>$/, '$1');
  return bare === '' || bare.includes('@') ? bare : `${bare}@${domain}`;
}

/**
 * Converts the input of sendmail to the message and envelope to send.
 *
 * @param user the calling user, who is the sender if neither an option nor the message names one
 * @param domain the domain that is added to addresses without one
 */
export function letterOf(input: Buffer, options: SendmailArguments, user: string, domain: string): Letter {
  const text = textOf(input, options.ignoreDots);
  const headers = parseHeaders(Buffer.from(text, 'latin1'));
  const addresses = (name: string): string[] =>
    headerValues({ headers }, name).flatMap((value) => parseMailboxes(value).map(({ address }) => address));
  const named = options.fromHeader ? ['to', 'cc', 'bcc'].flatMap(addresses) : [];
  const author = addresses('sender')[0] ?? addresses('from')[0] ?? user;
  return {
    raw: Buffer.from(options.fromHeader ? without(text, /^bcc$/i) : text, 'latin1'),
    from: complete(options.from ?? author, domain),
    to: [...new Set([...options.recipients, ...named].map((to) => complete(to, domain)))],
  };
}
