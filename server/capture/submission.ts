/**
 * Processes messages that are submitted through the API: applies the same stages and rules as for SMTP,
 * without a connection.
 */
import type { Envelope, EnvelopePath, Origin, ProviderFacts } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import { UNKNOWN_MANNER } from '../smtp/departure.ts';
import { reply, replyText, SmtpReply } from '../smtp/reply.ts';
import type { MessageId } from '../store/ids.ts';
import type { Intake } from './intake.ts';
import type { Verdict } from '../rules/action.ts';
import type { Explanation, Rules } from '../rules/engine.ts';
import type { Refusals } from './refusals.ts';
import {
  factsOfOrigin,
  RuleDisconnect,
  RuleReply,
  RuleSession,
  type SessionFacts,
  type Stages,
} from './stages.ts';

/**
 * `SmtpReply` is exported for the callers of `submit`, which convert the refusal of a submission to an error of
 * their own protocol.
 */
export { SmtpReply } from '../smtp/handler.ts';

/** The result of submitting a message through the API. */
export interface Submission {
  /** The id of the stored message; `null` when the message was discarded. */
  readonly id: MessageId | null;
  /** The text of the reply that SMTP would have sent. */
  readonly reply: string;
  /** The recipients that rules refused while other recipients were accepted. */
  readonly rejected: readonly { readonly to: string; readonly reply: string }[];
}

const apiOrigin: Origin = { kind: 'api', session: null, peer: null, helo: null, tls: null, user: null };
const apiFacts = factsOfOrigin(apiOrigin);

/** The client of an emulated mail provider's API, and the client's request. */
export interface ProviderClient {
  /** The IP address of the client. */
  readonly ip: string;
  /**
   * The address that the API key belongs to, whose account also receives the mail; `null` for a key without an address.
   */
  readonly user: string | null;
  readonly provider: ProviderFacts;
}

interface SubmissionParts {
  readonly intake: Intake;
  readonly stages: Stages;
  readonly refusals: Refusals;
}

interface SubmittedMail {
  readonly octets: MessageOctets;
  readonly envelope: Envelope;
  readonly client?: ProviderClient;
}

/** The message that is being submitted, with the state of its rules. */
interface Submitting {
  readonly facts: SessionFacts;
  readonly origin: Origin;
  readonly rules: RuleSession;
}

function begin(client: ProviderClient | undefined): Submitting {
  const rules = new RuleSession(null);
  if (client === undefined) return { facts: apiFacts, origin: apiOrigin, rules };
  const { ip, user, provider } = client;
  const origin: Origin = { ...apiOrigin, peer: ip, user, provider };
  return { facts: { ...factsOfOrigin(origin), ip }, origin, rules };
}

/**
 * Processes a message in the same way as a message that is received by SMTP. Throws an `SmtpReply` if the
 * message is refused. The refusals of messages to a provider's API are recorded, because the response to such a
 * request may not contain them.
 */
export async function submit(parts: SubmissionParts, mail: SubmittedMail): Promise<Submission> {
  const submitting = begin(mail.client);
  const { origin, rules } = submitting;
  const record = (to: readonly EnvelopePath[], text: string): void => {
    if (origin.provider === undefined) return;
    parts.refusals.add({ origin }, { from: mail.envelope.from, to }, text, rules.last?.name ?? null);
  };
  try {
    const submission = await pass(parts, mail, submitting);
    for (const { to, reply: text } of submission.rejected) record([{ address: to, parameters: {} }], text);
    return submission;
  } catch (error) {
    const refusal =
      error instanceof RuleDisconnect
        ? new RuleReply(reply(421, '4.4.2', 'The connection was dropped'), error.rule)
        : error;
    if (refusal instanceof SmtpReply) record(mail.envelope.to, replyText(refusal));
    throw refusal;
  }
}

/** Applies the rules of every stage to a message, and stores it. */
async function pass(
  { intake, stages }: SubmissionParts,
  { octets, envelope: { from, to } }: SubmittedMail,
  { facts, origin, rules }: Submitting,
): Promise<Submission> {
  await stages.ask(rules, intake.factsAt('mail', facts, from, []));
  const ask = (path: EnvelopePath): Promise<Verdict | undefined> =>
    stages.ask(rules, intake.factsAt('rcpt', facts, from, [path]));
  const { accepted, rejected } = await askRecipients(rules, to, ask);
  await stages.ask(rules, intake.factsAt('predata', facts, from, accepted));
  const arrival = { rules, facts, origin, transcript: () => [] };
  const envelope = { from, to: accepted };
  const taken = await intake.take(arrival, { octets, envelope, manner: UNKNOWN_MANNER });
  return { id: taken.id, reply: replyText(taken.reply), rejected };
}

/**
 * Applies the rules to each recipient. When all recipients are refused, throws the refusal of the last
 * recipient, as in SMTP.
 */
async function askRecipients(
  rules: RuleSession,
  to: readonly EnvelopePath[],
  ask: (path: EnvelopePath) => Promise<Verdict | undefined>,
): Promise<{ accepted: EnvelopePath[]; rejected: { to: string; reply: string }[] }> {
  const accepted: EnvelopePath[] = [];
  const rejected: { to: string; reply: string }[] = [];
  for (const path of to) {
    try {
      const verdict = await ask(path);
      if (verdict?.kind === 'discard') rules.plan.discarded.add(path.address);
      accepted.push(path);
    } catch (error) {
      if (!(error instanceof SmtpReply)) throw error;
      rejected.push({ to: path.address, reply: replyText(error) });
      if (rejected.length === to.length) throw error;
    }
  }
  return { accepted, rejected };
}

/** Returns what each rule would do with a message at every stage, without performing any action. */
export function explain(
  intake: Intake,
  rules: Rules,
  raw: Buffer,
  envelope: Envelope,
  session: Partial<SessionFacts>,
  now: number,
): Promise<readonly Explanation[]> {
  const of = { ...apiFacts, ...session };
  const { from, to } = envelope;
  const judged = intake.judge(raw, envelope, apiOrigin, now);
  return rules.explain([
    intake.factsAt('connect', of, null, []),
    intake.factsAt('helo', of, null, []),
    ...(of.tls ? [intake.factsAt('starttls', of, null, [])] : []),
    ...(of.user === null ? [] : [intake.factsAt('auth', of, null, [])]),
    intake.factsAt('mail', of, from, []),
    ...to.map((path) => intake.factsAt('rcpt', of, from, [path])),
    intake.factsAt('predata', of, from, to),
    intake.factsAt('data', of, from, to, judged),
    intake.factsAt('stored', of, from, to, judged),
  ]);
}
