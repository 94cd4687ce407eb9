/** Every text of the page; a translation is another object of the same shape. */
import { count } from './format.ts';
import { rulesStrings } from './strings/rules.ts';
import { relayStrings } from './strings/relay.ts';
import { accountStrings } from './strings/accounts.ts';
import { serverStrings } from './strings/server.ts';
import { composeStrings } from './strings/compose.ts';
import { compareStrings } from './strings/compare.ts';
import { messageStrings } from './strings/message.ts';

const messages = (n: number): string => (n === 1 ? '1 message' : `${count(n)} messages`);
/** Returns a number as text, with a plus sign if the real number is larger. */
const atLeast = (n: number, isMore: boolean): string => `${count(n)}${isMore ? '+' : ''}`;
const someMessages = (n: number, isMore: boolean): string =>
  isMore ? `${atLeast(n, isMore)} messages` : messages(n);

const english = {
  product: 'Restante',
  all: 'All mail',
  undo: 'Undo',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  retry: 'Try again',
  loading: 'Loading',
  noSubject: '(no subject)',
  noSender: '(no sender)',
  nullSender: '<> (null sender)',
  skip: 'Skip to the message list',

  nav: {
    label: 'Mail and server',
    open: 'Open navigation',
    accounts: 'Accounts',
    tags: 'Tags',
    searches: 'Saved searches',
    filterAccounts: 'Filter accounts',
    moreAccounts: (n: number) => `${count(n)} more`,
    accountCount: (n: number) => `${count(n)} accounts`,
    noDomain: 'Without a domain',
    pin: (name: string) => `Pin ${name}`,
    unpin: (name: string) => `Unpin ${name}`,
    forgetSearch: (query: string) => `Forget the search ${query}`,
    manage: 'Manage accounts',
    rules: 'Rules',
    relay: 'Relay',
    server: 'Server and connections',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    notifications: 'Notify of new mail',
    badge: 'Unread count in the tab',
    directions: { rtl: 'Right to left' },
    help: 'Keyboard shortcuts',
    settings: 'Settings',
    unread: (n: number) => `${count(n)} unread`,
  },

  connection: {
    unreachable: 'The server cannot be reached.',
    live: 'Connected',
    connecting: 'Connecting',
    lost: 'Connection lost. Trying again; mail that arrives meanwhile will be shown then.',
  },

  refused: {
    title: 'The server does not answer this page',
    start: 'The server does not accept this address of the page. Start Restante with this option:',
    variable: 'Or set this environment variable, for example in a container:',
    proxy: 'Or configure the proxy to forward the Host header unchanged. In nginx:',
    login: 'The server needs a login',
    loginHint: 'Load the page again and enter the user name and password of --web-auth.',
    said: (detail: string) => `The server replied: ${detail}`,
    reload: 'Load the page again',
  },

  settings: {
    notificationsDenied:
      'The browser blocks notifications from this page. Allow them in the site settings of the browser.',
    arrived: (n: number) => `${count(n)} new messages`,
  },

  search: {
    label: 'Search messages',
    placeholder: 'Search, or to:bob subject:welcome',
    clear: 'Clear the search',
    save: 'Save this search',
    saved: 'Search saved in the sidebar',
    suggestions: 'Search operators',
    recent: 'Recent search',
    savedSearch: 'Saved search',
    operators: {
      'from:': 'Sender, name or address',
      'to:': 'Recipient in the To field',
      'rcpt:': 'Recipient of the envelope',
      'cc:': 'Recipient in the Cc field',
      'bcc:': 'Blind recipient',
      'subject:': 'Words of the subject',
      'body:': 'Words of the text',
      'text:': 'Words anywhere in the message',
      'header:': 'A header: header:X-Mailer or header:X-Mailer=ruby',
      'filename:': 'Name of an attachment',
      'tag:': 'Tagged with',
      'user:': 'Authenticated user',
      'messageid:': 'Message-ID',
      'id:': 'Id of the message in Restante',
      'has:': 'attachment or html',
      'is:': 'unread, seen or flagged',
      'before:': 'Received before a date',
      'after:': 'Received on or after a date',
      'larger:': 'More octets than, e.g. 1MB',
      'smaller:': 'Fewer octets than',
    },
    values: {
      'is:': { unread: 'Not read yet', seen: 'Read', flagged: 'Flagged' },
      'has:': { attachment: 'Has attachments', html: 'Has an HTML body' },
    },
  },

  list: {
    label: 'Messages',
    messages,
    summary: (total: number, unread: number, isMore: boolean) =>
      unread === 0
        ? someMessages(total, isMore)
        : `${someMessages(total, isMore)}, ${atLeast(unread, isMore)} unread`,
    columns: {
      ...{ from: 'From', to: 'To', subject: 'Subject', received: 'Received' },
      ...{ tags: 'Tags', user: 'User', size: 'Size', time: 'Time' },
    },
    chooseColumns: 'Choose the columns',
    follow: 'Follow: open each message when it arrives',
    following: 'Each message opens when it arrives',
    notFollowing: 'New messages do not open by themselves',
    copyLink: 'Copy the main link',
    compact: 'Compact rows',
    comfortable: 'Comfortable rows',
    markAllRead: 'Mark all as read',
    deleteAll: 'Delete all',
    deleteMatching: 'Delete all that match',
    more: 'More for this list',
    select: (subject: string) => `Select ${subject}`,
    selected: (n: number, isMore: boolean) => `${atLeast(n, isMore)} selected`,
    selectEverything: (n: number, isMore: boolean) => `Select all ${atLeast(n, isMore)}`,
    clearSelection: 'Clear the selection',
    flag: 'Flag',
    tag: 'Add a tag',
    tagPrompt: 'Tag',
    remove: 'Delete',
    deleted: (n: number) => (n === 1 ? 'Message deleted' : `${messages(n)} deleted`),
    deletedForGood: (n: number) => `${messages(n)} deleted; too many to be restored`,
    undoFailed: (why: string) => `Not restored: ${why}`,
    deleteFailed: (why: string) => `Not deleted: ${why}`,
    marked: (n: number, isMore: boolean) => `${someMessages(n, isMore)} marked`,
    markFailed: (why: string) => `Not marked: ${why}`,
    newAbove: (n: number) => (n === 1 ? '1 new message' : `${count(n)} new messages`),
    isUnread: 'Unread',
    isFlagged: 'Flagged',
    attachments: (n: number) => (n === 1 ? '1 attachment' : `${n} attachments`),
    nothingMatches: 'Nothing matches',
    nothingMatchesHint: 'New mail that matches will appear here by itself.',
    failed: 'The messages could not be loaded',
    badQuery: 'No result: the search is not valid',
    badQueryHint: 'The message below the search box shows the error and its position.',
  },

  conversation: {
    label: 'Conversation',
    count: (n: number) => `${count(n)} in this conversation`,
    only: 'Show only this conversation in the list',
  },

  watch: {
    action: 'Watch in a small window',
    title: (address: string) => `Watching ${address}`,
    hint: 'Each message appears here when it arrives.',
    open: 'Open in the inbox',
  },

  empty: {
    title: 'Waiting for mail',
    account: (name: string) => `No mail for ${name} yet`,
    hint: 'Configure your application to send mail to this server. The mail appears here at once and is not delivered anywhere else.',
    test: 'Send a test message',
    testSent: 'Test message sent. It will appear in the list.',
    testFailed: (why: string) => `Not sent: ${why}`,
    trust:
      'The server has a certificate of its own CA. An application that encrypts (STARTTLS) must trust the CA:',
    framework: 'Your application',
    host: 'Host',
    port: 'Port',
    security: 'Encryption',
    none: 'none',
    starttls: 'STARTTLS',
    login: 'Login',
    logins: {
      any: 'any, or none',
      listed: 'a configured user, or none',
      required: 'a configured user',
    },
    relay: 'Delivery to recipients',
    relays: {
      off: 'off: no mail leaves this server',
      manual: 'on request, to permitted recipients',
      auto: 'by rules, to permitted recipients',
    },
  },

  ...messageStrings,
  ...compareStrings,
  ...composeStrings,
  ...relayStrings,
  ...rulesStrings,

  palette: {
    title: 'Command palette',
    placeholder: 'Type a command, an account or a tag',
    goTo: (place: string) => `Go to ${place}`,
    tag: (tag: string) => `Show tag ${tag}`,
    rule: (name: string) => `Edit rule ${name}`,
    saved: (query: string) => `Saved search ${query}`,
    message: (subject: string) => `Open ${subject}`,
    searchFor: (text: string) => `Search for “${text}”`,
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    groups: { go: 'Go', list: 'List', app: 'Everywhere', message: 'Message', compare: 'Compare' },
  },

  commands: {
    next: 'Next message',
    previous: 'Previous message',
    first: 'Newest message',
    rows: 'Move between rows of the list',
    open: 'Open the message',
    closeMessage: 'Close the message',
    search: 'Search',
    palette: 'Command palette',
    shortcuts: 'Show these shortcuts',
    remove: 'Delete',
    follow: 'Follow the newest message, or not',
    toggleRead: 'Mark as read or unread',
    flag: 'Flag',
    select: 'Select',
    selectAll: 'Select all that match',
    clear: 'Clear the selection',
    compose: 'Write a message',
    reply: 'Reply',
    replyAll: 'Reply to all',
    forward: 'Forward',
    release: 'Release: deliver for real',
    copyCode: 'Copy the code',
    codeCopied: (code: string) => `Copied ${code}`,
    wide: 'Give the message the whole width, or not',
    links: 'List all links',
    testCode: 'Show a test for this message',
    tab: (name: string) => `Show ${name}`,
    all: 'All mail',
    accounts: 'Accounts',
    rules: 'Rules',
    relay: 'Relay',
    server: 'Server and connections',
    theme: 'Switch between light and dark',
    density: 'Switch row density',
    print: 'Print this view',
    direction: 'Switch the reading direction',
    notifications: 'Switch notifications of new mail on or off',
    badge: 'Switch the unread count in the tab on or off',
    themes: { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },
    test: 'Send a test message',
    deleteAll: 'Delete all in this list',
    markAllRead: 'Mark all as read',
  },

  ...accountStrings,
  ...serverStrings,

  missing: {
    title: 'Page not found',
    hint: 'No page of Restante has this address. Check the address for typing errors.',
    back: 'To all mail',
  },
} as const;

/** The shape of a translation: the same keys, strings for strings, and functions with the same parameters. */
type Words<T> = T extends string
  ? string
  : T extends (...parameters: infer P) => string
    ? (...parameters: P) => string
    : { readonly [K in keyof T]: Words<T[K]> };
export type Strings = Words<typeof english>;

export const strings: Strings = english;
/** The reading direction of the language of these texts. */
export const languageDirection: 'ltr' | 'rtl' = 'ltr';
