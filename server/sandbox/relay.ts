/** Builds the relay that a configuration asks for. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { SandboxConfig } from '../config.ts';
import { createRelay, dnsResolver, type DkimKey, type Relay, type RelayOptions } from '../relay/relay.ts';
import { StartError } from './start-error.ts';

/** Throws `StartError` when a key cannot be read, or a name or pattern makes no sense. */
export function openRelay(config: SandboxConfig, world: Omit<RelayOptions, 'config' | 'resolver'>): Relay {
  const dkim = dkimKey(config);
  try {
    return createRelay({
      ...world,
      resolver: dnsResolver(config.relayDns),
      config: {
        mode: config.relay,
        allow: config.relayAllow,
        deny: config.relayDeny,
        private: config.relayPrivate,
        port: config.relayPort,
        smartHost: config.relaySmarthost,
        routes: config.relayRoute,
        hostname: config.relayHostname ?? hostname(),
        maxPerHour: config.relayMaxPerHour,
        dkim,
      },
    });
  } catch (error) {
    throw new StartError(`The relay cannot be set up: ${(error as Error).message}`, { cause: error });
  }
}

function dkimKey(config: SandboxConfig): DkimKey | null {
  const { relayDkimDomain: domain, relayDkimSelector: selector, relayDkimKey: file } = config;
  if (domain === null || selector === null || file === null) return null;
  try {
    const privateKey = readFileSync(file, 'utf8');
    createPrivateKey(privateKey);
    return { domain, selector, privateKey };
  } catch (error) {
    throw new StartError(`--relay-dkim-key ${file} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
