/**
 * The results of LIST and LSUB (RFC 9051 §6.3.9, RFC 5258, RFC 3501 §6.3.9), computed from mailboxes and
 * subscriptions without I/O. A name is also listed if only mailboxes below it exist; it then has no mailbox of
 * its own.
 */
import type { MailboxInfo, MailboxRole } from '../../store/store.ts';
import { ancestors, DELIMITER, namePattern } from '../wire/mailbox-name.ts';
import { Pace } from './pace.ts';

/** The special-use attributes (RFC 6154) in LIST and CREATE, by the role of the mailbox. */
export const SPECIAL_USES: readonly (readonly [MailboxRole, string])[] = [
  ['drafts', '\\Drafts'],
  ['sent', '\\Sent'],
  ['junk', '\\Junk'],
  ['trash', '\\Trash'],
  ['archive', '\\Archive'],
];

export interface ListOptions {
  /** Patterns, each with the reference name prepended; a mailbox name must match one of them. */
  readonly patterns: readonly string[];
  readonly select: {
    readonly subscribed: boolean;
    readonly specialUse: boolean;
    readonly recursiveMatch: boolean;
  };
  /** Whether the attribute `\Subscribed` is requested. */
  readonly returnSubscribed: boolean;
}

const NO_NAMES: ReadonlySet<string> = new Set();

export interface ListEntry {
  readonly name: string;
  readonly attributes: readonly string[];
  /** Whether the response needs CHILDINFO: a name below the listed name is subscribed. */
  readonly subscribedBelow: boolean;
  /** The mailbox with this name; `null` if there is only a subscription or only mailboxes below the name. */
  readonly info: MailboxInfo | null;
}

/** The mailboxes and subscriptions of an account as a hierarchy of names. */
class NameTree {
  readonly infos: ReadonlyMap<string, MailboxInfo>;
  readonly subscribed: ReadonlySet<string>;
  /** Names that have at least one mailbox below them in the hierarchy. */
  readonly #parents: ReadonlySet<string>;
  readonly #subscribedParents: ReadonlySet<string>;

  constructor(mailboxes: readonly MailboxInfo[], subscriptions: readonly string[]) {
    this.infos = new Map(mailboxes.map((info) => [info.name, info]));
    this.subscribed = new Set(subscriptions);
    this.#parents = new Set(mailboxes.flatMap(({ name }) => ancestors(name)));
    this.#subscribedParents = new Set(subscriptions.flatMap(ancestors));
  }

  /** Returns all names: INBOX first, then the others in alphabetical order. */
  names(): string[] {
    const names = new Set([
      ...this.infos.keys(),
      ...this.#parents,
      ...this.subscribed,
      ...this.#subscribedParents,
    ]);
    return [...names].sort((a, b) => Number(b === 'INBOX') - Number(a === 'INBOX') || (a < b ? -1 : 1));
  }

  /** Returns whether a mailbox with that name, or a mailbox below it, exists. */
  exists(name: string): boolean {
    return this.infos.has(name) || this.#parents.has(name);
  }

  hasUse(name: string): boolean {
    const role = this.infos.get(name)?.role ?? null;
    return role !== null && role !== 'inbox';
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

export async function listMailboxes(
  mailboxes: readonly MailboxInfo[],
  subscriptions: readonly string[],
  { patterns, select, returnSubscribed }: ListOptions,
): Promise<ListEntry[]> {
  const tree = new NameTree(mailboxes, subscriptions);
  const matchers = patterns.map(namePattern);
  const isSelected = (name: string): boolean =>
    (select.subscribed ? tree.subscribed.has(name) : tree.exists(name)) &&
    (!select.specialUse || tree.hasUse(name));
  const names = tree.names();
  const matching = await namesThatMatch(names, matchers);
  // RFC 5258 §3 (RECURSIVEMATCH): a parent that does not meet the selection criteria is listed only if a mailbox
  // below it meets the criteria and no pattern matches the name of that mailbox.
  const parents = select.recursiveMatch
    ? new Set(names.filter((name) => isSelected(name) && !matching.has(name)).flatMap(ancestors))
    : NO_NAMES;
  return names
    .filter((name) => matching.has(name) && (isSelected(name) || parents.has(name)))
    .map((name) => {
      const isSubscribed = tree.subscribed.has(name);
      const attributes = tree.attributes(name);
      if (isSubscribed && (select.subscribed || returnSubscribed)) attributes.push('\\Subscribed');
      const subscribedBelow = select.subscribed && select.recursiveMatch && tree.subscribedBelow(name);
      return { name, attributes, subscribedBelow, info: tree.infos.get(name) ?? null };
    });
}

/**
 * Returns the names that match the patterns. Works in time slices: fifty patterns and thousands of long names
 * take too long for one turn of the event loop.
 */
async function namesThatMatch(
  names: readonly string[],
  matchers: readonly ((name: string) => boolean)[],
): Promise<ReadonlySet<string>> {
  const matching = new Set<string>();
  const pace = new Pace();
  for (const name of names) {
    for (const matches of matchers) {
      if (pace.overdue) await pace.rest();
      if (!matches(name)) continue;
      matching.add(name);
      break;
    }
  }
  return matching;
}

/**
 * Returns the result of LSUB: the subscribed names that match the pattern. For a pattern with `%`, matching names
 * above subscribed names are also returned, with the attribute `\Noselect`.
 */
export async function listSubscriptions(
  mailboxes: readonly MailboxInfo[],
  subscriptions: readonly string[],
  pattern: string,
): Promise<ListEntry[]> {
  const tree = new NameTree(mailboxes, subscriptions);
  const matching = await namesThatMatch(tree.names(), [namePattern(pattern)]);
  return [...matching].flatMap((name): ListEntry[] => {
    const info = tree.infos.get(name) ?? null;
    if (tree.subscribed.has(name)) {
      const attributes = tree.attributes(name).filter((attribute) => attribute !== '\\NonExistent');
      return [{ name, attributes, subscribedBelow: false, info }];
    }
    const placeholder = pattern.includes('%') && tree.subscribedBelow(name);
    return placeholder ? [{ name, attributes: ['\\Noselect'], subscribedBelow: true, info: null }] : [];
  });
}

/** Returns the name that LIST returns for an empty pattern: the root of the reference name. */
export function rootOf(reference: string): string {
  return reference.startsWith(DELIMITER) ? DELIMITER : '';
}
