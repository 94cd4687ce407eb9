/**
 * Processes messages that are submitted through the API: applies the same stages and rules as for SMTP,
 * without a connection.
 */
import type { Envelope, EnvelopePath, Origin } from '../message/envelope.ts';
import type { MessageOctets } from '../message/octets.ts';
import { UNKNOWN_MANNER } from '../smtp/departure.ts';
import { reply, replyText, SmtpReply } from '../smtp/reply.ts';
import type { MessageId } from '../store/ids.ts';
import type { Intake } from './intake.ts';
import type { Explanation, Rules } from '../rules/engine.ts';
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

/**
 * Processes a message in the same way as a message that is received by SMTP. Throws an `SmtpReply` if the
 * message is refused.
 */
export async function submit(
  intake: Intake,
  stages: Stages,
  octets: MessageOctets,
  { from, to }: Envelope,
): Promise<Submission> {
  const rules = new RuleSession(null);
  try {
    await stages.ask(rules, intake.factsAt('mail', apiFacts, from, []));
    const { accepted, rejected } = await askRecipients(intake, stages, rules, from, to);
    const envelope = { from, to: accepted };
    await stages.ask(rules, intake.factsAt('predata', apiFacts, from, accepted));
    const arrival = { rules, facts: apiFacts, origin: apiOrigin, transcript: () => [] };
    const taken = await intake.take(arrival, { octets, envelope, manner: UNKNOWN_MANNER });
    return { id: taken.id, reply: replyText(taken.reply), rejected };
  } catch (error) {
    if (!(error instanceof RuleDisconnect)) throw error;
    throw new RuleReply(reply(421, '4.4.2', 'The connection was dropped'), error.rule);
  }
}

/**
 * Applies the rules to each recipient. When all recipients are refused, throws the refusal of the last
 * recipient, as in SMTP.
 */
async function askRecipients(
  intake: Intake,
  stages: Stages,
  rules: RuleSession,
  from: EnvelopePath,
  to: readonly EnvelopePath[],
): Promise<{ accepted: EnvelopePath[]; rejected: { to: string; reply: string }[] }> {
  const accepted: EnvelopePath[] = [];
  const rejected: { to: string; reply: string }[] = [];
  for (const path of to) {
    try {
      const verdict = await stages.ask(rules, intake.factsAt('rcpt', apiFacts, from, [path]));
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
