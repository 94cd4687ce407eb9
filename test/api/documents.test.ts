/** Tests the description of the API, and that invalid requests never cause an internal error. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import tls from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Info, MintedAccount, Rule, RuleCheck, RuleList } from '../../contract/index.ts';
import { problemCodes } from '../../contract/problems.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { summary?: string; responses: Record<string, { description?: string; $ref?: string }> }>
  >;
  readonly components: { readonly responses: { readonly Problem: { readonly description: string } } };
}

it('describes every call in OpenAPI 3.1', async () => {
  const document = await sandbox.json<OpenApi>('openapi.json');
  expect(document.openapi).toBe('3.1.0');
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => {
      expect(call.summary, `${method} ${path}`).toBeTruthy();
      return `${method.toUpperCase()} ${path}`;
    }),
  );
  expect(calls.sort()).toEqual(
    [
      'DELETE /api/accounts/{name}',
      'DELETE /api/messages',
      'DELETE /api/messages/{id}',
      'DELETE /api/rules',
      'DELETE /api/rules/{id}',
      'GET /api/accounts',
      'GET /api/connections',
      'GET /api/deliveries',
      'GET /api/deliveries/{id}',
      'GET /api/events',
      'GET /api/info',
      'GET /api/messages',
      'GET /api/messages/wait',
      'GET /api/messages/{id}',
      'GET /api/messages/{id}/checks',
      'GET /api/messages/{id}/checks/{check}',
      'GET /api/messages/{id}/html',
      'GET /api/messages/{id}/parts/{part}',
      'GET /api/messages/{id}/raw',
      'GET /api/messages/{id}/text',
      'GET /api/messages/{id}/transcript',
      'GET /api/rules',
      'GET /api/rules/{id}',
      'GET /api/sessions',
      'GET /api/tags',
      'GET /api/webhooks',
      'PATCH /api/accounts/{name}',
      'PATCH /api/messages',
      'PATCH /api/messages/{id}',
      'POST /api/accounts',
      'POST /api/application',
      'POST /api/deliveries/{id}/cancel',
      'POST /api/deliveries/{id}/retry',
      'POST /api/messages',
      'POST /api/messages/{id}/checks/{check}',
      'POST /api/messages/{id}/release',
      'POST /api/messages/{id}/release/rehearsal',
      'POST /api/rules',
      'POST /api/rules/check',
      'POST /api/rules/explain',
      'POST /api/rules/order',
      'POST /api/webhooks/{id}/replay',
      'PUT /api/rules/{id}',
    ].sort(),
  );
});

it('describes the result of every call, and every problem', async () => {
  const { paths, components } = await sandbox.json<OpenApi>('openapi.json');
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const { default: failure, ...results } = responses;
      expect(failure, `${method} ${path}`).toEqual({ $ref: '#/components/responses/Problem' });
      const described = Object.values(results).map(({ description = '' }) => description);
      expect(described.length, `${method} ${path}`).toBeGreaterThan(0);
      expect(described, `${method} ${path}`).not.toContain('');
      expect(described, `${method} ${path}`).not.toContain('Default Response');
    }
  }
  const named = [...components.responses.Problem.description.matchAll(/^- `([a-z-]+)`/gm)];
  expect(named.map(([, code]) => code)).toEqual(problemCodes);
});

it('has a page that shows the API without resources of other hosts', async () => {
  const page = await (await sandbox.api('docs')).text();
  expect(page).toContain('/api/messages/wait');
  expect(page).not.toMatch(/<script|src=|https?:\/\//);
});

it('returns information, probes and metrics', async () => {
  const info = await sandbox.json<Info>('info');
  expect(info).toMatchObject({ name: 'restante', relay: { mode: 'off' }, store: { location: 'memory' } });
  expect(info.endpoints.map(({ protocol }) => protocol).sort()).toEqual(['http', 'imap', 'pop3', 'smtp']);
  expect(await (await fetch(new URL('readyz', sandbox.url))).text()).toBe('ok\n');
  const metrics = await (await fetch(new URL('metrics', sandbox.url))).text();
  expect(metrics).toMatch(/^restante_messages \d+$/m);
  for (const line of metrics.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) restante_\w+ .+|restante_\w+(\{[^}]*\})? [\d.e+-]+)$/);
  }
});

it('creates accounts, and returns all data that is needed to use them', async () => {
  const mint = (body: unknown) =>
    sandbox.api('accounts', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  const made = (await (await mint({ name: 'Sign up!' })).json()) as MintedAccount;
  expect(made.name).toMatch(/^sign-up\.[a-z0-9]{8}@restante\.test$/);
  expect(made.password).toMatch(/^[a-z0-9]{16}$/);
  expect(made.endpoints).toHaveLength(4);
  expect((await mint({ address: made.name })).status).toBe(409);
  expect((await mint({ address: 'no address' })).status).toBe(400);
  expect((await sandbox.api(`accounts/${made.name}`, { method: 'DELETE' })).status).toBe(204);
  expect((await sandbox.api(`accounts/${made.name}`, { method: 'DELETE' })).status).toBe(404);
  expect((await sandbox.api('accounts/all', { method: 'DELETE' })).status).toBe(400);
});

it('answers random requests with a problem that the client caused', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const part = fc.oneof(
    fc.constantFrom('messages', 'accounts', 'latest', 'parts', 'raw', 'wait', 'tags', '1'),
    text,
  );
  const parameter = fc.tuple(
    fc.constantFrom('query', 'account', 'limit', 'cursor', 'after', 'timeout', 'all'),
    text,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'PATCH', 'POST', 'DELETE', 'PUT'),
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.array(parameter, { maxLength: 3 }),
      fc.option(fc.oneof(text, fc.json())),
      async (method, parts, parameters, body) => {
        const path = parts
          .map((piece) => encodeURIComponent(piece.replaceAll(/[\ud800-\udfff]/g, '')))
          .join('/');
        const query = new URLSearchParams([
          ['timeout', '0'],
          ...parameters.filter(([name]) => name !== 'timeout'),
        ]);
        const asked = path.includes('wait') ? query : new URLSearchParams(parameters);
        const response = await sandbox.api(`${path}?${asked.toString()}`, {
          method,
          ...(body === null || method === 'GET'
            ? {}
            : { body, headers: { 'content-type': 'application/json' } }),
        });
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
});

it('validates a rule without storing it, and changes the order of rules', async () => {
  const post = <T>(path: string, body: unknown): Promise<T> =>
    sandbox.json<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { errors } = await post<RuleCheck>('rules/check', { on: 'lunch', then: { reject: '550 no' } });
  expect(errors.map(({ path }) => path)).toEqual(['on']);
  const good = { on: 'rcpt', then: { reject: '550 no' } };
  expect(await post('rules/check', good)).toEqual({ errors: [] });
  expect((await sandbox.json<RuleList>('rules')).rules).toEqual([]);
  const first = await post<Rule>('rules', good);
  const second = await post<Rule>('rules', good);
  const { rules } = await post<RuleList>('rules/order', { ids: [second.id, first.id] });
  expect(rules.map(({ id }) => id)).toEqual([second.id, first.id]);
  const unknown = await sandbox.api('rules/order', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"ids": ["nobody"]}',
  });
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).toContain('nobody');
});

it('answers GET /api with pointers to the documents, and points to them for an unknown call', async () => {
  for (const path of ['api', 'api/']) {
    const response = await fetch(new URL(path, sandbox.url));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ docs: '/api/docs', openapi: '/api/openapi.json' });
  }
  const page = await fetch(new URL('api', sandbox.url), { headers: { accept: 'text/html' } });
  expect([new URL(page.url).pathname, page.status]).toEqual(['/api/docs', 200]);
  const unknown = await sandbox.api('mesages?limit=1');
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ detail: 'GET /api/mesages: see /api/docs' });
});

it('serves the certificate of the local authority, and says why there is none', async () => {
  const none = await sandbox.api('ca.crt');
  expect(none.status).toBe(404);
  expect(await none.json()).toMatchObject({ detail: expect.stringContaining('--tls auto') });
  const secure = await startTestSandbox({ tls: 'auto' });
  const response = await secure.api('ca.crt');
  expect(response.headers.get('content-type')).toBe('application/x-x509-ca-cert');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="restante-ca.crt"');
  const ca = await response.text();
  expect(new X509Certificate(ca).subject).toContain('Restante local authority');
  expect(ca).not.toContain('PRIVATE');
  const port = Number(
    new URL(secure.sandbox.endpoints.find(({ protocol }) => protocol === 'https')!.url).port,
  );
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
});
