/** The lists of names that schemas, server, sdk and ui share. Each list is in the order in which it is shown. */

/** The protocols of listeners. The last letter `s` is TLS from the first octet. */
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

/** The protocols of the mail servers. */
export type MailProtocol = Exclude<Protocol, 'http' | 'https'>;

/**
 * The stages at which rules are evaluated, in protocol order: before the greeting, at HELO or EHLO, at STARTTLS, after
 * AUTH has succeeded, at MAIL, at each RCPT, before the 354 of DATA, after the final dot, and before the message is
 * stored.
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

/** The severities of findings, worst first. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Checks that need the message alone: they run on their own, in a worker with a deadline. */
export const staticCheckNames = [
  'standards',
  'content',
  'security',
  'client-support',
  'accessibility',
] as const;
export type StaticCheckName = (typeof staticCheckNames)[number];

/** Checks that contact other servers (DNS, a spam daemon, web servers): they run on request, and their results are stored. */
export const liveCheckNames = ['authenticity', 'spam', 'links'] as const;
export type LiveCheckName = (typeof liveCheckNames)[number];

/** All checks. `protocol` runs while the message is captured. */
export const checkNames = ['protocol', ...staticCheckNames, ...liveCheckNames] as const;
export type CheckName = (typeof checkNames)[number];

/**
 * - `cut-short`: a limit ended the check.
 * - `not-run`: the check contacts other servers, and nobody has run it.
 * - `unavailable`: the check is not configured.
 */
export const checkStates = ['done', 'cut-short', 'not-run', 'unavailable'] as const;
export type CheckState = (typeof checkStates)[number];

/** How a message reached the store. */
export const originKinds = ['smtp', 'lmtp', 'api', 'import', 'append', 'generated', 'recovered'] as const;
export type OriginKind = (typeof originKinds)[number];

/** What a MIME part is for the reader; `tnef` is Outlook's winmail.dat. */
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

/** What a link is for. */
export const linkKinds = ['verify', 'reset', 'signin', 'invite', 'unsubscribe', 'other'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** Where a link was found. */
export const linkSources = ['html', 'text', 'header'] as const;
export type LinkSource = (typeof linkSources)[number];

/** `manual` relays on release; `auto` also when a rule says so, and all mail for allowed recipients. */
export const relayModes = ['off', 'manual', 'auto'] as const;
export type RelayMode = (typeof relayModes)[number];

/**
 * - `queued` waits for the first attempt, `deferred` for another one.
 * - `sending`: the final dot is about to be sent.
 * - `unknown`: the process ended in that moment, so that the server may or may not have accepted the message.
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

/** The outcome of an attempt at a delivery. */
export const attemptOutcomes = ['delivered', 'deferred', 'failed', 'next-host'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** What started a release: a person or a call, a rule, or the automatic relay. */
export const releaseCauses = ['person', 'rule', 'auto'] as const;
export type ReleaseCause = (typeof releaseCauses)[number];

/** Why nothing of a release is sent. */
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
