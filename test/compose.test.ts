/** Compares docker/compose.yaml with the option table and the image, and runs its rehearsal on loopback. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Delivery, DeliveryList, MessagePage } from '../contract/index.ts';
import { parseZone, type ZoneRecord } from '../server/checks/authenticity/zone-file.ts';
import { resolveConfig, type ResolvedConfig } from '../server/config/index.ts';
import { dockerfile, imageEnvironment, saidBy } from './helpers/dockerfile.ts';
import { startDns, type Zone } from './helpers/dns.ts';
import { root } from './helpers/documentation.ts';
import { temporaryDirectory } from './helpers/program.ts';
import { onFreePorts, startTestSandbox } from './helpers/sandbox.ts';
import { sendRaw } from './helpers/smtp.ts';
import { installed, mustRun } from './helpers/tool.ts';

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly profiles?: readonly string[];
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object | null>>;
}

const file = path.join(root, 'docker/compose.yaml');
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as Compose;
const service = (name: string): Service => compose.services[name] ?? {};
const content = (name: string): string => compose.configs[name]?.content ?? '';
const sandboxes = Object.keys(compose.services).filter((name) => service(name).build !== undefined);

/** Returns the configuration that the program reads from the command and environment of a service, in the image. */
function configOf(name: string): ResolvedConfig {
  const { command = '', environment = {} } = service(name);
  const argv = typeof command === 'string' ? command.split(/\s+/).filter((word) => word !== '') : command;
  return resolveConfig({ argv, env: { ...imageEnvironment(), ...environment }, cwd: path.dirname(file) });
}

function addressOf(name: string): string | undefined {
  const { networks = {} } = service(name);
  return Object.values(networks)[0]?.ipv4_address;
}

describe('a sandbox of the file', () => {
  it.each(sandboxes)('%s is built, and accepts its options', (name) => {
    const { build, volumes = [] } = service(name);
    expect(existsSync(path.join(path.dirname(file), build?.context ?? '', build?.dockerfile ?? ''))).toBe(
      true,
    );
    const { config, warnings } = configOf(name);
    // The warning about the open relay is expected: the rehearsal relays and is open to its network.
    expect(warnings.filter((text) => !text.startsWith('Relaying is on'))).toEqual([]);
    expect(config.relay === 'off' || config.relayAllow.length > 0).toBe(true);
    expect(config.memory || volumes.includes('mail:/data')).toBe(true);
  });

  it.each(sandboxes)('%s publishes ports that the image exposes, on this machine only', (name) => {
    const exposed = saidBy(dockerfile().at(-1) ?? [], 'EXPOSE')[0]?.split(' ') ?? [];
    const published = (service(name).ports ?? []).map((port) => port.split(':'));
    expect(published.length).toBeGreaterThan(0);
    expect(
      published.filter(([host, , port = '']) => host !== '127.0.0.1' || !exposed.includes(port)),
    ).toEqual([]);
  });
});

it('refers only to configs, networks, services and volumes that exist', () => {
  const all = Object.values(compose.services);
  const names = (of: object): string[] => Object.keys(of);
  const used = {
    configs: all.flatMap(({ configs = [] }) => configs.map(({ source }) => source)),
    networks: all.flatMap(
      ({ networks = [] }) => (Array.isArray(networks) ? networks : names(networks)) as string[],
    ),
    services: all.flatMap(({ depends_on: needs = {} }) => names(needs)),
    volumes: all.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.replace(/:.*/, ''))),
  };
  for (const [kind, wanted] of Object.entries(used)) {
    expect(names(compose[kind as keyof Compose]), kind).toEqual(expect.arrayContaining(wanted));
  }
  const published = all.flatMap(({ ports = [] }) => ports.map((port) => port.replace(/:\d+$/, '')));
  expect(new Set(published).size).toBe(published.length);
});

/**
 * Returns the zone of the file for the test's DNS server, with the address of this machine as that of the
 * recipient.
 */
function zoneOnLoopback(recipient: string): Record<string, Zone> {
  const told = (records: readonly ZoneRecord[]): Zone => ({
    MX: records.flatMap((each) => (each.type === 'MX' ? [`${each.priority} ${each.exchange}`] : [])),
    A: records.flatMap((each) =>
      each.type === 'A' ? [each.value === addressOf('recipient') ? recipient : '127.0.0.9'] : [],
    ),
  });
  return Object.fromEntries([...parseZone(content('zone'))].map(([name, records]) => [name, told(records)]));
}

describe('the rehearsal', () => {
  const { config } = configOf('outgoing');

  it('uses the DNS server of the file, in which the host is the recipient', () => {
    expect(config.relayDns).toBe(`${addressOf('dns')}:53`);
    expect(config.relayPort).toBe(configOf('recipient').config.smtpPort);
    const [domain = ''] = /^\S+(?=:53 \{)/.exec(content('corefile')) ?? [];
    expect(config.relayAllow).toEqual([domain]);
    expect(service('dns').configs?.map(({ target }) => target)).toEqual(['/Corefile', '/zone']);
    expect(content('corefile')).toContain('file /zone');
  });

  it('delivers the message of its application to the recipient', async () => {
    const recipient = await startTestSandbox({
      ...configOf('recipient').config,
      ...onFreePorts,
      host: '127.0.0.2',
    });
    const dns = await startDns(zoneOnLoopback('127.0.0.2'));
    const outgoing = await startTestSandbox({
      ...config,
      ...onFreePorts,
      host: '127.0.0.1',
      relayDns: dns.server,
      relayPort: recipient.smtp.port,
    });
    await send(`smtp://127.0.0.1:${outgoing.smtp.port}`);
    const all = async () => (await recipient.json<MessagePage>('messages')).messages;
    await expect.poll(async () => (await all()).length, { interval: 5 }).toBe(1);
    const [{ envelope, subject } = {}] = await all();
    expect([envelope?.to, subject]).toEqual([['ann@recipient.test'], 'Confirm your address']);
    const [delivery] = (await outgoing.json<DeliveryList>('deliveries')).deliveries;
    const { log } = await outgoing.json<Delivery & { log: object[] }>(`deliveries/${delivery?.id}`);
    expect(log).toMatchObject([
      { host: 'gone.recipient.test', outcome: 'next-host' },
      { host: 'mx.recipient.test', outcome: 'delivered', tls: { verified: false } },
    ]);
  });

  /** Runs the application's own command if curl is installed, otherwise sends a message itself. */
  async function send(url: string): Promise<void> {
    const folder = temporaryDirectory();
    const [{ target } = { target: '' }] = service('shop').configs ?? [];
    const [command = ''] = service('shop').command ?? [];
    expect(service('shop').environment).toEqual({ SMTP_URL: 'smtp://outgoing:1025' });
    if (!installed('curl')) {
      const raw = Buffer.from(content('message').replaceAll('\n', '\r\n'));
      const [host = '', port = ''] = new URL(url).host.split(':');
      await sendRaw({ host, port: Number(port) }, [raw], {
        from: 'shop@shop.test',
        to: ['ann@recipient.test'],
      });
      return;
    }
    writeFileSync(path.join(folder, 'message.eml'), content('message'));
    const script = command.replaceAll('$$', '$').replace(target, path.join(folder, 'message.eml'));
    await mustRun('sh', ['-c', script], { env: { SMTP_URL: url } });
  }
});
