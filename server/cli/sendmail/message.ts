/** What a program gives to sendmail, as what is sent: line ends, the end of the message, envelope. */
import { parseMailboxes } from '../../message/address.ts';
import { headerValues, parseHeaders } from '../../message/header.ts';
import type { SendmailArguments } from './arguments.ts';

export interface Letter {
  readonly raw: Buffer;
  /** Empty for the null reverse-path. */
  readonly from: string;
  readonly to: readonly string[];
}

/** Up to a line with only a dot, unless such lines are to be ignored; CRLF at the end of every line. */
function textOf(input: Buffer, ignoreDots: boolean): string {
  const text = input.toString('latin1');
  const dot = ignoreDots ? null : /^\.\r?$/m.exec(text);
  return (dot === null ? text : text.slice(0, dot.index)).replaceAll(/\r?\n/g, '\r\n');
}

/** Without the fields of a name. */
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

/** Without angle brackets, and with a domain: cron writes to `root`. */
function complete(address: string, domain: string): string {
  const bare = address.replace(/^<(.*)>$/, '$1');
  return bare === '' || bare.includes('@') ? bare : `${bare}@${domain}`;
}

/**
 * @param user who calls, as the sender of last resort
 * @param domain of addresses that have none
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
