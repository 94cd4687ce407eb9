/** Determines the TLS requirements for one host, with the reason. */
import type { ClientTls } from '../smtp/client/index.ts';
import { allowsHost, type StsAnswer } from './mta-sts/policies.ts';
import type { Route } from './route.ts';

export interface HostSecurity {
  readonly tls: ClientTls;
  readonly verify: boolean;
  /**
   * Whether the MTA-STS policy is in testing mode: deliveries that the policy would forbid are noted, but
   * sent nevertheless.
   */
  readonly trial: boolean;
  /** The name of the TLS policy, for the log of the delivery attempt. */
  readonly name: string;
  /** A description of how the host violates an MTA-STS policy in testing mode; `null` if it violates none. */
  readonly remark: string | null;
  /** The reason why the host must not be used; `null` if it may be used. */
  readonly forbidden: string | null;
}

const OPPORTUNISTIC: HostSecurity = {
  tls: 'opportunistic',
  verify: false,
  trial: false,
  name: 'opportunistic',
  remark: null,
  forbidden: null,
};

export function securityFor(host: string, { smartHost }: Route, { policy }: StsAnswer): HostSecurity {
  if (smartHost !== null) {
    const { tls, verify } = smartHost;
    return { ...OPPORTUNISTIC, tls, verify, name: `smart host, ${tls}` };
  }
  if (policy === null || policy.mode === 'none') return OPPORTUNISTIC;
  const name = `MTA-STS ${policy.mode}`;
  const stranger = allowsHost(policy, host) ? null : `The MTA-STS policy does not name ${host}`;
  if (policy.mode === 'testing') return { ...OPPORTUNISTIC, trial: true, name, remark: stranger };
  return { ...OPPORTUNISTIC, tls: 'required', verify: true, name, forbidden: stranger };
}
