/**
 * Whether two spellings name the same mailbox, as the server decides it (server/message/canonical-address.ts), in a
 * form that works in browsers too: NFC, lower case, the domain with A-labels (RFC 5890 §2.3.2.1).
 */

const ASCII = /^[!-~]*$/;
/** Characters that end or change the host of a URL. */
const NOT_OF_A_DOMAIN = /[\s/\\?#:%@[\]<>^|]/;
const LAST_DOT = /[.\u3002\uff0e\uff61]$/;
/** A quoted local part that needs no quotes (RFC 5321 §4.1.2). */
const NEEDLESS_QUOTES = /^"([^\s"(),:;<>@[\\\].]+(?:\.[^\s"(),:;<>@[\\\].]+)*)"$/u;

const lower = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

function domainKey(text: string): string {
  const domain = text.replace(LAST_DOT, '');
  if (ASCII.test(domain) || NOT_OF_A_DOMAIN.test(domain)) return lower(domain);
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : lower(domain);
}

/** Equal for two spellings of one address; not for showing. */
export function addressKey(address: string): string {
  const text = address.trim();
  const at = text.lastIndexOf('@') + 1;
  if (at === 0) return lower(text);
  const local = text.slice(0, at - 1);
  return `${lower(NEEDLESS_QUOTES.exec(local)?.[1] ?? local)}@${domainKey(text.slice(at))}`;
}
