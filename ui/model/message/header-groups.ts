/** Groups header fields by topic, so that the important fields are easy to find. */
import type { Header } from '../../../contract/index.ts';
import type { strings as s } from '../../strings.ts';

export type HeaderGroup = keyof typeof s.headers.groups;

const GROUPS: readonly (readonly [HeaderGroup, RegExp])[] = [
  [
    'main',
    /^(from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|comments|keywords)$/,
  ],
  ['routing', /^(received|return-path|delivered-to|x-original-to|resent-.*|x-received|x-originating-ip)$/],
  [
    'auth',
    /^(dkim-signature|arc-.*|authentication-results|received-spf|x-google-dkim-signature|domainkey-signature)$/,
  ],
  ['list', /^(list-.*|precedence|auto-submitted|x-auto-response-suppress|feedback-id)$/],
  ['content', /^(mime-version|content-.*)$/],
];
const ORDER: readonly HeaderGroup[] = ['main', 'list', 'auth', 'routing', 'content', 'other'];

const groupOf = (name: string): HeaderGroup =>
  GROUPS.find(([, pattern]) => pattern.test(name.toLowerCase()))?.[0] ?? 'other';

export function groupHeaders(
  headers: readonly Header[],
): { group: HeaderGroup; headers: readonly Header[] }[] {
  return ORDER.map((group) => ({
    group,
    headers: headers.filter(({ name }) => groupOf(name) === group),
  })).filter((one) => one.headers.length > 0);
}
