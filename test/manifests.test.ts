/** Compares the files for several nodes (docker/) with the options and the image. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { resolveConfig } from '../server/config/index.ts';
import { imageEnvironment, saidBy, dockerfile } from './helpers/dockerfile.ts';
import { root } from './helpers/documentation.ts';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}
interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
}
interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

const read = (name: string): string => readFileSync(path.join(root, 'docker', name), 'utf8');
const exposed = saidBy(dockerfile()[1] ?? [], 'EXPOSE').flatMap((ports) => ports.split(' ').map(Number));

it('nodes.compose.yaml starts two nodes on the database behind the balancer', () => {
  const { services, configs } = parse(read('nodes.compose.yaml'), { merge: true }) as Compose;
  for (const name of ['one', 'two']) {
    const { environment = {}, ports = [], read_only: isReadOnly } = services[name] ?? {};
    const { config, warnings } = resolveConfig({
      argv: [],
      env: { ...imageEnvironment(), ...environment },
      cwd: root,
    });
    const { store } = config;
    expect(new URL(store ?? '').hostname).toBe('database');
    expect([isReadOnly, warnings]).toEqual([true, []]);
    for (const port of ports) expect(exposed).toContain(Number(port.split(':').at(-1)));
    expect(configs['caddyfile']?.content).toContain(`${name}:8025`);
  }
  const database = services['database']?.environment ?? {};
  const url = new URL(services['one']?.environment?.['RESTANTE_STORE'] ?? '');
  expect([url.username, url.password, url.pathname]).toEqual([
    database['POSTGRES_USER'],
    database['POSTGRES_PASSWORD'],
    `/${database['POSTGRES_DB'] ?? ''}`,
  ]);
});

it('kubernetes.yaml uses ports of the image, and the probes', () => {
  const [deployment, service] = parseAllDocuments(read('kubernetes.yaml')).map(
    (each) => each.toJS() as unknown,
  );
  const [container] = (deployment as Deployment).spec.template.spec.containers;
  expect(container?.env.map(({ name }) => name)).toEqual(['RESTANTE_STORE']);
  for (const { containerPort } of container?.ports ?? []) expect(exposed).toContain(containerPort);
  expect(container?.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  const { ports } = (service as { spec: { ports: readonly { targetPort: string }[] } }).spec;
  expect(ports.map(({ targetPort }) => targetPort)).toEqual(container?.ports.map(({ name }) => name));
});
