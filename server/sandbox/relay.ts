/** Creates the relay that the configuration requests. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { SandboxConfig } from '../config/index.ts';
import { openApplication, type Application } from '../relay/application.ts';
import type { HandOverWorld } from '../relay/hand-over.ts';
import { REFUSED_RELAY, RelayRefusal, type RefusedRelayNote } from '../relay/refusal.ts';
import { createRelay, dnsResolver, type DkimKey, type Relay, type RelayOptions } from '../relay/relay.ts';
import type { MessageId } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { OptionError, StartError } from './start-error.ts';
import { systemWords } from '../net/system-words.ts';

/** Creates the relay. Throws `StartError` when a key cannot be read, or when a name or pattern is invalid. */
export function openRelay(config: SandboxConfig, world: Omit<RelayOptions, 'config' | 'resolver'>): Relay {
  const dkim = dkimKey(config);
  try {
    return createRelay({
      ...world,
      resolver: dnsResolver(config.relayDns),
      config: {
        mode: config.relay,
        allow: config.relayAllow,
        allowFixed: config.relayAllowFixed,
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

/**
 * Returns the object that sends mail to the application under test, or `null` if no application is configured.
 * Throws `OptionError` if the URL of the application is invalid.
 */
export function openApplicationOf(
  { app }: SandboxConfig,
  world: Pick<HandOverWorld, 'clock' | 'guard'>,
): Application | null {
  if (app === null) return null;
  try {
    return openApplication(app, { ...world, hostname: hostname() });
  } catch (error) {
    throw new OptionError(`--app cannot be used: ${(error as Error).message}`, { cause: error });
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
    throw new OptionError(`--relay-dkim-key ${file} cannot be used: ${systemWords(error)}`, {
      cause: error,
    });
  }
}

/**
 * Releases a message to the relay for the rule action `relay`. If the relay refuses the message, the refusal is
 * stored as a note with the message; the caller logs the refusal.
 */
export async function releaseByRule(
  store: Store,
  relay: Relay,
  clock: () => number,
  id: MessageId,
  to: readonly string[] | null,
): Promise<void> {
  try {
    await relay.release(id, to, 'rule');
  } catch (error) {
    if (error instanceof RelayRefusal) {
      const note: RefusedRelayNote = { at: clock(), code: error.code, reason: error.message };
      await store.messages.annotate(id, REFUSED_RELAY, note);
    }
    throw error;
  }
}
