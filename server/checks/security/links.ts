/**
 * The security rules about links: finds links whose visible text suggests another target than the real one.
 */
import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import type { Finding } from '../../message/finding.ts';
import { addressesOf, type MailAddressed } from '../addresses.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { find, type SecurityRule } from './catalogue.ts';

const SHORTENERS = new Set(
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly tiny.cc rb.gy shorturl.at t.ly s.id lnkd.in'.split(
    ' ',
  ),
);
/** Matches the first label of public suffixes that have two labels, such as co.uk. */
const SECOND_LEVEL = /^(?:co|com|org|net|ac|gov|edu|gob|or|ne)$/;
/** Matches a link text that is itself a host name or a URL: `www.bank.test`, `https://bank.test/login`. */
const NAMES_SITE = /^(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/?#:]\S*)?$/i;

/** Returns approximately the domain under which a host name is registered, to compare two hosts. */
function siteOf(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const second = labels.at(-2) ?? '';
  return labels.slice(SECOND_LEVEL.test(second) && labels.length > 2 ? -3 : -2).join('.');
}

/**
 * Whether one label of a host name mixes scripts whose letters look alike (UTS #39 §5.2, without its
 * exceptions).
 */
function mixesScripts(host: string): boolean {
  return host.split('.').some((label) => {
    const scripts = [
      /\p{Script=Latin}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Greek}/u,
      /\p{Script=Armenian}/u,
    ];
    return scripts.filter((script) => script.test(label)).length > 1;
  });
}

/**
 * Whether a label of a host name contains non-ASCII letters, and all its letters look like Latin letters, as
 * in аррӏе.
 */
const isAllLookAlike = (label: string): boolean =>
  /[^\x20-\x7f]/.test(label) && /^[асԁеһіјӏорԛѕυνԝхуᴦ0-9-]+$/u.test(label);

export function domainRule(host: string): SecurityRule | null {
  const shown = domainToUnicode(host.toLowerCase()) || host;
  if (mixesScripts(shown) || shown.split('.').some(isAllLookAlike)) return 'look-alike-domain';
  return /(?:^|\.)xn--/i.test(host) ? 'punycode-domain' : null;
}

function* findingsOf({ url, text, element, use, place }: MailAddressed): Generator<Finding> {
  if (url === null || !/^https?:$/.test(url.protocol)) return;
  const { hostname, host } = url;
  if (url.username !== '' || url.password !== '') {
    yield find('credentials-in-link', place(), {
      message: `A link to ${host} contains a user name or a password`,
    });
  }
  const domain = domainRule(hostname);
  if (domain !== null) {
    const shown = domainToUnicode(hostname) || hostname;
    yield find(domain, place(), { message: `Mail clients may display ${hostname} as ${shown}` });
  }
  if (use !== 'link') return;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    yield find('address-link', place(), { message: `A link leads to the IP address ${hostname}` });
  }
  if (SHORTENERS.has(hostname.toLowerCase())) yield find('link-shortener', place());
  const named = element === null ? undefined : NAMES_SITE.exec(text.trim())?.[1];
  if (named !== undefined && siteOf(named) !== siteOf(hostname)) {
    yield find('mismatched-link', place(), { message: `A link with the text ${named} leads to ${hostname}` });
  }
}

export function* linkFindings(message: CheckedMessage): Generator<Finding> {
  const told = new Set<string>();
  for (const address of addressesOf(message)) {
    for (const finding of findingsOf(address)) {
      const key = `${finding.rule} ${finding.message}`;
      if (told.has(key)) continue;
      told.add(key);
      yield finding;
    }
  }
}
