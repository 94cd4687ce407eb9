/**
 * One round: a message to recipients of one domain, host by host and address by address, until each of them has a
 * verdict or there is no host left. Every connection tried is told, with its transcript.
 */
import { isIP } from 'node:net';
import { SmtpClient, SmtpClientError, type ClientTls } from '../smtp/client.ts';
import { addressText, needsUtf8, type RelayAddress } from './address.ts';
import type { Connections } from './connections.ts';
import type { Attempt, AttemptOutcome } from './delivery.ts';
import { dial } from './dial.ts';
import { connectionVerdict, interpret, unsuitable } from './interpret.ts';
import type { StsPolicies } from './mta-sts/policies.ts';
import { hostAddresses } from './mx.ts';
import type { RelayTiming } from './options.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { isPrivateAddress } from './private-address.ts';
import { DnsFailure, type MailResolver } from './resolver.ts';
import type { Route, RouteHost, Router } from './route.ts';
import { securityFor, type HostSecurity } from './security.ts';
import { deferred, failed, Undeliverable, type Verdict } from './verdict.ts';

/** Connections tried in one round. */
const MAX_TRIES = 20;

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
  /** Whether this sandbox takes mail there itself. */
  isOwn(address: string, port: number): boolean;
}

export interface RoundJob {
  readonly domain: string;
  readonly from: string;
  readonly recipients: readonly RelayAddress[];
  readonly message: OutgoingMessage;
  /** Awaited before the final dot, with the indexes of the recipients that were taken. Rejects to withdraw. */
  beforeEnd(accepted: readonly number[]): Promise<void>;
  /** An attempt was made; verdicts by index of recipient, for those it decided. */
  attempted(attempt: TriedHost, verdicts: ReadonlyMap<number, Verdict>): Promise<void>;
}

export type TriedHost = Omit<Attempt, 'delivery' | 'round'>;

/** Verdicts by index of recipient. Rejects only when the job withdraws. */
export async function runRound(world: RoundWorld, job: RoundJob): Promise<ReadonlyMap<number, Verdict>> {
  return new Round(world, job).run();
}

class Round {
  readonly #world: RoundWorld;
  readonly #job: RoundJob;
  readonly #verdicts = new Map<number, Verdict>();
  /** Holds for those without a verdict when no host is left: a temporary one outweighs others. */
  #last: Verdict | null = null;
  #tries = 0;
  #host: { readonly name: string; readonly security: string } | null = null;

  constructor(world: RoundWorld, job: RoundJob) {
    this.#world = world;
    this.#job = job;
  }

  async run(): Promise<ReadonlyMap<number, Verdict>> {
    try {
      const route = await this.#world.router.routeTo(this.#job.domain);
      await this.#throughHosts(route);
    } catch (error) {
      if (error instanceof Undeliverable) this.#last = error.verdict;
      else if (error instanceof DnsFailure) this.#last = deferred('4.4.3', error.message);
      else throw error;
      await this.#noteWithoutConnection(this.#last);
    }
    const rest = this.#last ?? deferred('4.4.1', 'No mail server could be tried');
    for (const index of this.#open()) this.#verdicts.set(index, rest);
    return this.#verdicts;
  }

  #open(): number[] {
    return this.#job.recipients.flatMap((_, index) => (this.#verdicts.has(index) ? [] : [index]));
  }

  async #throughHosts(route: Route): Promise<void> {
    const { policies, clock } = this.#world;
    const none = { policy: null, note: null };
    const sts = route.byMx ? await policies.policyFor(this.#job.domain) : none;
    for (const host of route.hosts) {
      const security = securityFor(host.name, route, sts);
      this.#host = { name: host.name, security: security.name };
      if (security.forbidden !== null) {
        await this.#giveUpHost(deferred('4.7.5', security.forbidden));
        continue;
      }
      const addresses = await this.#addresses(host);
      for (const address of addresses) {
        if (this.#open().length === 0 || this.#tries >= MAX_TRIES) return;
        const startedAt = clock();
        const refusal = this.#refusal(address, host, route);
        if (refusal === null)
          await this.#try(address, host, route, { ...security, remark: security.remark ?? sts.note });
        else await this.#giveUpHost(refusal, { startedAt, address, port: host.port });
      }
    }
  }

  async #addresses(host: RouteHost): Promise<readonly string[]> {
    if (isIP(host.name) !== 0) return [host.name];
    try {
      const addresses = await hostAddresses(host.name, this.#world.resolver);
      if (addresses.length === 0) await this.#giveUpHost(failed('5.4.4', `${host.name} has no address`));
      return addresses;
    } catch (error) {
      if (!(error instanceof DnsFailure)) throw error;
      await this.#giveUpHost(deferred('4.4.3', error.message));
      return [];
    }
  }

  /** Why an address must not be used; `null` when it may. */
  #refusal(address: string, { name, port }: RouteHost, { named }: Route): Verdict | null {
    const { allowPrivate, isOwn } = this.#world;
    if (!named && !allowPrivate && isPrivateAddress(address)) {
      return failed('5.7.1', `${name} has the private address ${address}: no mail goes there`);
    }
    if (isOwn(address, port)) return failed('5.4.6', `${name} is this sandbox itself`);
    return null;
  }

  async #try(address: string, host: RouteHost, route: Route, security: HostSecurity): Promise<void> {
    let { tls } = security;
    for (;;) {
      this.#tries++;
      const outcome = await this.#connectAndSend(address, host, route, { ...security, tls });
      if (outcome === 'clear') tls = 'none';
      else if (outcome === 'done') return;
    }
  }

  /** `clear`: TLS failed where it was not required. `again`: a kept connection turned out to be gone. */
  async #connectAndSend(
    address: string,
    host: RouteHost,
    { smartHost }: Route,
    { tls, verify, remark }: HostSecurity,
  ): Promise<'done' | 'clear' | 'again'> {
    const { connections, clock } = this.#world;
    const { port } = host;
    const startedAt = clock();
    const place = { startedAt, address, port };
    const key = [address, port, host.name, tls, verify, smartHost?.credentials?.user ?? ''].join(' ');
    const open = (): Promise<SmtpClient> =>
      this.#connect(address, host, tls, verify, smartHost?.credentials ?? null);
    try {
      return await connections.with(key, open, async (client) => {
        const kept = client.sent > 0;
        if (remark !== null) client.note(remark);
        return this.#send(client, kept, place);
      });
    } catch (error) {
      if (!(error instanceof SmtpClientError)) throw error;
      const verdict = connectionVerdict(error);
      const clear = error.step === 'tls' && tls === 'opportunistic';
      if (!clear) this.#remember(verdict);
      await this.#note({ ...place, transcript: error.transcript, tls: null }, 'next-host', verdict.reason);
      return clear ? 'clear' : 'done';
    }
  }

  async #connect(
    address: string,
    host: RouteHost,
    tls: ClientTls,
    verify: boolean,
    credentials: { readonly user: string; readonly password: string } | null,
  ): Promise<SmtpClient> {
    const { timing, hostname, ca, clock } = this.#world;
    const socket = await dial(address, host.port, timing.connect);
    const { greeting, command, final } = timing;
    return SmtpClient.open({
      socket,
      host: host.name,
      name: hostname,
      tls,
      verify,
      ca,
      credentials,
      timeouts: { greeting, command, final },
      clock,
    });
  }

  async #send(
    client: SmtpClient,
    kept: boolean,
    place: { readonly startedAt: number; readonly address: string; readonly port: number },
  ): Promise<'done' | 'again'> {
    const { from, recipients, message } = this.#job;
    const open = this.#open();
    const utf8 = client.extensions.has('SMTPUTF8');
    const cannot = unsuitable(client, message, from);
    const texts = new Map(open.map((index) => [index, addressText(recipients[index]!)]));
    const verdicts = new Map<number, Verdict>();
    for (const [index, text] of texts) {
      if (cannot !== null) verdicts.set(index, cannot);
      else if (needsUtf8(text) && !utf8) {
        verdicts.set(index, failed('5.6.7', `The server does not take ${text} (SMTPUTF8)`));
      }
    }
    const going = open.filter((index) => !verdicts.has(index));
    let outcome: AttemptOutcome = 'failed';
    if (going.length > 0) {
      const to = going.map((index) => texts.get(index)!);
      const smtpUtf8 = message.utf8Header || [from, ...to].some(needsUtf8);
      const eightBit = message.eightBit && client.extensions.has('8BITMIME');
      const result = await client.send({ from, to, eightBit, smtpUtf8 }, message.bytes, (accepted) =>
        this.#job.beforeEnd(going.filter((index) => accepted.includes(texts.get(index)!))),
      );
      if (kept && result.failure !== null && !result.ended && result.mail === null) return 'again';
      const meaning = interpret(result);
      if ('unlessAnother' in meaning) {
        this.#remember(meaning.unlessAnother);
        outcome = 'next-host';
        await this.#note({ ...place, ...said(client) }, outcome, meaning.unlessAnother.reason, verdicts);
        return 'done';
      }
      for (const [at, index] of going.entries()) verdicts.set(index, meaning[at]!);
    }
    await this.#note({ ...place, ...said(client) }, outcome, '', verdicts);
    return 'done';
  }

  /** A temporary problem with one host leaves hope, whatever the others say. */
  #remember(verdict: Verdict): void {
    if (this.#last === null || this.#last.kind === 'failed' || verdict.kind === 'deferred')
      this.#last = verdict;
  }

  async #giveUpHost(
    verdict: Verdict,
    place: Partial<Pick<TriedHost, 'startedAt' | 'address' | 'port'>> = {},
  ): Promise<void> {
    this.#remember(verdict);
    await this.#note({ ...place, tls: null, transcript: [] }, 'next-host', verdict.reason);
  }

  async #noteWithoutConnection(verdict: Verdict): Promise<void> {
    this.#host = null;
    const outcome = verdict.kind === 'failed' ? 'failed' : 'deferred';
    await this.#note({ tls: null, transcript: [] }, outcome, verdict.reason);
  }

  async #note(
    at: Partial<TriedHost> & Pick<TriedHost, 'tls' | 'transcript'>,
    outcome: AttemptOutcome,
    reason: string,
    verdicts: ReadonlyMap<number, Verdict> = new Map(),
  ): Promise<void> {
    const now = this.#world.clock();
    for (const [index, verdict] of verdicts) this.#verdicts.set(index, verdict);
    await this.#job.attempted(
      {
        startedAt: at.startedAt ?? now,
        endedAt: now,
        host: this.#host?.name ?? null,
        address: at.address ?? null,
        port: at.port ?? null,
        outcome,
        reason,
        security: this.#host?.security ?? 'none',
        tls: at.tls,
        transcript: at.transcript,
      },
      verdicts,
    );
  }
}

const said = (client: SmtpClient): Pick<TriedHost, 'tls' | 'transcript'> => ({
  tls: client.tls,
  transcript: client.transcript(),
});
