/**
 * Checks a message and its recipients as a whole, and adds a delivery for each recipient to the queue. An
 * automatic release (by a rule or by auto-relay) never sends a message twice to one recipient, and never
 * releases an automatic message, such as a bounce.
 */
import { canonicalAddress } from '../message/canonical-address.ts';
import { bodyStartOf } from '../message/body-start.ts';
import { parseStructure } from '../message/parse.ts';
import type { HeaderField } from '../message/structure.ts';
import type { MessageId } from '../store/ids.ts';
import type { StoredMessage } from '../store/store.ts';
import { addressText, type RelayAddress } from './address.ts';
import type { Delivery, ReleaseCause } from './delivery.ts';
import { relayLoop } from './loop-guard.ts';
import type { RelayOptions } from './options.ts';
import type { RelayPolicy } from './policy.ts';
import type { DeliveryQueue } from './queue.ts';
import { RelayRefusal, type RefusalCode } from './refusal.ts';

interface ReleasesWorld extends RelayOptions {
  readonly queue: DeliveryQueue;
  readonly policy: RelayPolicy;
}

/** The predicted result of a release (a request to send a captured message). */
export interface Rehearsal {
  /** The reason why the release would be refused; `null` if all recipients would be accepted. */
  readonly refusal: { readonly code: RefusalCode; readonly reason: string } | null;
  /** The recipients, each with the reason why the policy refuses it, or `null`. */
  readonly recipients: readonly {
    readonly to: string;
    readonly refusal: { readonly code: RefusalCode; readonly reason: string } | null;
  }[];
}

/** A release (a request to send a captured message) that the policy permits. */
interface Judged {
  readonly message: StoredMessage;
  readonly addresses: readonly RelayAddress[];
  readonly resent: boolean;
  readonly now: number;
}

export class Releases {
  readonly #world: ReleasesWorld;

  constructor(world: ReleasesWorld) {
    this.#world = world;
  }

  /**
   * Releases a message. Resolves when the new deliveries are stored; the list is empty if an automatic
   * release has no new recipient.
   *
   * @param recipients the addresses to send to; if `null`, the recipients of the message's envelope
   * @throws RelayRefusal if the release is refused; then nothing is queued
   */
  release(
    id: MessageId,
    recipients: readonly string[] | null,
    by: ReleaseCause,
  ): Promise<readonly Delivery[]> {
    // Releases run one after the other on all nodes, because each release reads the hourly limit and the earlier
    // deliveries before it adds new deliveries.
    return this.#world.store.nodes.exclusively('release', async () => {
      await this.#world.queue.caughtUp();
      return this.#release(id, recipients, by);
    });
  }

  async #release(
    id: MessageId,
    recipients: readonly string[] | null,
    by: ReleaseCause,
  ): Promise<readonly Delivery[]> {
    const judged = await this.#judge(id, recipients, by);
    if (judged === null) return [];
    const deliveries = this.#deliveries(judged, by);
    await this.#world.queue.add(deliveries);
    return deliveries;
  }

  async rehearse(id: MessageId, recipients: readonly string[] | null): Promise<Rehearsal> {
    const wanted = unique(recipients ?? (await this.#world.store.messages.summary(id))?.envelope.to ?? []);
    try {
      await this.#judge(id, recipients, 'person');
      return { refusal: null, recipients: wanted.map((to) => ({ to, refusal: null })) };
    } catch (error) {
      if (!(error instanceof RelayRefusal)) throw error;
      const { code, message: reason } = error;
      const against = new Map(error.recipients.map(({ to, ...refusal }) => [to, refusal]));
      return {
        refusal: { code, reason },
        recipients: wanted.map((to) => ({ to, refusal: against.get(to) ?? null })),
      };
    }
  }

  /** Checks a release against the policy. Returns `null` if an automatic release has no new recipient. */
  async #judge(
    id: MessageId,
    recipients: readonly string[] | null,
    by: ReleaseCause,
  ): Promise<Judged | null> {
    const { store, config, policy, queue, clock } = this.#world;
    const message = await store.messages.get(id);
    const raw = message === undefined ? undefined : await store.messages.raw(id);
    if (message === undefined || raw === undefined) {
      throw new RelayRefusal('not-found', `There is no message ${id}`);
    }
    const captured = message.envelope.to;
    const asked = unique(recipients ?? captured);
    const wanted = by === 'person' ? asked : asked.filter((to) => !this.#has(id, to));
    if (wanted.length === 0 && asked.length > 0) return null;
    const now = clock();
    const addresses = policy.judge(wanted, by, now, (instant) => queue.acceptedSince(instant));
    const { root } = parseStructure(raw.subarray(0, bodyStartOf(raw)));
    if (by !== 'person' && isAutomatic(message.envelope.from, root.headers)) {
      throw new RelayRefusal(
        'automatic',
        'Automatic messages are not relayed automatically, because they may answer each other: release them by hand',
      );
    }
    const loop = relayLoop(root, config.hostname, by !== 'person');
    if (loop !== null) throw new RelayRefusal('loop', loop);
    const known = new Set(captured.map(canonicalAddress));
    const resent = wanted.some((address) => !known.has(canonicalAddress(address)));
    return { message, addresses, resent, now };
  }

  #has(message: MessageId, to: string): boolean {
    return this.#world.queue.list({ message, to, limit: 1 }).length > 0;
  }

  #deliveries({ message, addresses, resent, now }: Judged, by: ReleaseCause): Delivery[] {
    const letters = Math.floor(this.#world.random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0');
    const release = `${now.toString(36)}${letters}`;
    return addresses.map((address, index) => ({
      id: `${release}.${index + 1}`,
      release,
      message: message.id,
      subject: message.subject,
      from: message.envelope.from,
      to: addressText(address),
      by,
      resent,
      state: 'queued',
      createdAt: now,
      updatedAt: now,
      since: now,
      nextAttemptAt: now,
      rounds: 0,
      attempts: 0,
      reason: null,
      status: null,
      host: null,
      delayNotified: false,
      noticeDue: null,
    }));
  }
}

const unique = (addresses: readonly string[]): string[] => [
  ...new Map(addresses.map((address) => [canonicalAddress(address), address.trim()])).values(),
];

/**
 * Returns whether a message is a bounce, an automatic reply or similar (RFC 3834 §2). An automatic release
 * must not send such a message: no person checks it before, and its recipient may answer automatically.
 */
function isAutomatic(from: string, headers: readonly HeaderField[]): boolean {
  return (
    from === '' ||
    headers.some(({ name, value }) => /^auto-submitted$/i.test(name) && !/^no\b/i.test(value.trim()))
  );
}
