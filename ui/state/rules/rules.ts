/**
 * The list of rules. It is loaded again when a rule changes, and at a regular interval to update the number of times
 * that each rule fired.
 */
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core';
import { shallowRef, watch } from 'vue';
import type { Rule, RuleInput } from '../../../contract/index.ts';
import { client, wordsOf } from '../../client.ts';
import { writtenRule } from '../../model/rules/rule-templates.ts';
import { strings as s } from '../../strings.ts';
import { recordChanges } from '../shared/record-changes.ts';
import { notify } from '../shared/toasts.ts';

/**
 * The time between two requests for the rules, in milliseconds. The rules are requested regularly, because no
 * event reports that a rule fired.
 */
const LOOK = 2000;

/**
 * Loads the rules, and updates them while the calling component exists. The returned rules are null before
 * the first response.
 */
export function useRules() {
  const rules = shallowRef<readonly Rule[] | null>(null);
  const failure = shallowRef('');
  const visibility = useDocumentVisibility();
  async function load(): Promise<void> {
    try {
      rules.value = (await client.rules()).rules;
      failure.value = '';
    } catch (error) {
      failure.value = wordsOf(error);
    }
  }
  watch(() => recordChanges.rules, load, { immediate: true });
  useIntervalFn(() => visibility.value === 'visible' && void load(), LOOK);
  return { rules, failure, load };
}

async function doing(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    notify(s.rules.failed(wordsOf(error)), { tone: 'danger' });
    return false;
  }
}

export const switchRule = (rule: Rule): Promise<boolean> =>
  doing(() => client.setRule(rule.id, { ...writtenRule(rule), enabled: !rule.enabled }));

/** Deletes a rule. A notice offers to restore the rule, which is then added at the end of the list. */
export async function removeRule(rule: Rule): Promise<void> {
  if (!(await doing(() => client.removeRule(rule.id)))) return;
  notify(s.rules.removed(rule.name), {
    action: { label: s.undo, run: () => void doing(() => client.setRule(rule.id, writtenRule(rule))) },
  });
}

/** Moves a rule up or down in the order of the stored rules; rules from the rules file do not move. */
export async function moveRule(rules: readonly Rule[], { id }: Rule, by: -1 | 1): Promise<void> {
  const ids = rules.filter(({ source }) => source === 'store').map((rule) => rule.id);
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return;
  ids.splice(to, 0, ...ids.splice(from, 1));
  await doing(() => client.orderRules(ids));
}

/**
 * Saves a rule: creates it if `id` is null, otherwise replaces the rule with this id.
 * @throws RestanteError if the server refuses the rule
 */
export const saveRule = (rule: RuleInput, id: string | null): Promise<Rule> =>
  id === null ? client.addRule(rule) : client.setRule(id, rule);
