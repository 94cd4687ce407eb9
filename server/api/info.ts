/**
 * The API calls for information about the running server, for probes, and for metrics (Prometheus text format
 * 0.0.4).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Info } from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { isTemporary, type Store, type StoreFacts } from '../store/store.ts';
import { instant } from '../service/present/instant.ts';
import { presentRelay } from '../service/present/delivery.ts';
import { notFound, ProblemError } from '../../contract/problems.ts';

export const infoRoutes =
  (deps: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { store } = deps;
    const startedAt = deps.clock();
    app.get(
      '/info',
      {
        schema: {
          operationId: 'getInfo',
          tag: 'Server',
          summary: 'Get information about this server',
          response: { 200: Info },
        },
      },
      async () => {
        const { location, messages, accounts, bytes, warnings, seq } = await store.facts();
        return {
          name: 'restante' as const,
          version: deps.version,
          startedAt: instant(startedAt),
          startedBy: deps.startedBy,
          endpoints: [...deps.endpoints()],
          hosts: [...deps.hosts()],
          store: { location, messages, accounts, bytes, warnings: [...warnings] },
          seq,
          logins: deps.logins,
          limits: deps.limits,
          hasAuthority: deps.authority !== null,
          relay: presentRelay(deps.relay),
          application: deps.application?.url ?? null,
          sessions: deps.sessions(),
          memory: process.memoryUsage.rss(),
        };
      },
    );
  };

/**
 * The certificate of the local certificate authority, which clients may trust. The certificate is public; the
 * private key is never sent.
 */
export const authorityRoutes =
  ({ authority }: Pick<ApiDeps, 'authority'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/ca.crt', { schema: { hide: true } }, async (_request, reply) => {
      if (authority === null) throw notFound('There is no authority: start Restante with --tls auto');
      return reply
        .type('application/x-x509-ca-cert')
        .header('content-disposition', 'attachment; filename="restante-ca.crt"')
        .send(authority);
    });
  };

const PROBE = { schema: { hide: true }, config: { access: 'probe' } } as const;

/** The probes that container runtimes request. They are outside of `/api` and need no login. */
export const probeRoutes =
  (deps: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/livez', PROBE, async (_request, reply) => reply.type('text/plain').send('ok\n'));
    app.get('/readyz', PROBE, async (_request, reply) => {
      if (!deps.ready())
        throw new ProblemError('not-ready', 'Not every listener is bound yet: try again in a moment');
      const { refusal } = deps.store;
      if (refusal !== null) throw new ProblemError('no-storage', refusal);
      return reply.type('text/plain').send('ok\n');
    });

    const delay = monitorEventLoopDelay({ resolution: 20 });
    delay.enable();
    app.addHook('onClose', async () => {
      delay.disable();
    });
    app.get('/metrics', { ...PROBE, config: { access: 'metrics' } }, async (_request, reply) => {
      const facts = await storedFacts(deps.store);
      const sessions = deps.sessions();
      const { captured, refused, handshakes } = deps.capture.counts;
      const lines = [
        ...metric(
          'storage_available',
          'gauge',
          'Whether messages can be stored',
          deps.store.refusal === null ? 1 : 0,
        ),
        ...metricsOfStore(facts),
        ...metric('captured_total', 'counter', 'Messages captured since the start', captured),
        ...metric('refused_total', 'counter', 'SMTP refusals since the start', refused),
        ...metric('tls_failures_total', 'counter', 'Failed TLS handshakes since the start', handshakes),
        '# HELP restante_sessions Open connections',
        '# TYPE restante_sessions gauge',
        ...Object.entries(sessions).map(([protocol, n]) => `restante_sessions{protocol="${protocol}"} ${n}`),
        '# HELP restante_deliveries Deliveries of the relay by state',
        '# TYPE restante_deliveries gauge',
        ...Object.entries(deps.relay.counts()).map(
          ([state, n]) => `restante_deliveries{state="${state}"} ${n}`,
        ),
        ...metric(
          'event_loop_delay_p99_seconds',
          'gauge',
          'Event loop delay, 99th percentile',
          delay.percentile(99) / 1e9,
        ),
        ...metric('resident_memory_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss()),
      ];
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
    });
  };

/** Returns the facts of the store; `null` if its database does not answer at the moment. */
async function storedFacts(store: Store): Promise<StoreFacts | null> {
  try {
    return await store.facts();
  } catch (error) {
    if (isTemporary(error)) return null;
    throw error;
  }
}

/** Returns the metrics of the stored mail. They are the same on all servers that use the same database. */
function metricsOfStore(facts: StoreFacts | null): string[] {
  if (facts === null) return [];
  return [
    ...metric('messages', 'gauge', 'Messages kept', facts.messages),
    ...metric('accounts', 'gauge', 'Accounts', facts.accounts),
    ...metric('stored_bytes', 'gauge', 'Octets of the stored raw messages', facts.bytes),
    ...metric('changes_total', 'counter', 'Changes committed', facts.seq),
  ];
}

function metric(name: string, type: 'gauge' | 'counter', help: string, value: number): string[] {
  return [`# HELP restante_${name} ${help}`, `# TYPE restante_${name} ${type}`, `restante_${name} ${value}`];
}
