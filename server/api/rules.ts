/** The API calls for rules. A changed rule applies to sessions in progress from their next command on. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { ALL, accountName } from '../store/ids.ts';
import { tryRules } from '../service/rule-trial.ts';
import {
  BulkOutcome,
  NoContent,
  ClearRulesQuery,
  Rule,
  RuleCheck,
  RuleExplanations,
  RuleInput,
  RuleList,
  RuleOrder,
  RulesQuery,
  RuleTrial,
} from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { presentRule } from '../service/present/rule.ts';
import { badRequest, notFound, ProblemError } from '../../contract/problems.ts';
import { validatorCompiler } from './validation.ts';

const RuleId = Type.Object({ id: Type.String() });

/** Members that the server adds to a stored rule; clients may submit them, but cannot change them. */
const SHOWN_ONLY = ['hits', 'lastHitAt', 'failure', 'active', 'source'];

/** The body of a call whose result lists the mistakes in a rule. */
const AnyRule = Type.Object({}, { $id: 'AnyRule', description: 'A rule, which need not be valid.' });

/** Members that may be null, which means the same as absent: generated clients send null for a member that is not set. */
const NULLABLE = ['then', 'nth', 'probability', 'seed', 'expiresAt', 'expiresIn'];

/** Returns the paths of members that are null although the schema of a rule excludes null. */
function unsetPaths(body: unknown): readonly string[] {
  if (!isObject(body)) return [];
  const when = 'when' in body && isObject(body.when) ? body.when : {};
  const nulls = (of: object): string[] =>
    Object.entries(of).flatMap(([name, value]) => (value === null ? [name] : []));
  const accepted = ['account', ...SHOWN_ONLY, ...NULLABLE];
  return [
    ...nulls(body).filter((name) => !accepted.includes(name)),
    ...nulls(when)
      .filter((name) => !NULLABLE.includes(name))
      .map((name) => `when.${name}`),
  ];
}

const NOT_NULL = 'must not be null: omit the member';

/** Returns the rule of a body without the members that have no meaning in a new rule. */
function written(body: unknown): unknown {
  if (!isObject(body)) return body;
  const members = Object.entries(body).filter(
    ([name, value]) => !SHOWN_ONLY.includes(name) && !(value === null && NULLABLE.includes(name)),
  );
  return Object.fromEntries(
    members.map(([name, value]) => [
      name,
      name === 'then' || name === 'script' ? withoutNulls(value) : value,
    ]),
  );
}

/** Returns the rule of a body that is to be stored; throws a problem if a member is null that must not be null. */
function stored(body: unknown): unknown {
  const [path] = unsetPaths(body);
  if (path !== undefined) throw badRequest(`${path}: ${NOT_NULL}`, [{ path, message: NOT_NULL }]);
  return written(body);
}

/** Removes the actions that are null from a step of a rule, or from each step of a list. */
function withoutNulls(step: unknown): unknown {
  if (Array.isArray(step)) return step.map(withoutNulls);
  if (!isObject(step)) return step;
  return Object.fromEntries(Object.entries(step).filter(([, action]) => action !== null));
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema that accepts any object as the body of a request that contains a rule. */
function anyObject(body: unknown): { value: unknown } {
  if (!isObject(body)) throw badRequest('The body must be a rule: a JSON object');
  return { value: body };
}

export const ruleRoutes =
  ({ store, capture }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { rules } = capture;
    // The rule in the body is not validated by its schema, because the errors of the rules engine describe the
    // mistakes more clearly.
    const asWritten: typeof validatorCompiler = (route) =>
      route.httpPart === 'body' ? anyObject : validatorCompiler(route);

    app.get(
      '/rules',
      {
        schema: {
          operationId: 'listRules',
          tag: 'Rules',
          summary: 'List rules in the order of their evaluation',
          querystring: RulesQuery,
          response: { 200: RuleList },
        },
      },
      async ({ query: { account } }) => {
        await rules.refresh();
        const shown = rules.list().map(presentRule);
        const name = account === undefined ? undefined : accountName(account);
        return { rules: name === undefined ? shown : shown.filter((rule) => rule.account === name) };
      },
    );

    app.post(
      '/rules',
      {
        schema: {
          operationId: 'addRule',
          tag: 'Rules',
          summary: 'Add a rule after the others',
          problems: ['rule', 'exists', 'unwritable'],
          body: RuleInput,
          response: { 201: Rule },
        },
        validatorCompiler: asWritten,
      },
      async ({ body }, reply) => {
        const { id } = body;
        if (typeof id === 'string' && rules.get(id) !== undefined) {
          throw new ProblemError('exists', `There is already a rule with the id ${id}: change it with PUT`);
        }
        return reply.code(201).send(presentRule(await rules.put(stored(body))));
      },
    );

    app.get(
      '/rules/:id',
      {
        schema: {
          operationId: 'getRule',
          tag: 'Rules',
          summary: 'Get a rule',
          problems: ['not-found'],
          params: RuleId,
          response: { 200: Rule },
        },
      },
      async ({ params }) => {
        await rules.refresh();
        const rule = rules.get(params.id);
        if (rule === undefined) throw notFound(`There is no rule ${params.id}`);
        return presentRule(rule);
      },
    );

    app.put(
      '/rules/:id',
      {
        schema: {
          operationId: 'setRule',
          tag: 'Rules',
          summary: 'Replace a rule, or add one with this id; its counters are reset',
          problems: ['rule', 'file-rule', 'unwritable'],
          params: RuleId,
          body: RuleInput,
          response: { 200: Rule },
        },
        validatorCompiler: asWritten,
      },
      async ({ params: { id }, body }) => {
        const rule = stored(body);
        if (body.id !== undefined && body.id !== id)
          throw badRequest(
            `The id in the body, ${body.id}, differs from the id in the URL, ${id}: change or omit the id in the body`,
          );
        return presentRule(await rules.put(rule, id));
      },
    );

    app.delete(
      '/rules/:id',
      {
        schema: {
          operationId: 'deleteRule',
          tag: 'Rules',
          summary: 'Remove a rule',
          problems: ['not-found', 'file-rule', 'unwritable'],
          params: RuleId,
          response: { 204: NoContent },
        },
      },
      async ({ params }, reply) => {
        if (!(await rules.remove(params.id))) throw notFound(`There is no rule ${params.id}`);
        return reply.code(204).send(null);
      },
    );

    app.delete(
      '/rules',
      {
        schema: {
          operationId: 'deleteRules',
          tag: 'Rules',
          summary: 'Remove the rules of an account, or all',
          problems: ['scope', 'unwritable'],
          querystring: ClearRulesQuery,
          response: { 200: BulkOutcome },
        },
      },
      async ({ query: { account, all } }) => {
        if ((account ?? '').trim() === '' && all !== true) {
          throw new ProblemError(
            'scope',
            'The call selects no rules: give an account, or all=true for all rules',
          );
        }
        const name = account === undefined ? null : accountName(account);
        return { count: await rules.clear(name === ALL ? null : name) };
      },
    );

    app.post(
      '/rules/order',
      {
        schema: {
          operationId: 'orderRules',
          tag: 'Rules',
          summary: 'Change the order in which rules are evaluated',
          problems: ['not-found', 'unwritable'],
          body: RuleOrder,
          response: { 200: RuleList },
        },
      },
      async ({ body }) => {
        await rules.reorder(body.ids);
        await rules.refresh();
        return { rules: rules.list().map(presentRule) };
      },
    );

    app.post(
      '/rules/check',
      {
        schema: {
          operationId: 'checkRule',
          tag: 'Rules',
          summary: 'Validate a rule without storing it',
          body: AnyRule,
          response: { 200: RuleCheck },
        },
        validatorCompiler: asWritten,
      },
      async ({ body }) => ({
        errors: [
          ...unsetPaths(body).map((path) => ({ path, message: NOT_NULL })),
          ...rules.check(written(body)),
        ],
      }),
    );

    app.post(
      '/rules/explain',
      {
        schema: {
          operationId: 'explainRules',
          tag: 'Rules',
          summary:
            'Show which rules would act on a message, and why the others would not; nothing is changed',
          problems: ['not-found'],
          body: RuleTrial,
          response: { 200: RuleExplanations },
        },
      },
      async ({ body }) => ({ rules: await tryRules({ store, capture }, body) }),
    );
  };
