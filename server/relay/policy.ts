/**
 * The policy of the relay. A message may be relayed to a recipient only if relaying is on, the recipient is
 * on the allow list and not on the deny list, and the hourly limit is not reached. Every kind of release is
 * checked here; if one recipient is refused, the whole release is refused.
 */
import { parseRelayAddress, type RelayAddress } from './address.ts';
import { parseAddressPattern, type AddressPattern } from './address-pattern.ts';
import type { AllowList } from './allow-list.ts';
import type { ReleaseCause } from './delivery.ts';
import type { RelayConfig } from './options.ts';
import { RelayRefusal, type RefusedRecipient } from './refusal.ts';

const HOUR = 3_600_000;

/** The policy in force, in the form that users can read. */
export interface PolicyView {
  readonly mode: RelayConfig['mode'];
  readonly allow: readonly string[];
  /** The patterns of `allow` that were added at run time. */
  readonly added: readonly string[];
  /** Whether the allow list cannot be changed at run time. */
  readonly allowFixed: boolean;
  readonly deny: readonly string[];
  readonly private: boolean;
  readonly route: 'mx' | 'smart-host';
  /** The URL of the smart host without its credentials. */
  readonly smartHost: string | null;
  readonly routes: readonly string[];
  readonly hostname: string;
  readonly dkim: { readonly domain: string; readonly selector: string } | null;
  readonly maxPerHour: number;
  /** The number of deliveries accepted within the last hour. */
  readonly usedThisHour: number;
}

export interface RelayPolicy {
  /**
   * Checks whether a message may be released to the recipients. Returns the parsed addresses of the recipients,
   * in the given order.
   *
   * @param acceptedSince returns the number of deliveries accepted at or after an instant
   * @throws RelayRefusal if the policy does not allow the release
   */
  judge(
    recipients: readonly string[],
    by: ReleaseCause,
    now: number,
    acceptedSince: (instant: number) => number,
  ): readonly RelayAddress[];
  /** Returns whether the policy allows the relay to send to an address, regardless of the hourly limit. */
  allows(to: string): boolean;
  view(now: number, acceptedSince: (instant: number) => number): PolicyView;
}

/** Creates the policy from the options of the relay. Throws an `Error` for an invalid pattern of the deny list. */
export function createPolicy(config: RelayConfig, allow: AllowList): RelayPolicy {
  const deny = config.deny.map(parseAddressPattern);
  const { mode, maxPerHour } = config;

  function refusal(to: string, address: RelayAddress | null): RefusedRecipient | null {
    if (address === null) return { to, code: 'bad-address', reason: `${to} is not an address` };
    const denied = matching(deny, address);
    if (denied !== undefined) {
      return { to, code: 'denied', reason: `${to} is on the deny list (${denied.text})` };
    }
    if (matching(allow.patterns, address) === undefined) {
      return { to, code: 'not-allowed', reason: `${to} is not on the allow list` };
    }
    return null;
  }

  return {
    judge(recipients, by, now, acceptedSince) {
      if (mode === 'off')
        throw new RelayRefusal(
          'off',
          'Relaying is off: start the server with --relay manual or --relay auto',
        );
      if (mode === 'manual' && by !== 'person') {
        throw new RelayRefusal(
          'manual-only',
          'Rules may not relay: start the server with --relay auto to permit it',
        );
      }
      if (recipients.length === 0) throw new RelayRefusal('no-recipients', 'The release has no recipients');
      const addresses = recipients.map(parseRelayAddress);
      const refused = recipients.flatMap((to, index) => refusal(to, addresses[index] ?? null) ?? []);
      const [first] = refused;
      if (first !== undefined) {
        throw new RelayRefusal(first.code, refused.map(({ reason }) => reason).join('; '), refused);
      }
      const used = acceptedSince(now - HOUR);
      if (maxPerHour > 0 && used + recipients.length > maxPerHour) {
        const text =
          `The limit of ${maxPerHour} deliveries per hour is reached (${used} so far): ` +
          'try again later, or raise --relay-max-per-hour';
        throw new RelayRefusal('ceiling', text);
      }
      return addresses.filter((address) => address !== null);
    },
    allows: (to) => mode !== 'off' && refusal(to, parseRelayAddress(to)) === null,
    view: (now, acceptedSince) => ({
      mode,
      allow: allow.patterns.map(({ text }) => text),
      added: allow.added,
      allowFixed: config.allowFixed,
      deny: deny.map(({ text }) => text),
      private: config.private,
      route: config.smartHost === null ? 'mx' : 'smart-host',
      smartHost: config.smartHost === null ? null : config.smartHost.replace(/\/\/[^@/]*@/, '//'),
      routes: config.routes,
      hostname: config.hostname,
      dkim: config.dkim === null ? null : { domain: config.dkim.domain, selector: config.dkim.selector },
      maxPerHour,
      usedThisHour: acceptedSince(now - HOUR),
    }),
  };
}

const matching = (patterns: readonly AddressPattern[], address: RelayAddress): AddressPattern | undefined =>
  patterns.find((pattern) => pattern.matches(address));
