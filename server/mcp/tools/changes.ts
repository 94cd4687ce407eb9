/** The tools that set faults by rules, and that delete messages. */
import Type from 'typebox';
import { ProblemError } from '../../../contract/problems.ts';
import { presentRule } from '../../service/present/rule.ts';
import { readScope } from '../../service/scope.ts';
import { ALL, accountName, type MessageId } from '../../store/ids.ts';
import { textContent } from '../call.ts';
import type { McpDeps } from '../deps.ts';
import { defineTool } from '../tool.ts';
import { inbox, query } from './shared.ts';

const RuleOutcome = Type.Object({ id: Type.String(), name: Type.String() });
const ofInbox = Type.String({ description: 'Address, or "all"' });

/** Adds a rule for the mail of one inbox; for the account `all`, a rule for all mail. */
async function addRule({ capture }: McpDeps, account: string, rule: Readonly<Record<string, unknown>>) {
  const name = accountName(account);
  const stored = presentRule(await capture.rules.put({ ...rule, account: name === ALL ? null : name }));
  return {
    content: [textContent(`Rule ${stored.id} applies to mail for ${name}.`)],
    structured: { id: stored.id, name: stored.name },
  };
}

export const setRule = defineTool({
  name: 'set_rule',
  title: 'Set a rule',
  description:
    'Simulates a fault for an inbox, e.g. rule {"on":"rcpt","then":{"reject":"451 4.7.1 Later"},"times":2}; see restante://docs/rules',
  input: Type.Object({ inbox: ofInbox, rule: Type.Record(Type.String(), Type.Unknown()) }),
  output: RuleOutcome,
  effects: {},
  run: ({ inbox: account, rule }, _call, deps) => addRule(deps, account, rule),
});

export const scriptReplies = defineTool({
  name: 'script_replies',
  title: 'Script replies',
  description:
    'Answers the next deliveries to an inbox with these replies in turn, e.g. ["451 4.7.1 Later","accept"].',
  input: Type.Object({ inbox: ofInbox, replies: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }) }),
  output: RuleOutcome,
  effects: {},
  run: ({ inbox: account, replies }, _call, deps) =>
    addRule(deps, account, {
      on: 'rcpt',
      name: `script ${replies.map((reply) => reply.slice(0, 3)).join(', ')}`,
      script: replies,
    }),
});

const Count = Type.Object({ count: Type.Integer() });

export const clearRules = defineTool({
  name: 'clear_rules',
  title: 'Clear rules',
  description: 'Removes the rules of an inbox; for "all", every rule.',
  input: Type.Object({ inbox: ofInbox }),
  output: Count,
  effects: { destroys: true },
  async run({ inbox: account }, _call, { capture }) {
    const name = accountName(account);
    const count = await capture.rules.clear(name === ALL ? null : name);
    return { content: [textContent(`${count} rules removed.`)], structured: { count } };
  },
});

export const deleteMessages = defineTool({
  name: 'delete_messages',
  title: 'Delete messages',
  description: 'Deletes messages by ids, query or inbox; all=true deletes every message.',
  input: Type.Object({
    inbox,
    ids: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 1000 })),
    query,
    all: Type.Optional(Type.Boolean()),
  }),
  output: Count,
  effects: { destroys: true },
  async run({ inbox: account = '', ids, query: words = '', all = false }, _call, { store }) {
    const scope = readScope({ account, query: words });
    const isScoped = scope.account !== ALL || words.trim() !== '';
    if (ids === undefined && !isScoped && !all) {
      throw new ProblemError(
        'scope',
        'The call selects no messages: give ids, a query or an inbox, or all=true for every message',
      );
    }
    if (ids !== undefined && words.trim() !== '')
      throw new ProblemError('scope', 'Give ids or a query, not both');
    const count =
      ids === undefined
        ? await store.messages.removeMatching(scope)
        : await store.messages.remove(ids as MessageId[], scope.account);
    return {
      content: [textContent(`${count} messages deleted from ${scope.account}.`)],
      structured: { count },
    };
  },
});
