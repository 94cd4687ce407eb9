/** Whether an address and port are a listener of this sandbox: mail sent there would come back for ever. */
import { networkInterfaces } from 'node:os';

const WILDCARDS = new Set(['0.0.0.0', '::', '']);

export function isOwnEndpoint(
  address: string,
  port: number,
  endpoints: readonly { readonly host: string; readonly port: number }[],
): boolean {
  return endpoints.some(
    (endpoint) =>
      endpoint.port === port &&
      (endpoint.host === address || (WILDCARDS.has(endpoint.host) && isOfThisMachine(address))),
  );
}

function isOfThisMachine(address: string): boolean {
  if (/^127\.|^::1$/.test(address)) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === address));
}
