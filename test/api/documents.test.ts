/** Tests the description of the API, and that invalid requests never cause an internal error. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import tls from 'node:tls';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
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
  readonly tags: readonly { readonly name: string }[];
  readonly security: readonly object[];
  readonly paths: Record<string, Record<string, OpenApiOperation>>;
  readonly components: {
    readonly schemas: Record<string, Record<string, unknown>>;
    readonly responses: Record<string, { readonly description: string; readonly content: object }>;
    readonly securitySchemes: Record<string, object>;
  };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly responses: Record<string, { description?: string; $ref?: string }>;
}

const operationsOf = ({ paths }: OpenApi): OpenApiOperation[] =>
  Object.values(paths).flatMap((methods) => Object.values(methods));

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
      'GET /api/messages/codes',
      'GET /api/messages/wait',
      'GET /api/messages/{id}',
      'GET /api/messages/{id}/checks',
      'GET /api/messages/{id}/checks/{check}',
      'GET /api/messages/{id}/html',
      'GET /api/messages/{id}/parts/{part}',
      'GET /api/messages/{id}/picture',
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
      'PATCH /api/relay/allow',
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
      'POST /api/undo/{token}',
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
      expect(failure, `${method} ${path}`).toEqual({ $ref: '#/components/responses/AnyProblem' });
      expect(Object.keys(results)).toEqual(
        expect.arrayContaining(['400', '401', '403', '421', '500', '503']),
      );
      const successes = Object.entries(results).filter(([status]) => Number(status) < 400);
      expect(successes.length, `${method} ${path}`).toBeGreaterThan(0);
      for (const [, { description }] of successes) expect(description, `${method} ${path}`).toBeTruthy();
    }
  }
  const named = [...String(components.schemas['Problem']?.['description']).matchAll(/^- `([a-z-]+)`/gm)];
  expect(named.map(([, code]) => code)).toEqual(problemCodes);
  expect(paths['/api/messages/wait']?.['get']?.responses['404']).toEqual({
    $ref: '#/components/responses/NoMatch',
  });
  expect(components.responses['NoMatch']?.content).toEqual({
    'application/problem+json': { schema: { $ref: '#/components/schemas/WaitTimeout' } },
  });
});

it('gives every operation a name and a group, and every object a name', async () => {
  const document = await sandbox.json<OpenApi>('openapi.json');
  const operations = operationsOf(document);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  const groups = document.tags.map(({ name }) => name);
  for (const { operationId, tags } of operations) {
    expect(operationId).toMatch(/^[a-z][a-zA-Z]+$/);
    expect(groups).toEqual(expect.arrayContaining([...tags]));
    expect(tags).toHaveLength(1);
  }
  expect(document.security).toEqual([{}, { basic: [] }]);
  expect(document.components.securitySchemes['basic']).toMatchObject({ type: 'http', scheme: 'basic' });
  const nameless: string[] = [];
  const visit = (value: unknown, path: string, isComponent: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!isComponent && 'type' in value && value.type === 'object' && 'properties' in value)
      nameless.push(path);
    for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`, path.endsWith('allOf'));
  };
  visit(document.paths, 'paths', false);
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(schema, name, true);
  expect(nameless).toEqual([]);
});

it('has no member that is a boolean constant, which some generators initialise with a text', async () => {
  const document = await sandbox.json<{ components: { schemas: Record<string, unknown> } }>('openapi.json');
  const constants: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (path.endsWith('/properties') && (inner as { const?: unknown }).const === true)
        constants.push(`${path}/${key}`);
      visit(inner, `${path}/${key}`);
    }
  };
  visit(document, '');
  expect(constants).toEqual([]);
});

it('refers only to components that exist, and is smaller than 120 KB', async () => {
  const text = await (await sandbox.api('openapi.json')).text();
  expect(Buffer.byteLength(text)).toBeLessThan(120_000);
  const document = JSON.parse(text) as object;
  const targets = new Set([...text.matchAll(/"#\/([^"]+)"/g)].map(([, target = '']) => target));
  const missing = [...targets].filter((target) => {
    let found: unknown = document;
    for (const key of target.split('/')) found = (found as Record<string, unknown> | undefined)?.[key];
    return found === undefined;
  });
  expect(missing).toEqual([]);
});

it('has examples that the schemas accept', async () => {
  const { components } = await sandbox.json<OpenApi>('openapi.json');
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  ajv.addSchema({ $id: 'document', components });
  const examples = Object.entries(components.schemas).flatMap(([name, { examples: given }]) =>
    ((given ?? []) as unknown[]).map((example) => [name, example] as const),
  );
  expect(examples.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Compose', 'MintAccount', 'Marks', 'RuleInput', 'Summary', 'Problem']),
  );
  for (const [name, example] of examples) {
    const validate = ajv.getSchema(`document#/components/schemas/${name}`)!;
    expect([name, validate(example), validate.errors]).toEqual([name, true, null]);
  }
});

it('permits and excludes the values of members with several types', async () => {
  const { components } = await sandbox.json<OpenApi>('openapi.json');
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  ajv.addSchema({ $id: 'document', components });
  const accepts = (schema: string, value: unknown): boolean =>
    ajv.getSchema(`document#/components/schemas/${schema}`)!(value) as boolean;
  const address = { name: 'Ann', address: 'a@x.test' };
  for (const value of ['a@x.test', address, ['a@x.test', address], null]) {
    expect(accepts('AddressesInput', value), JSON.stringify(value)).toBe(true);
  }
  for (const value of [1, true, { name: 'Ann' }, [1], [null]]) {
    expect(accepts('AddressesInput', value), JSON.stringify(value)).toBe(false);
  }
  const ruleWith = (nth: unknown) => ({ on: 'rcpt', nth });
  for (const nth of [2, [1, 3], null]) expect(accepts('RuleInput', ruleWith(nth))).toBe(true);
  for (const nth of ['2', 1.5, [1.5], true]) expect(accepts('RuleInput', ruleWith(nth))).toBe(false);
  expect(accepts('RuleActions', { accept: true })).toBe(true);
  expect(accepts('RuleActions', { accept: false })).toBe(false);
});

it('has a page that shows the API without resources of other hosts', async () => {
  const page = await (await sandbox.api('docs')).text();
  expect(page).toContain('/api/messages/wait');
  expect(page).not.toMatch(/<script|src=|https?:\/\//);
  // The page shows code in the descriptions as `code` elements, and not in backticks.
  expect(page).toContain('<code>latest</code>');
  expect(page).not.toContain('`');
});

it('returns information, probes and metrics', async () => {
  const info = await sandbox.json<Info>('info');
  expect(info).toMatchObject({
    name: 'restante',
    relay: { mode: 'off' },
    store: { location: expect.stringMatching(/^(?:memory$|postgres:)/) as string },
  });
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
  expect(made.address).toBe(made.name);
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
  // Clients in typed languages send null for members that were not set.
  const unset = { ...good, nth: null, expiresIn: null, then: { ...good.then, tag: null, bounce: null } };
  expect(await post('rules/check', unset)).toEqual({ errors: [] });
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
