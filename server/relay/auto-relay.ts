/**
 * Auto-relay: relays each captured message to those of its recipients that the policy allows and whose inbox
 * received the message. Auto-relay follows the changes of the store, so it does not delay an SMTP reply. The
 * position of the last processed change is stored: if the server stops just after a message was captured, the
 * message is relayed after a restart. A message that was captured while auto-relay was off is never relayed.
 *
 * Of several nodes on one store, one leads auto-relay. If it is killed, another node continues at the stored position.
 */
import type { Leadership } from '../store/nodes.ts';
import type { Origin } from '../message/envelope.ts';
import type { AccountName, MessageId, Seq } from '../store/ids.ts';
import { ALL } from '../store/ids.ts';
import type { RecordSet } from '../store/store.ts';
import type { RelayOptions } from './options.ts';
import type { RelayPolicy } from './policy.ts';
import { RelayRefusal } from './refusal.ts';
import type { Releases } from './releases.ts';

/**
 * The origins of messages that an application sent. Auto-relay ignores messages of other origins, which mail
 * clients stored or this sandbox generated.
 */
const SENT: ReadonlySet<Origin['kind']> = new Set(['smtp', 'lmtp', 'api']);
/** The number of messages that are processed together when auto-relay catches up after a start. */
const PAGE = 100;
const KEY = 'auto';

interface Position {
  readonly seq: Seq;
}

interface AutoRelayWorld extends RelayOptions {
  readonly policy: RelayPolicy;
  readonly releases: Releases;
  /** The function that is called after auto-relay has added deliveries to the queue. */
  readonly released: () => void;
}

export class AutoRelay {
  readonly #world: AutoRelayWorld;
  readonly #positions: RecordSet<Position>;
  #waiting: { readonly id: MessageId; readonly seq: Seq }[] = [];
  #working: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | null = null;
  /**
   * Whether every message that was captured before the first message of `#waiting` has been processed or is in
   * `#waiting` itself.
   */
  #isCaughtUp = false;
  #leadership: Leadership | null = null;

  constructor(world: AutoRelayWorld) {
    this.#world = world;
    this.#positions = world.store.records.collection('relay');
  }

  async start(): Promise<void> {
    this.#leadership = await this.#world.store.nodes.lead('auto-relay', () => this.#begin());
  }

  /** Relays the messages that were captured since the stored position, and then each message that is captured later. */
  async #begin(): Promise<void> {
    const { store } = this.#world;
    this.#waiting = [];
    this.#isCaughtUp = false;
    // The subscription begins before the messages are listed, so that no message is missed.
    this.#unsubscribe ??= store.changes.subscribe((change) => {
      if (change.kind !== 'message-added') return;
      this.#waiting.push({ id: change.message, seq: change.seq });
      if (this.#isCaughtUp && this.#waiting.length === 1) this.#wake();
    });
    const last = await this.#positions.get(KEY);
    const { seq: from } = last ?? { seq: store.changes.seq };
    if (last === undefined) await this.#positions.put(KEY, { seq: from });
    const missed = await this.#capturedSince(from);
    const newest = missed.at(-1)?.seq ?? from;
    this.#waiting = [...missed, ...this.#waiting.filter(({ seq }) => seq > newest)];
    this.#isCaughtUp = true;
    if (this.#waiting.length > 0) this.#wake();
  }

  /**
   * Discards the stored position in the store's changes: messages that were captured before this call are not
   * relayed.
   */
  async forget(): Promise<void> {
    if ((await this.#positions.get(KEY)) !== undefined) await this.#positions.delete(KEY);
  }

  /**
   * Stops auto-relay after the message that is being processed. The remaining messages are relayed after a
   * restart of the server.
   */
  async close(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#waiting = [];
    await this.#working;
    await this.#leadership?.close();
  }

  async #capturedSince(after: Seq): Promise<{ id: MessageId; seq: Seq }[]> {
    const found: { id: MessageId; seq: Seq }[] = [];
    let cursor: string | null = null;
    do {
      const from: { cursor?: string } = cursor === null ? {} : { cursor };
      const page = await this.#world.store.messages.list({ after, order: 'oldest', limit: PAGE, ...from });
      found.push(...page.messages.map(({ summary: { id, seq } }) => ({ id, seq })));
      cursor = page.next;
    } while (cursor !== null);
    return found;
  }

  #wake(): void {
    this.#working = this.#working
      .then(() => this.#work())
      .catch((error: unknown) => this.#world.logger.error({ err: error }, 'relay: auto-relay failed'));
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      for (const { id, seq } of batch) {
        if (this.#unsubscribe === null || this.#leadership?.isHeld === false) return;
        await this.#consider(id);
        if (seq === batch.at(-1)?.seq) await this.#positions.put(KEY, { seq });
      }
    }
  }

  async #consider(id: MessageId): Promise<void> {
    const { store, policy, releases, logger, released } = this.#world;
    const message = await store.messages.get(id);
    if (message === undefined || !SENT.has(message.origin.kind)) return;
    const recipients: string[] = [];
    for (const to of message.envelope.to) {
      if (policy.allows(to) && (await this.#arrived(id, to))) recipients.push(to);
    }
    if (recipients.length === 0) return;
    try {
      const deliveries = await releases.release(id, recipients, 'auto');
      if (deliveries.length > 0) released();
    } catch (error) {
      if (!(error instanceof RelayRefusal)) throw error;
      logger.warn(
        { message: id, code: error.code },
        `relay: the message was not relayed automatically: ${error.message}`,
      );
    }
  }

  /**
   * Returns whether the inbox of a recipient received the message: a rule may have discarded the message, or
   * delivered it to another account.
   */
  async #arrived(id: MessageId, to: string): Promise<boolean> {
    const account: AccountName = this.#world.accountOf(to);
    return account === ALL || (await this.#world.store.messages.listed(id, account)) !== undefined;
  }
}
