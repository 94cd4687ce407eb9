/** The services that all rounds of delivery attempts use, created once from the options of the relay. */
import type { Connections } from './connections.ts';
import { httpsPolicyFetch } from './mta-sts/fetch.ts';
import { StsPolicies } from './mta-sts/policies.ts';
import type { RelayOptions, RelayTiming } from './options.ts';
import { LoopGuard } from './loop-guard.ts';
import type { MailResolver } from './resolver.ts';
import { createRouter, type Router } from './route.ts';

export interface RoundWorld {
  readonly router: Router;
  readonly resolver: MailResolver;
  readonly policies: StsPolicies;
  readonly connections: Connections;
  readonly hostname: string;
  readonly allowPrivate: boolean;
  readonly ca: string | null;
  readonly timing: RelayTiming;
  readonly clock: () => number;
  /**
   * The signal that is aborted when the relay closes: open connections are then closed, and no further
   * connections are opened.
   */
  readonly signal: AbortSignal;
  /** Returns whether an address and port belong to a listener of this sandbox. */
  readonly isOwn: (address: string, port: number) => boolean;
}

/**
 * Creates the services that rounds of delivery attempts use. Throws an `Error` for an invalid route or smart
 * host.
 */
export function createRoundWorld(
  options: RelayOptions,
  timing: RelayTiming,
  connections: Connections,
  signal: AbortSignal,
): RoundWorld {
  const { config, resolver, store, clock, random, guard = new LoopGuard(), ca = null } = options;
  return {
    router: createRouter(config, resolver, random),
    resolver,
    policies: new StsPolicies({
      resolver,
      cache: store.records.collection('mta-sts'),
      fetch: options.fetchPolicy ?? httpsPolicyFetch(),
      allowPrivate: config.private,
      clock,
    }),
    connections,
    hostname: config.hostname,
    allowPrivate: config.private,
    ca,
    timing,
    clock,
    signal,
    isOwn: (address, port) => guard.isOwn(address, port),
  };
}
