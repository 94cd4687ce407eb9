/** Evaluates which rules would be applied to a message; no action of a rule is performed. */
import type { RuleExplanation, RuleTrial } from '../../contract/index.ts';
import { badRequest, notFound } from '../../contract/problems.ts';
import type { Capture } from '../capture/capture.ts';
import type { SessionFacts } from '../capture/stages.ts';
import type { Envelope } from '../message/envelope.ts';
import type { MessageId } from '../store/ids.ts';
import type { Store, StoredMessage } from '../store/store.ts';
import { envelopeFor } from './compose.ts';

export interface RuleTrialDeps {
  readonly store: Store;
  readonly capture: Pick<Capture, 'explain'>;
}

interface TriedMessage {
  readonly raw: Buffer;
  /**
   * The stored message of the trial; `undefined` if the trial contains a description of a message instead.
   */
  readonly stored: StoredMessage | undefined;
}

async function triedMessage(
  store: Store,
  message: string | undefined,
  text: string | undefined,
): Promise<TriedMessage> {
  if (message === undefined) return { raw: Buffer.from(text ?? ''), stored: undefined };
  if (text !== undefined) throw badRequest('Give `message` or `raw`, not both');
  const stored = await store.messages.get(message as MessageId);
  const raw = stored === undefined ? undefined : await store.messages.raw(message as MessageId);
  if (raw === undefined) throw notFound(`There is no message ${message}`);
  return { raw, stored };
}

function triedEnvelope(
  { raw, stored }: TriedMessage,
  from: string | undefined,
  to: readonly string[] | undefined,
): Envelope {
  const own: Envelope = stored?.fullEnvelope ?? envelopeFor(raw, {}, {});
  const path = (address: string) => ({ address, parameters: {} });
  return { from: from === undefined ? own.from : path(from), to: to === undefined ? own.to : to.map(path) };
}

/**
 * Returns the decision for every rule: whether the rule would be applied to the message. The properties of the
 * session are those of the stored message, unless the trial specifies others.
 */
export async function tryRules(
  { store, capture }: RuleTrialDeps,
  { message, raw, from, to, ...given }: RuleTrial,
): Promise<RuleExplanation[]> {
  const tried = await triedMessage(store, message, raw);
  const envelope = triedEnvelope(tried, from, to);
  const origin = tried.stored?.origin;
  const session: Partial<SessionFacts> = {
    ...(origin === undefined ? {} : { helo: origin.helo, user: origin.user, tls: origin.tls !== null }),
    ...given,
  };
  const explained = await capture.explain(tried.raw, envelope, session);
  return explained.map((rule) => ({ ...rule, actions: [...rule.actions] }));
}
