/**
 * The lists of names that the schemas, server, sdk and ui share. Each list is in the order in which its names
 * are shown.
 */

/**
 * The protocols of the listeners. In the protocols whose name ends in `s`, TLS starts with the first octet.
 */
export const protocols = [
  'smtp',
  'smtps',
  'lmtp',
  'http',
  'https',
  'imap',
  'imaps',
  'pop3',
  'pop3s',
] as const;
export type Protocol = (typeof protocols)[number];

/** The protocols by which mail is delivered or read: all except HTTP and HTTPS. */
export type MailProtocol = Exclude<Protocol, 'http' | 'https'>;

/**
 * The stages of an SMTP session at which rules are evaluated, in the order of the protocol: before the greeting, at
 * HELO or EHLO, at STARTTLS, after a successful AUTH, at MAIL, at each RCPT, before the reply 354 to DATA, after
 * the final dot, and before the message is stored.
 */
export const stages = [
  'connect',
  'helo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'predata',
  'data',
  'stored',
] as const;
export type Stage = (typeof stages)[number];

/** The severities of findings, the worst first. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** The checks that need only the message. They run automatically, in a worker thread with a deadline. */
export const staticCheckNames = [
  'standards',
  'content',
  'security',
  'client-support',
  'accessibility',
] as const;
export type StaticCheckName = (typeof staticCheckNames)[number];

/**
 * The checks that contact other servers (DNS servers, a spam daemon, web servers). They run on request, and their
 * results are stored.
 */
export const liveCheckNames = ['authenticity', 'spam', 'links'] as const;
export type LiveCheckName = (typeof liveCheckNames)[number];

/** The names of all checks. Unlike the other checks, `protocol` runs while the message is captured. */
export const checkNames = ['protocol', ...staticCheckNames, ...liveCheckNames] as const;
export type CheckName = (typeof checkNames)[number];

/**
 * The states of a check:
 *
 * - `done`: the check has run.
 * - `cut-short`: a limit ended the check early.
 * - `not-run`: the check contacts other servers, and nobody has requested it yet.
 * - `unavailable`: the check is not configured.
 */
export const checkStates = ['done', 'cut-short', 'not-run', 'unavailable'] as const;
export type CheckState = (typeof checkStates)[number];

/** The ways in which a message can get into the store. */
export const originKinds = ['smtp', 'lmtp', 'api', 'import', 'append', 'generated', 'recovered'] as const;
export type OriginKind = (typeof originKinds)[number];

/** The mail providers whose HTTP APIs Restante emulates, in the spelling of their paths. */
export const providerNames = ['sendgrid', 'resend', 'postmark', 'mailgun'] as const;
export type ProviderName = (typeof providerNames)[number];

/** The kinds of MIME parts; `tnef` is Outlook's attachment winmail.dat. */
export const partKinds = [
  'calendar',
  'contact',
  'delivery-status',
  'disposition-notification',
  'encrypted',
  'feedback-report',
  'file',
  'headers',
  'key',
  'message',
  'signature',
  'signed',
  'tnef',
] as const;
export type PartKind = (typeof partKinds)[number];

/** The purposes of the links that Restante recognizes in a message. */
export const linkKinds = ['verify', 'reset', 'signin', 'invite', 'unsubscribe', 'other'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** The parts of a message in which a link can be found. */
export const linkSources = ['html', 'text', 'header'] as const;

/**
 * The modes of the relay: in `manual`, the relay sends a message only when the message is released; in `auto`,
 * it also sends the messages that a rule releases, and all mail for allowed recipients.
 */
export const relayModes = ['off', 'manual', 'auto'] as const;
export type RelayMode = (typeof relayModes)[number];

/**
 * The states of a delivery. The meanings that are not obvious:
 *
 * - `queued`: the delivery waits for the first attempt.
 * - `deferred`: the delivery waits for another attempt.
 * - `sending`: the final dot of the message is about to be sent.
 * - `unknown`: the process ended in the state `sending`, so the server may or may not have accepted the
 *   message.
 */
export const deliveryStates = [
  'queued',
  'deferred',
  'sending',
  'delivered',
  'failed',
  'cancelled',
  'unknown',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** The possible outcomes of an attempt to deliver a message through the relay. */
export const attemptOutcomes = ['delivered', 'deferred', 'failed', 'next-host'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/**
 * The causes of a release, which sends a captured message through the relay: a person or an API call, a rule,
 * or the automatic relay.
 */
export const releaseCauses = ['person', 'rule', 'auto'] as const;
export type ReleaseCause = (typeof releaseCauses)[number];

/** The reasons for which the relay refuses a release (the request to send a captured message) as a whole. */
export const refusalCodes = [
  'off',
  'manual-only',
  'not-allowed',
  'denied',
  'bad-address',
  'no-recipients',
  'ceiling',
  'loop',
  'automatic',
  'not-found',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];
