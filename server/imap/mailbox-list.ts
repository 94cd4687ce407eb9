/**
 * What LIST and LSUB answer (RFC 9051 §6.3.9, RFC 5258, RFC 3501 §6.3.9), computed from mailboxes and subscriptions
 * without I/O. A name that only has mailboxes below it is listed as a placeholder.
 */
import type { MailboxInfo, MailboxRole } from '../store/store.ts';
import { ancestors, DELIMITER, namePattern } from './mailbox-name.ts';

/** Roles that LIST shows, and CREATE takes, with their attributes (RFC 6154). */
export const SPECIAL_USES: readonly (readonly [MailboxRole, string])[] = [
  ['drafts', '\\Drafts'],
  ['sent', '\\Sent'],
  ['junk', '\\Junk'],
  ['trash', '\\Trash'],
  ['archive', '\\Archive'],
];

export interface ListOptions {
  /** Reference and pattern, joined; any of them may match. */
  readonly patterns: readonly string[];
  readonly select: {
    readonly subscribed: boolean;
    readonly specialUse: boolean;
    readonly recursiveMatch: boolean;
  };
  /** Whether `\Subscribed` is wanted. */
  readonly returnSubscribed: boolean;
}

export interface ListEntry {
  readonly name: string;
  readonly attributes: readonly string[];
  /** CHILDINFO: something below it is subscribed. */
  readonly subscribedBelow: boolean;
  /** `null` for a name that no mailbox has. */
  readonly info: MailboxInfo | null;
}

/** The mailboxes and subscriptions of an account, and what follows from their names. */
class NameTree {
  readonly infos: ReadonlyMap<string, MailboxInfo>;
  readonly subscribed: ReadonlySet<string>;
  /** Names with a mailbox below them. */
  readonly #parents: ReadonlySet<string>;
  readonly #subscribedParents: ReadonlySet<string>;

  constructor(mailboxes: readonly MailboxInfo[], subscriptions: readonly string[]) {
    this.infos = new Map(mailboxes.map((info) => [info.name, info]));
    this.subscribed = new Set(subscriptions);
    this.#parents = new Set(mailboxes.flatMap(({ name }) => ancestors(name)));
    this.#subscribedParents = new Set(subscriptions.flatMap(ancestors));
  }

  /** Every name there is, INBOX first, then in order. */
  names(): string[] {
    const names = new Set([
      ...this.infos.keys(),
      ...this.#parents,
      ...this.subscribed,
      ...this.#subscribedParents,
    ]);
    return [...names].sort((a, b) => Number(b === 'INBOX') - Number(a === 'INBOX') || (a < b ? -1 : 1));
  }

  /** Whether a mailbox of that name or below it exists. */
  exists(name: string): boolean {
    return this.infos.has(name) || this.#parents.has(name);
  }

  subscribedBelow(name: string): boolean {
    return this.#subscribedParents.has(name);
  }

  attributes(name: string): string[] {
    const info = this.infos.get(name);
    const children = this.#parents.has(name) ? '\\HasChildren' : '\\HasNoChildren';
    const use = SPECIAL_USES.find(([role]) => role === info?.role)?.[1];
    return [
      ...(info === undefined ? ['\\NonExistent', '\\Noselect'] : []),
      children,
      ...(use === undefined ? [] : [use]),
    ];
  }
}

export function listMailboxes(
  mailboxes: readonly MailboxInfo[],
  subscriptions: readonly string[],
  { patterns, select, returnSubscribed }: ListOptions,
): ListEntry[] {
  const tree = new NameTree(mailboxes, subscriptions);
  const matchers = patterns.map(namePattern);
  const entries: ListEntry[] = [];
  for (const name of tree.names()) {
    if (!matchers.some((matches) => matches(name))) continue;
    const info = tree.infos.get(name) ?? null;
    const isSubscribed = tree.subscribed.has(name);
    const subscribedBelow = select.subscribed && select.recursiveMatch && tree.subscribedBelow(name);
    const attributes = tree.attributes(name);
    const hasUse = info?.role != null && info.role !== 'inbox';
    if (select.subscribed ? !isSubscribed && !subscribedBelow : !tree.exists(name)) continue;
    if (select.specialUse && !hasUse) continue;
    if (isSubscribed && (select.subscribed || returnSubscribed)) attributes.push('\\Subscribed');
    entries.push({ name, attributes, subscribedBelow, info });
  }
  return entries;
}

/**
 * LSUB: subscribed names that match; with `%`, also names that match and have subscribed ones below, as `\Noselect`.
 */
export function listSubscriptions(
  mailboxes: readonly MailboxInfo[],
  subscriptions: readonly string[],
  pattern: string,
): ListEntry[] {
  const tree = new NameTree(mailboxes, subscriptions);
  const matches = namePattern(pattern);
  return tree.names().flatMap((name): ListEntry[] => {
    if (!matches(name)) return [];
    const info = tree.infos.get(name) ?? null;
    if (tree.subscribed.has(name)) {
      const attributes = tree.attributes(name).filter((attribute) => attribute !== '\\NonExistent');
      return [{ name, attributes, subscribedBelow: false, info }];
    }
    const placeholder = pattern.includes('%') && tree.subscribedBelow(name);
    return placeholder ? [{ name, attributes: ['\\Noselect'], subscribedBelow: true, info: null }] : [];
  });
}

/** The name that LIST shows for an empty pattern: the root of the reference. */
export function rootOf(reference: string): string {
  return reference.startsWith(DELIMITER) ? DELIMITER : '';
}
