/**
 * The entry of the package for browsers, and for programs that start no server: exports the part of the SDK
 * that needs only `fetch`.
 */
export { connect, type ConnectOptions } from './connect.ts';
export { Sandbox, type InboxWishes, type Server } from './sandbox.ts';
export {
  Inbox,
  type FoundLink,
  type MailLogin,
  type NoneOptions,
  type OneOptions,
  type PickOptions,
} from './inbox.ts';
export { Message } from './message.ts';
export type { MailAttachment } from './attachment.ts';
export type { MailHeaders } from './headers.ts';
export type { MailElement, MailElements, MailHtml } from './html-types.ts';
export type { Criteria, Wanted } from './criteria.ts';
export type { Matcher } from './matcher.ts';
export type { ChecksChoice, CheckWishes, MailChecks, Severity } from './checks.ts';
export type { AttachmentChoice, CodeChoice, LinkChoice } from './picks.ts';
export type { Unsubscribe } from './unsubscribe.ts';
export type { WaitOptions } from './wait.ts';
export type { FiredRule, TimeoutReport } from './timeout-report.ts';
export type { BounceOptions } from './bounce.ts';
export type { ForwardMail, OutboundMail, ReplyMail, Sent, Via } from './outbound-types.ts';
export type { Rules, RuleWish } from './rules.ts';
export { createClient, type Client, type ClientOptions } from './client.ts';
export {
  AmbiguousError,
  NotInMessageError,
  RestanteError,
  SandboxLostError,
  WaitTimeoutError,
} from './errors.ts';
export { MailTimeoutError, UnexpectedMailError } from './wait-errors.ts';
export type { EventOptions, EventStream } from './events.ts';
export type * from '../contract/index.ts';
