/**
 * One round of the relay: sends a message to recipients with the same route, host by host and address by
 * address, until each recipient has an outcome or no host is left. Every attempted connection is reported
 * with its transcript.
 */
import { isIP } from 'node:net';
import { SmtpClient, SmtpClientError, type ClientTls } from '../smtp/client/index.ts';
import type { Attempt, AttemptOutcome } from './delivery.ts';
import { dial } from './dial.ts';
import { connectionVerdict } from './interpret.ts';
import { hostAddresses } from './mx.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { isPrivateAddress } from '../net/private-address.ts';
import { DnsFailure } from './resolver.ts';
import type { RoundWorld } from './round-world.ts';
import type { Route } from './route.ts';
import { securityFor, type HostSecurity } from './security.ts';
import type { RouteHost } from './smart-host.ts';
import { transact, type TransactionJob } from './transaction.ts';
import { deferred, failed, Undeliverable, type Verdict } from './verdict.ts';

/** The maximum number of connections that are attempted in one round of delivery attempts. */
const MAX_TRIES = 20;

export interface RoundJob extends Pick<TransactionJob, 'from' | 'beforeEnd'> {
  readonly domain: string;
  readonly recipients: readonly string[];
  readonly message: OutgoingMessage;
  /**
   * The function that is called after each delivery attempt, with the outcomes that the attempt determined. The
   * keys of `verdicts` are the indexes of the recipients in the round.
   */
  attempted(attempt: TriedHost, verdicts: ReadonlyMap<number, Verdict>): Promise<void>;
}

export type TriedHost = Omit<Attempt, 'delivery' | 'round'>;

/** One IP address of one host, with the TLS requirements and the login for the connection. */
interface Target {
  readonly host: RouteHost;
  readonly address: string;
  readonly security: HostSecurity;
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

/** The fields of an attempt's log entry except its outcome. */
type Tried = Partial<TriedHost> & Pick<TriedHost, 'security'>;

/**
 * Runs a round of delivery attempts. Returns the outcomes by the index of the recipient; a recipient whose
 * transaction was aborted because the relay closes has no outcome. Rejects only if the job's `beforeEnd`
 * rejects.
 */
export async function runRound(world: RoundWorld, job: RoundJob): Promise<ReadonlyMap<number, Verdict>> {
  return new Round(world, job).run();
}

class Round {
  readonly #world: RoundWorld;
  readonly #job: RoundJob;
  readonly #verdicts = new Map<number, Verdict>();
  /**
   * The outcome for the recipients that have no outcome yet when no host is left to try. A temporary failure has
   * precedence over a permanent one.
   */
  #last: Verdict | null = null;
  #tries = 0;

  constructor(world: RoundWorld, job: RoundJob) {
    this.#world = world;
    this.#job = job;
  }

  async run(): Promise<ReadonlyMap<number, Verdict>> {
    try {
      await this.#throughHosts(await this.#world.router.routeTo(this.#job.domain));
    } catch (error) {
      if (error instanceof Undeliverable) this.#last = error.verdict;
      else if (error instanceof DnsFailure) this.#last = deferred('4.4.3', error.message);
      else throw error;
      const outcome = this.#last.kind === 'failed' ? 'failed' : 'deferred';
      await this.#note({ security: 'none' }, outcome, this.#last.reason);
    }
    // If the relay closes during the round, the interrupted deliveries keep their state.
    if (this.#closing()) return this.#verdicts;
    const rest = this.#last ?? deferred('4.4.1', 'No mail server could be tried');
    for (const index of this.#open().keys()) this.#verdicts.set(index, rest);
    return this.#verdicts;
  }

  #closing(): boolean {
    return this.#world.signal.aborted;
  }

  /** Returns the recipients that have no outcome yet, by their index. */
  #open(): ReadonlyMap<number, string> {
    return new Map([...this.#job.recipients.entries()].filter(([index]) => !this.#verdicts.has(index)));
  }

  async #throughHosts(route: Route): Promise<void> {
    const { policies, clock } = this.#world;
    const none = { policy: null, note: null };
    const sts = route.byMx ? await policies.policyFor(this.#job.domain) : none;
    const credentials = route.smartHost?.credentials ?? null;
    for (const host of route.hosts) {
      if (this.#closing()) return;
      const asked = securityFor(host.name, route, sts);
      const security = { ...asked, remark: asked.remark ?? sts.note };
      const at = { host: host.name, security: security.name };
      if (security.forbidden !== null) {
        await this.#passOver(at, deferred('4.7.5', security.forbidden));
        continue;
      }
      for (const address of await this.#addresses(host, at)) {
        if (this.#open().size === 0 || this.#tries >= MAX_TRIES || this.#closing()) return;
        const startedAt = clock();
        const refusal = this.#refusal(address, host, route);
        if (refusal === null) await this.#try({ host, address, security, credentials });
        else await this.#passOver({ ...at, startedAt, address, port: host.port }, refusal);
      }
    }
  }

  async #addresses({ name }: RouteHost, at: Tried): Promise<readonly string[]> {
    if (isIP(name) !== 0) return [name];
    try {
      const addresses = await hostAddresses(name, this.#world.resolver);
      if (addresses.length === 0) await this.#passOver(at, failed('5.4.4', `${name} has no address`));
      return addresses;
    } catch (error) {
      if (!(error instanceof DnsFailure)) throw error;
      await this.#passOver(at, deferred('4.4.3', error.message));
      return [];
    }
  }

  /** Returns the reason why the relay must not connect to an IP address; `null` if it may connect. */
  #refusal(address: string, { name, port }: RouteHost, { named }: Route): Verdict | null {
    const { allowPrivate, isOwn } = this.#world;
    if (!named && !allowPrivate && isPrivateAddress(address)) {
      return failed(
        '5.7.1',
        `${name} has the private address ${address}: allow it with --relay-private or --relay-route`,
      );
    }
    if (isOwn(address, port)) return failed('5.4.6', `${name} is this sandbox itself`);
    return null;
  }

  async #try(target: Target): Promise<void> {
    let { tls } = target.security;
    for (;;) {
      this.#tries++;
      const outcome = await this.#connectAndSend(target, tls);
      if (outcome === 'clear') tls = 'none';
      else if (outcome === 'done') return;
    }
  }

  /**
   * Connects to one address and sends the message once. Returns `clear` if TLS failed and is not required,
   * which means that the caller tries without TLS, and `again` if a reused connection was closed by the
   * server.
   */
  async #connectAndSend(target: Target, tls: ClientTls): Promise<'done' | 'clear' | 'again'> {
    const { connections, clock } = this.#world;
    const { host, address, security, credentials } = target;
    const at = {
      host: host.name,
      address,
      port: host.port,
      security: security.name,
      startedAt: clock(),
    };
    const key = [address, host.port, host.name, tls, security.verify, credentials?.user ?? ''].join(' ');
    try {
      return await connections.with(
        key,
        () => this.#connect(target, tls),
        (client) => this.#send(client, security, at),
      );
    } catch (error) {
      if (!(error instanceof SmtpClientError)) throw error;
      if (this.#closing()) return 'done';
      const verdict = connectionVerdict(error);
      const clear = error.step === 'tls' && tls === 'opportunistic';
      if (!clear) this.#remember(verdict);
      await this.#note({ ...at, transcript: error.transcript }, 'next-host', verdict.reason);
      return clear ? 'clear' : 'done';
    }
  }

  async #connect({ host, address, security, credentials }: Target, tls: ClientTls): Promise<SmtpClient> {
    const { timing, hostname, ca, clock, signal } = this.#world;
    const { greeting, command, final } = timing;
    return SmtpClient.open({
      socket: await dial(address, host.port, timing.connect, signal),
      host: host.name,
      name: hostname,
      tls,
      verify: security.verify,
      ca,
      credentials,
      timeouts: { greeting, command, final },
      clock,
    });
  }

  async #send(client: SmtpClient, { remark, trial }: HostSecurity, at: Tried): Promise<'done' | 'again'> {
    const kept = client.sent > 0;
    if (remark !== null) client.note(remark);
    if (trial && client.tls?.verified !== true) {
      const lack = client.tls === null ? 'there is no TLS' : 'the certificate is not good for the host';
      client.note(
        `The MTA-STS policy is in testing mode; in enforce mode it would forbid this delivery: ${lack}`,
      );
    }
    const { verdicts, unlessAnother, unheard } = await transact(client, { ...this.#job, open: this.#open() });
    if (this.#closing() && verdicts.size === 0) return 'done';
    if (kept && unheard) return 'again';
    if (unlessAnother !== null) this.#remember(unlessAnother);
    const outcome = unlessAnother === null ? 'failed' : 'next-host';
    const tried = { ...at, tls: client.tls, transcript: client.transcript() };
    await this.#note(tried, outcome, unlessAnother?.reason ?? '', verdicts);
    return 'done';
  }

  /**
   * Remembers the outcome of a failed host. A temporary failure of one host has precedence over permanent
   * failures of other hosts.
   */
  #remember(verdict: Verdict): void {
    if (this.#last === null || this.#last.kind === 'failed' || verdict.kind === 'deferred')
      this.#last = verdict;
  }

  async #passOver(at: Tried, verdict: Verdict): Promise<void> {
    this.#remember(verdict);
    await this.#note(at, 'next-host', verdict.reason);
  }

  async #note(
    tried: Tried,
    outcome: AttemptOutcome,
    reason: string,
    verdicts: ReadonlyMap<number, Verdict> = new Map(),
  ): Promise<void> {
    const now = this.#world.clock();
    for (const [index, verdict] of verdicts) this.#verdicts.set(index, verdict);
    const nowhere = { host: null, address: null, port: null, tls: null, transcript: [] };
    const attempt = { startedAt: now, endedAt: now, ...nowhere, ...tried, outcome, reason };
    await this.#job.attempted(attempt, verdicts);
  }
}
